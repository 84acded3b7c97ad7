"""Answers that name a warning sign without its time, and the cautions of urgent entries."""

from datetime import date

import pytest

from chatbot.checking.check import check
from chatbot.checking.red_flags import check_red_flags
from chatbot.checking.style import check_texts
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put

TABLE = """\
- sign: leg-clot
  says: [swollen calf, 'hot, swollen calf']
  care: same-day
  time: [today, at once]
  source: one
- sign: neck-artery
  says: [double vision, a pop, a pop and a gap]
  care: emergency
  time: [now, at once, ambulance, '999']
  source: one
"""
TODAY = date(2026, 11, 23)
CAUTION = "If it is warm and big, too, it may be a clot. See someone today."


def sign(caution=CAUTION, care="same-day", question="Big calf?"):
    written = f"caution: '{caution}'\n" if caution else ""
    return markdown(question, {"Care": "Go [@one]."}, front=f"kind: urgent\ncare: {care}\n{written}")


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "sources.yaml", "sources:\n- id: one\n  title: One\n  verified: true\n")
    put(tmp_path / "red-flags.yaml", TABLE)
    put(tmp_path / "urgent" / "leg-clot.md", sign())
    put(tmp_path / "urgent" / "neck-artery.md", sign("With double vision call an ambulance now.", "emergency", "Neck?"))
    return tmp_path


def problems(folder):
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    return [str(problem).removeprefix(f"{folder}/") for problem in check_red_flags(corpus)]


def put_answer(folder, text, kind="answer"):
    """An entry with a first answer that names nothing, and `text` below a heading in line 9."""
    put(
        folder / "neck" / "turns.md",
        markdown("Turns?", {"Yoga": "Turn.", "Physiotherapy": text}, front=f"kind: {kind}\n"),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Stop for double vision.", "double vision"),
        ("Call 999 if you fall. Stop for double vision. Turn back. Rest now.", "double vision"),
        ("Double **vision** is a sign.", "Double vision"),
        ("A swollen calf, a pop: stop. Rest.", "a pop"),
        ("Stop for double\nvision [@one]. Rest.\n\nNow turn.", "double vision"),
        ("- double vision\n- now and then a cramp", "double vision"),
        ("Stop for double vision: you know why.", "double vision"),
        ("Stop for a pop and a gap.", "a pop and a gap"),
    ],
)
def test_an_answer_that_names_a_sign_without_its_time(folder, text, named):
    put_answer(folder, text)
    problem = (
        f"neck/turns.md:9: warning: the answer of 'Physiotherapy' names {named!r} (neck-artery) without its time; write"
        " one of now, at once, ambulance … in that sentence or the next: its care is emergency"
    )
    assert [each for each in problems(folder) if "leg-clot" not in each] == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "Call 999 for double vision.",
        "Stop for double vision. Call an AMBULANCE.",
        "Get help at\nonce for a pop or a hot, swollen calf.",
        "Stop for a popping sound, a poplar, double visions.",
        "Turn.",
    ],
)
def test_an_answer_that_says_how_soon_or_names_no_sign(folder, text):
    put_answer(folder, text)
    assert problems(folder) == []


def test_each_sign_needs_a_time_of_its_own(folder):
    put_answer(folder, "Stop for a pop or a hot, swollen calf. See someone today.")
    assert [problem.partition(" names ")[2].partition(" without")[0] for problem in problems(folder)] == [
        "'a pop' (neck-artery)"
    ]
    put_answer(folder, "Stop for a hot, swollen calf. Rest.")
    assert problems(folder) == [
        "neck/turns.md:9: warning: the answer of 'Physiotherapy' names 'hot, swollen calf' (leg-clot) without its time;"
        " write one of today, at once in that sentence or the next: its care is same-day"
    ]


def test_a_time_later_than_the_care_of_its_row(folder):
    put(folder / "red-flags.yaml", TABLE.replace("[today, at once]", "[today, next week, later]"))
    assert problems(folder) == [
        "red-flags.yaml:1: warning: 'time' of 'leg-clot' has 'next week', but its care is same-day; leave out what is"
        " later"
    ]
    put(folder / "urgent" / "leg-clot.md", sign(care="routine"))
    put(folder / "red-flags.yaml", TABLE.replace("[today, at once]", "[next week]").replace("same-day", "routine"))
    assert problems(folder) == []


def test_each_sentence_counts(folder):
    put_answer(folder, "Stop for a pop. Rest. Stop for a pop. Rest.\n\nStop for a pop.")
    assert len(problems(folder)) == 3


def test_only_ordinary_answers_are_held_to_the_table(folder):
    put_answer(folder, "Stop for double vision.", kind="small-talk")
    put(folder / "urgent" / "leg-clot.md", sign().replace("Go", "Stop for double vision"))
    assert problems(folder) == []


