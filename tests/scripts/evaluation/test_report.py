"""The figures of a set, of outcomes that are made by hand; the first number of a share is looked at."""

from scripts.evaluation.groups import groups
from scripts.evaluation.misses import misses, own_questions_report
from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.questions import Question
from scripts.evaluation.report import report
from scripts.evaluation.table import own_questions_table, table

LONG = " ".join(["word"] * 31)
MIDDLE = " ".join(["word"] * 12)


def outcome(
    action, shown="", *, expected=(), ranked=(), listed=(), caution="", warned=False, seconds=0.0, query="q", **fields
):
    question = Question(query, (tuple(expected),), **fields)
    first = tuple(ranked) or ((shown,) if shown else ())
    return Outcome(question, action, shown, listed, first, 0.5, 0.5, caution, warned, seconds)


def in_scope():
    """Four questions that "a" answers."""
    return [
        outcome("answer", "a", expected="a", style="clean", caution="sign"),
        outcome("answer", "b", expected="a", ranked="bca", style="clean", query=MIDDLE),
        outcome("clarify", expected="a", ranked="bcda", listed=("b", "a"), style="forum", query=LONG),
        outcome("urgent", "sign", expected="a", style="forum", query=LONG),
    ]


def values(row):
    """A row with the first number of each share."""
    return {name: value[0] if isinstance(value, list) and value else value for name, value in row.items()}


def test_a_table_has_rows_for_styles_kinds_and_lengths():
    assert {name: len(of_it) for name, of_it in groups(in_scope()).items()} == {
        "all": 4,
        "clean": 2,
        "forum": 2,
        "under 12 words": 1,
        "12 to 30 words": 1,
        "over 30 words": 2,
    }
    # What all are has no row of its own, and nothing has none.
    assert list(groups([outcome("answer", "a", style="clean", kind="near")])) == ["all"]
    thirty = outcome("answer", "a", query=" ".join(["word"] * 30))
    eleven = outcome("answer", "a", query=" ".join(["word"] * 11))
    assert groups([thirty, eleven])["12 to 30 words"] == [thirty]
    assert groups([thirty, eleven])["under 12 words"] == [eleven]


def test_questions_in_scope_by_style():
    rows = report(in_scope())["in scope"]
    assert values(rows["all"]) == {
        "n": 4,
        "first right": 0.25,
        "first three": 0.5,
        "answered right": 0.25,  # with a caution, which does not make it wrong
        "answered wrong": 0.5,  # an alarm is one
        "right one listed": 0.25,
        "declined": 0,
    }
    assert values(rows["clean"])["answered right"] == 0.5
    assert values(rows["forum"])["first three"] == 0  # it is the fourth
    assert values(rows["over 30 words"])["right one listed"] == 0.5


def test_an_answer_is_right_that_shows_any_expected_entry():
    either = outcome("answer", "b", expected="ab")
    assert values(report([either])["in scope"]["all"])["answered right"] == 1
    assert list(misses([either])) == []


def test_questions_out_of_scope_by_kind():
    rows = report(
        [
            outcome("answer", "a", kind="near"),
            outcome("urgent", "sign", kind="near"),
            outcome("clarify", listed=("a",), kind="near"),
            outcome("no-answer", kind="near", caution="sign"),
            outcome("small-talk", "greeting", kind="chitchat"),
            outcome("small-talk", "greeting", kind="far"),
        ]
    )["out of scope"]
    assert values(rows["all"]) == {"n": 6, "answered": 0.5, "clarified": 0.1667, "declined": 0.3333}
    assert values(rows["near"]) == {"n": 4, "answered": 0.5, "clarified": 0.25, "declined": 0.25}
    # Small talk may answer chitchat, and nothing else.
    assert values(rows["chitchat"])["declined"] == 1
    assert values(rows["far"])["answered"] == 1


def test_answers_to_another_question():
    asked = [
        *in_scope(),  # two answers, one wrong; the alarm is none
        outcome("answer", "c", kind="near"),
        outcome("no-answer", kind="near"),
        outcome("answer", "c", expected_kind="not-urgent"),  # nobody knows whether it is right
    ]
    row = report(asked)["answers given"]["all"]
    assert (row["n"], row["to another question"][0]) == (3, 0.6667)
    # P(at most 2 of 3) = 1 - p³ = 0.05.
    assert row["at most"] == round(0.95 ** (1 / 3), 4)


def test_signs_at_both_levels_and_by_length():
    def sign(*arguments, **fields):
        return outcome(*arguments, expected_kind="urgent", **fields)

    rows = report(
        [
            sign("urgent", "clot", expected=("clot", "joint")),
            sign("urgent", "clot", expected=("stroke",)),
            sign("answer", "a", caution="clot", query=LONG),
            sign("clarify", listed=("a",), query=LONG),
            sign("no-answer", query=LONG),
        ]
    )["signs"]
    assert values(rows["all"]) | {"missed at most": 0} == {
        "n": 5,
        "urgent": 0.4,
        "caution": 0.2,
        "urgent or caution": 0.6,
        "right sign": 0.5,  # of the two whose entry is named
        "missed": 2,
        "missed at most": 0,
    }
    assert (rows["under 12 words"]["n"], rows["under 12 words"]["missed"]) == (2, 0)
    # (1 - p)² = 0.05.
    assert rows["under 12 words"]["missed at most"] == round(1 - 0.05**0.5, 4)
    assert (rows["over 30 words"]["missed"], rows["over 30 words"]["right sign"]) == (2, [])


