import pytest

from tests.figures.poses import LIFT, read

BRACKETS = "let each [ have its ], and each { its }"
COMMA = "put a comma before each field within the braces"


def test_a_pose_is_read():
    pose, told = read(LIFT)
    assert told == []
    assert pose.title == "Raise one knee"
    assert [step.feel for step in pose.steps] == [(), ("glute.R",)]
    assert pose.steps[1].joints["hip.R.flex"] == 90
    assert [contact.point for contact in pose.steps[1].contacts] == ["heel.L", "ball.L"]
    assert pose.steps[1].arrows[0].by == (0.0, 0.2)
    assert pose.must[0][0].words == "hip.R above 75"
    assert pose.props[0].number("x", 0.0) == 1.2


def test_a_joint_without_a_side_is_both_and_a_step_goes_on_from_the_one_before():
    pose, _ = read(LIFT.replace("joints: {}", "joints: {shoulder: [0, 90]}"))
    for side in "LR":
        assert pose.steps[1].joints[f"shoulder.{side}.abduct"] == 90
    assert pose.steps[1].joints["hip.R.flex"] == 90


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ("title: Raise one knee\n", "", 1, "a pose without 'title'; add `title:`"),
        ("view: side", "view: sied", 3, "'sied' is no view; did you mean 'side'?"),
        ("from: standing", "from: standig", 4, "'from' is one of standing, "),
        ("glute.R]", "gluet.R]", 6, "'gluet.R' is no place to feel it; did you mean 'glute.R'?"),
        ("is: wall", "is: wal", 7, "'wal' is no prop; did you mean 'wall'?"),
        ("x: 1.2", "x: near", 7, "'near' is no number; write one in digits, such as 90"),
        ("x: 1.2", "x: .nan", 7, "'.nan' is no number; write"),
        ("x: 1.2", "x: nan", 7, "'nan' is no number; write"),
        ("x: 1.2", "x: [[1]]", 7, "a list or fields in braces stand where one value belongs; write one"),
        ("view: side", "view: ", 3, "a field is empty; write its value, or take the field out"),
        ("x: 1.2", "step: 1.5", 7, "'step' is one of 1, 2, 3, 4, and not '1.5'"),
        ("body: woman", "even: 12", 5, "'even' is one of yes, no, and not '12'"),
        ("body: woman", "trained: Yes", 5, "'trained' is one of yes, no, and not 'Yes'; did you mean 'yes'?"),
        ("    arrows:", "    balance: maybe\n    arrows:", 14, "'balance' is one of yes, no, and not 'maybe'"),
        (
            "[glute.R]",
            "glute.R, glute.L",
            6,
            "'glute.R, glute.L' is no place to feel it; write several in brackets: [g",
        ),
        ("[glute.R]", "[zzz]", 6, "'zzz' is no place to feel it; there are "),
        ("[glute.R]", "[glute.R", 6, f"not valid YAML (did not find expected ',' or ']'); {BRACKETS}"),
        ("x: 1.2}]", "x: 1.2]", 7, f"not valid YAML (did not find expected ',' or '}}'); {BRACKETS}"),
        ("0.1, 0], by", "0.1, 0, by", 14, f"nested more than 8 deep; {BRACKETS}"),
        ("90, knee.R", "90 knee.R", 12, f"not valid YAML (did not find expected ',' or '}}'); {COMMA}"),
        ("hip.R.flex: 90", "hip.R.flex: ninety", 12, "'ninety' is no number; write one in digits, such as 90"),
        ("hip.R.flex: 90", "hip.R.flex: ", 12, "hip.R.flex has no angle; write its degrees, or take it out"),
        ("hip.R.flex: 90", "zzz: 90", 12, "'zzz' is no joint; there are "),
        ("heel.R: floor", "heel.R: flor", 10, "'flor' is no thing of this pose"),
        ("heel.R: floor", "heal.R: floor", 10, "'heal.R' is no point of the body; did you mean 'heel.R'?"),
        ("hip.R.flex: 90", "hip.R.flex: 190", 12, "hip.R.flex goes from -30 to 135, not to 190"),
        ("hip.R.flex: 90", "hipp.R.flex: 90", 12, "'hipp.R.flex' is no joint; did you mean 'hip.R.flex'?"),
        ("hip.R.flex: 90", "knee: [1, 2]", 12, "knee has 1 angles, not 2"),
        ("by: [0, 0.2]", "by: [0.2]", 14, "2 numbers are needed here, not 1"),
        ("hip.R above 75", "hip.R over 75", 16, "'hip.R over 75' is no statement"),
        ("hip.R above 75", "hipp.R above 75", 16, "'hipp.R' is no angle; did you mean 'hip.R'?"),
        ("feel: []", "fell: []", 11, "'fell' is not a field of a step; did you mean 'feel'?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(written, instead, line, told):
    assert written in LIFT
    pose, problems = read(LIFT.replace(written, instead, 1))
    assert pose is None
    assert [(problems[0][0], problems[0][2])] == [(line, "error")]
    assert problems[0][1].startswith(told)


def test_what_is_no_list_of_fields_is_told():
    assert read("nothing")[1] == [(1, "a pose is a list of `field: value` lines; begin with `title:`", "error")]
    assert read("title: [")[0] is None
