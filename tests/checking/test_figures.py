"""What a check says of poses and their drawings."""

import pytest

from chatbot.checking.figures import check_figures
from chatbot.corpus.reader import read_corpus
from chatbot.figures.draw import draw_file
from tests.builders import markdown, put
from tests.figures.poses import LIFT


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "legs/knees.md", markdown("Raise a knee?", {"": "Yes."}, ["lift a knee"], "figures: [lift]\n"))
    put(tmp_path / "figures/lift.yaml", LIFT)
    assert draw_file(tmp_path / "figures/lift.yaml") == []
    return tmp_path


def found(folder):
    return [(problem.line, problem.severity, problem.message) for problem in check_figures(read_corpus(folder))]


def test_a_good_figure_has_nothing_to_mend(folder):
    assert found(folder) == []


def test_a_pose_that_changed_is_to_be_drawn(folder):
    put(folder / "figures/lift.yaml", LIFT.replace("flex: 90", "flex: 80"))
    message = "the pose is not drawn as it stands; draw it from its pose: python scripts/draw_figures.py lift"
    assert found(folder) == [(1, "error", message)]


def test_a_pose_that_cannot_be_read_is_told_by_its_line(folder):
    put(folder / "figures/lift.yaml", LIFT.replace("is: wall", "is: wal"))
    ((line, severity, message),) = found(folder)
    assert (line, severity) == (7, "error")
    assert message.startswith("'wal' is no prop")


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ("hip.R above 75", "hip.R below 5", 16, "not so in the last step: hip.R below 5"),
        ("contacts: {heel.L: floor, ball.L: floor}\n", "contacts: {heel.L: {z: 9}}\n", 12, "step 2: heel.L is"),
    ],
)
def test_a_wrong_drawing_is_told(folder, written, instead, line, told):
    put(folder / "figures/lift.yaml", LIFT.replace(written, instead))
    draw_file(folder / "figures/lift.yaml")
    assert any(place == line and message.startswith(told) for place, _, message in found(folder)), found(folder)


def test_angles_in_a_drawing_that_no_joint_reaches_are_told(folder):
    drawing = folder / "figures/lift.svg"
    text = drawing.read_text(encoding="utf-8")
    put(drawing, text.replace('"angles":[[', '"angles":[[9'))
    assert found(folder) != []


def test_a_figure_that_no_entry_shows_and_a_drawing_without_a_pose_are_warned_of(folder):
    put(folder / "figures/other.yaml", LIFT)
    draw_file(folder / "figures/other.yaml")
    (folder / "figures/lift.yaml").unlink()
    assert sorted(found(folder)) == [
        (1, "warning", "a drawing without its pose; add it, or remove the drawing"),
        (1, "warning", "no entry shows this figure; name it in the `figures` of one"),
    ]