def test_without_a_table_no_answer_is_held_to_it(folder):
    put_answer(folder, "Stop for double vision.")
    (folder / "red-flags.yaml").unlink()
    assert problems(folder) == []


def test_every_urgent_entry_has_a_row(folder):
    put(folder / "urgent" / "fracture.md", sign(question="Crack?"))
    assert problems(folder) == [
        "red-flags.yaml:1: warning: no row for the urgent entry 'fracture'; add one that says how answers name its sign"
    ]


@pytest.mark.parametrize(
    ("caution", "problem"),
    [
        (
            "",
            "1: warning: no 'caution'; write in one or two sentences what makes it this sign, and what to do then and"
            " how soon",
        ),
        ("Is it warm? If it is big: help. Go today.", "5: warning: 'caution' has 3 sentences; write 2 at most"),
        ("If it is warm, see a doctor tomorrow.", "5: warning: 'caution' does not say how soon; write now or today"),
        ("If it is big, see a doctor this week.", "5: warning: 'caution' does not say how soon; write now or today"),
        ("If it is big, help nowadays.", "5: warning: 'caution' does not say how soon; write now or today"),
        (
            "Most calves are fine. See a doctor today.",
            "5: warning: 'caution' does not say what makes it this sign; write it after 'if', 'when', 'with' or"
            " 'after'",
        ),
        (
            "If it is warm, rest it now.",
            "5: warning: 'caution' does not say whom to turn to, as an ambulance, a doctor or help; write it",
        ),
        (
            # 0.39 * 6 + 11.8 * 15 / 6 - 15.59: of 1 + 3 + 4 + 3 + 2 + 2 syllables.
            "With immediate medical attention: doctor today.",
            "5: warning: 'caution' reads at grade 16.2; shorten sentences and words, to 8 or below",
        ),
    ],
)
def test_each_rule_for_a_caution(folder, caution, problem):
    put(folder / "urgent" / "leg-clot.md", sign(caution))
    assert problems(folder) == [f"urgent/leg-clot.md:{problem}"]


@pytest.mark.parametrize(
    ("caution", "care"),
    [
        ("If warm, see someone TODAY.", "same-day"),
        ("Call the TEAM now when it is big!", "same-day"),
        ("After a fall go this week. A clinic will help.", "routine"),
    ],
)
def test_cautions_that_keep_the_rules(folder, caution, care):
    (folder / "red-flags.yaml").unlink()
    put(folder / "urgent" / "leg-clot.md", sign(caution, care))
    assert problems(folder) == []


def test_the_caution_of_an_emergency_says_now(folder):
    put(folder / "urgent" / "neck-artery.md", sign("With double vision get help today.", "emergency", "Neck?"))
    assert problems(folder) == ["urgent/neck-artery.md:5: warning: 'caution' does not say how soon; write now"]


def test_without_sources_no_caution_is_asked_for(folder):
    for name in ("sources.yaml", "red-flags.yaml"):
        (folder / name).unlink()
    put(folder / "urgent" / "neck-artery.md", sign("", "emergency", "Neck?").replace(" [@one]", ""))
    put(folder / "urgent" / "leg-clot.md", sign("").replace(" [@one]", ""))
    assert problems(folder) == []


def test_a_source_that_only_the_table_names_must_be_verified(folder):
    put(folder / "sources.yaml", "sources:\n- id: one\n  title: One\n  verified: true\n- id: two\n  title: Two\n")
    put(folder / "red-flags.yaml", TABLE.replace("source: one\n- sign: neck", "source: two\n- sign: neck"))
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    found = [str(each).removeprefix(f"{folder}/") for each in check_texts(corpus, TODAY) if "sources.yaml" in each.file]
    assert found == ["sources.yaml:5: the source 'two' is cited but not verified; check it against its record"]


def test_of_sources_that_cannot_be_read_nothing_is_said(folder):
    put(folder / "sources.yaml", "sources: none\n")
    assert [str(each) for each in check_texts(read_corpus(folder), TODAY) if "sources.yaml" in each.file] == []


def test_check_runs_these_and_leaves_out_what_follows_from_an_error(folder):
    put_answer(folder, "Stop for double vision.")
    put(folder / "urgent" / "fracture.md", sign(question="Crack?"))
    put(folder / "red-flags.yaml", TABLE.replace("care: same-day", "care: soon"))  # no index is built then
    told = "\n".join(map(str, check(folder, folder / "index", TODAY).problems))
    assert "names 'double vision' (neck-artery) without its time" in told
    assert "'care' is 'soon'" in told
    assert "no row for" not in told