def test_messages_without_a_sign_at_both_levels():
    rows = report(
        [
            *in_scope(),  # one alarm, one caution
            outcome("urgent", "clot", expected_kind="not-urgent", caution="clot"),  # an alarm is not a caution, too
            outcome("answer", "a", expected_kind="urgent"),
        ]
    )["without a sign"]
    assert values(rows["all"]) == {"n": 5, "urgent": 0.4, "caution": 0.2}
    assert values(rows["forum"]) == {"n": 2, "urgent": 0.5, "caution": 0}


def test_who_is_told_that_something_is_not_for_them():
    figures = report(
        [
            outcome("answer", "a", expected="a", suits=False, warned=True),
            outcome("answer", "a", expected="a", suits=False, warned=True),
            outcome("answer", "a", expected="a", suits=False),
            outcome("answer", "b", expected="a", suits=False, warned=True),  # of something else
            outcome("clarify", expected="a", listed=("a",), suits=False),
            outcome("answer", "a", expected="a", suits=True, warned=True),
            outcome("answer", "a", expected="a", suits=True),
            outcome("no-answer", expected="a", suits=True),
            *in_scope(),  # nobody said what they have
        ]
    )
    assert values(figures["not for them"]["all"]) == {"n": 5, "warned": 0.6, "of those found": 0.6667}
    assert values(figures["for them"]["all"]) == {"n": 3, "warned": 0.3333, "of those found": 0.5}
    assert {"not for them", "for them"}.isdisjoint(report(in_scope()))


def test_messages_of_two_questions():
    def two(action, shown="", listed=()):
        return Outcome(Question("q", (("a", "b"), ("c",))), action, shown, listed)

    rows = report([two("answer", "b"), two("clarify", listed=("c", "b")), two("clarify", listed=("a", "b"))])
    assert values(rows["two questions"]["all"]) == {"n": 3, "neither": 0, "one": 0.6667, "both": 0.3333}
    # As any question, one is answered right by an entry of either.
    assert values(rows["in scope"]["all"])["answered right"] == 0.3333
    assert "two questions" not in report(in_scope())


def test_scores_and_time():
    asked = [outcome("answer", "a", expected="a"), outcome("answer", "b", expected="a", ranked="ba", seconds=0.1)]
    figures = report([*asked, outcome("no-answer", kind="near")])
    # Ranks 1 and 2; of three, one first match is right at a confidence of 0.5.
    assert values(figures["scores"]["all"]) == {"MRR@10": 0.75, "calibration error": 0.1667}
    assert figures["told apart"]["near"]["AUROC, confidence"][0] == 0.5  # all have the same
    assert figures["milliseconds"]["all"] == {
        "median": 0,
        "p95": 90,
    }  # nine tenths of the way from the second of three to the third
    assert figures["questions"] == 3


def test_misses_name_what_was_matched():
    missed = list(
        misses(
            [
                *in_scope(),
                outcome("answer", "a", expected_kind="urgent", caution="clot"),
                outcome("answer", "a", expected_kind="not-urgent"),
            ]
        )
    )
    assert [(miss["kind"], miss["decision"], miss["caution"]) for miss in missed] == [
        ("in scope", "answered wrong", ""),
        ("in scope", "right one listed", ""),
        ("in scope", "urgent", ""),
        ("urgent", "answer", "clot"),
    ]
    assert missed[0]["matched"] == ("b", "c", "a")


def test_own_questions_that_miss_their_entry_are_listed():
    asked = [
        outcome("answer", "a", expected="a"),
        outcome("answer", "a", expected="a", ranked="ba", query="shown, not first"),
        outcome("clarify", expected="a", ranked="ab", listed=("a",), query="first, not shown"),
        outcome("small-talk", "a", expected="a", query="no answer"),
    ]
    figures = own_questions_report(asked)
    assert (figures["questions"], figures["first and answered"][0]) == (4, 0.25)
    assert [miss["query"] for miss in figures["misses"]] == ["shown, not first", "first, not shown", "no answer"]
    lines = own_questions_table(figures).splitlines()
    assert lines[0].startswith("own questions: 4, first and answered 0.250 (")
    assert len(lines) == 4


def test_the_tables_as_text():
    named = outcome("urgent", "clot", expected=("clot",), expected_kind="urgent")
    lines = table("signs.jsonl", report([named, outcome("no-answer", expected_kind="urgent", query=LONG)])).splitlines()
    assert lines[0] == "signs.jsonl: 2 questions"
    at = next(row for row, line in enumerate(lines) if line.startswith("signs "))
    head, every, short, long = lines[at : at + 4]
    assert " ".join(head.split()) == "signs n urgent caution urgent or caution right sign missed missed at most"
    # Half of two: (0.5 + z²/4) / (1 + z²/2) = 0.5, z √(0.125 + z²/16) / (1 + z²/2) = 0.4055.
    assert every.split()[:4] == ["all", "2", "0.500", "(0.095-0.905)"]
    assert short.startswith("under 12 words  1  1.000 (")
    assert long.split()[-3:] == ["-", "1", "1.0"]
    assert head.index("urgent") == every.index("0.500") == short.index("1.000")
