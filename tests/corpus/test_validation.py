"""The rules of one entry, each message with its line."""

from datetime import date

import pytest

from chatbot.corpus.fields import ParsedAnswer, ParsedEntry, ParsedField
from chatbot.corpus.validation import EntryValidator, suggestion
from chatbot.records import Answer, Entry, Source

SOURCE = Source("bandy-1994", "Title")


BREATHE = ParsedAnswer("Yoga", "Breathe.", 20)


def read(values, answers=(BREATHE,), entry_id="x", line=1):
    problems = []
    parsed = ParsedEntry("hips/x.md", line, entry_id, "hips", values, tuple(answers))
    rules = EntryValidator(parsed, {"bandy-1994": SOURCE}, lambda *problem: problems.append(problem))
    entry = rules.entry()
    assert all(severity == "error" for _, _, severity in problems)
    return entry, [(line, message) for line, message, _ in problems]


def question(**values):
    return {"question": ParsedField("Why?", 2), **values}


def test_a_full_urgent_entry():
    entry, problems = read(
        {
            "question": ParsedField(" My\tleg\x1b[31m? ", 2),
            "alternate_questions": ParsedField((("one", 4), (" two ", 5)), 4),
            "look_alikes": ParsedField((("like", 7),), 7),
            "related": ParsedField((("other", 8),), 8),
            "avoid_if": ParsedField("", 9),
            "reviewed": ParsedField("2026-11-22", 10),
            "kind": ParsedField("urgent", 11),
            "care": ParsedField("same-day", 12),
            "caution": ParsedField(" See\tsomeone. ", 13),
        },
        [ParsedAnswer("Yoga", "Breathe [@bandy-1994].", 14)],
    )
    assert problems == []
    assert entry == Entry(
        id="x",
        question="My leg?",
        answers=(Answer("Yoga", "Breathe [@bandy-1994].", (SOURCE,), ()),),
        alternate_questions=("one", "two"),
        look_alikes=("like",),
        related=("other",),
        avoid_if=(),
        reviewed=date(2026, 11, 22),
        kind="urgent",
        care="same-day",
        caution="See someone.",
        topic="hips",
    )


@pytest.mark.parametrize("command", ["again", "back", "more", "forget"])
def test_small_talk_may_have_a_command(command):
    entry, problems = read(question(kind=ParsedField("small-talk", 3), command=ParsedField(command, 4)))
    assert (entry.kind, entry.command, problems) == ("small-talk", command, [])


@pytest.mark.parametrize("written", [{}, {"command": ParsedField("", 4)}])
def test_small_talk_needs_none(written):
    entry, problems = read(question(kind=ParsedField("small-talk", 3), **written))
    assert (entry.command, problems) == (None, [])


def test_a_command_of_another_kind_is_not_kept():
    assert read(question(command=ParsedField("again", 3)))[0].command is None


def test_small_talk_may_say_more_in_the_shell():
    entry, problems = read(question(kind=ParsedField("small-talk", 3), in_shell=ParsedField("`/topics` lists all.", 4)))
    assert (entry.in_shell, problems) == ("`/topics` lists all.", [])
    entry, problems = read(question(in_shell=ParsedField("`/topics` lists all.", 4)))
    told = "only small talk has 'in_shell'; remove it or add `kind: small-talk`"
    assert (entry.in_shell, problems) == ("", [(4, told)])
    entry, problems = read(question(kind=ParsedField("smalltalk", 3), in_shell=ParsedField("x", 4)))
    assert (entry.in_shell, len(problems)) == ("", 1)  # of the kind


def test_of_a_command_of_a_kind_that_was_not_understood_nothing_is_said():
    _, problems = read(question(kind=ParsedField("smalltalk", 3), command=ParsedField("again", 4)))
    assert problems == [(3, "'kind' is 'smalltalk'; it must be one of answer, urgent, small-talk, all-clear")]


def test_who_should_not_follow_it_goes_with_each_answer():
    answers = [ParsedAnswer("A", "x", 5), ParsedAnswer("B", "y", 7)]
    entry, _ = read(question(avoid_if=ParsedField((("surgery", 3), ("pain", 3)), 3)), answers)
    assert [answer.avoid_if for answer in entry.answers] == [("surgery", "pain")] * 2


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (question(alternate=ParsedField("x", 3)), (3, "unknown field 'alternate'")),
        (question(relatd=ParsedField("x", 3)), (3, "unknown field 'relatd'; did you mean 'related'?")),
        (question(related=ParsedField("x", 3)), (3, "'related' must be a list of text, a line each")),
        (question(related=ParsedField(None, 3)), (3, "'related' must be a list of text, a line each")),
        (question(reviewed=ParsedField((("x", 3),), 3)), (3, "'reviewed' must be one line of text")),
        (
            question(alternate_questions=ParsedField((("a", 3), (" \x07", 4)), 3)),
            (4, "an empty line in 'alternate_questions'; remove it"),
        ),
        (
            question(kind=ParsedField("answr", 3)),
            (3, "'kind' is 'answr'; it must be one of answer, urgent, small-talk, all-clear"),
        ),
        (
            question(care=ParsedField("routine", 3)),
            (3, "only urgent entries have 'care'; remove it or add `kind: urgent`"),
        ),
        (
            question(look_alikes=ParsedField((("x", 3),), 3)),
            (3, "only urgent entries have 'look_alikes'; remove it or add `kind: urgent`"),
        ),
        (
            question(caution=ParsedField("See someone.", 3)),
            (3, "only urgent entries have 'caution'; remove it or add `kind: urgent`"),
        ),
        (
            question(caution=ParsedField("See someone.", 3), kind=ParsedField("all-clear", 4)),
            (3, "only urgent entries have 'caution'; remove it or add `kind: urgent`"),
        ),
        (
            question(kind=ParsedField("urgent", 3)),
            (1, "an urgent entry needs `care:` one of emergency, same-day, routine"),
        ),
        (
            question(kind=ParsedField("urgent", 3), care=ParsedField("now", 4)),
            (4, "'care' is 'now'; it must be one of emergency, same-day, routine"),
        ),
        (
            question(command=ParsedField("again", 3)),
            (3, "only small talk has a 'command'; remove it or add `kind: small-talk`"),
        ),
        (
            question(command=ParsedField("again", 3), kind=ParsedField("all-clear", 4)),
            (3, "only small talk has a 'command'; remove it or add `kind: small-talk`"),
        ),
        (
            question(command=ParsedField("agin", 3), kind=ParsedField("small-talk", 4)),
            (3, "'command' is 'agin'; it must be one of again, back, more, forget, about, unsay"),
        ),
        (
            question(reviewed=ParsedField("22.11.2026", 3)),
            (3, "'reviewed' is '22.11.2026'; write the day as 2026-11-22"),
        ),
        (
            question(reviewed=ParsedField("2026-02-30", 3)),
            (3, "'reviewed' is '2026-02-30'; write the day as 2026-11-22"),
        ),
    ],
)
def test_a_wrong_field_is_named_and_the_entry_stands(values, problem):
    entry, problems = read(values)
    assert problems == [problem]
    assert entry is not None


@pytest.mark.parametrize("values", [{}, {"question": ParsedField("", 2)}, {"question": ParsedField("\x00 ", 2)}])
def test_no_question(values):
    assert read(values) == (None, [(1, "no question; add a line `question: …`")])


@pytest.mark.parametrize(
    ("entry_id", "problem"),
    [
        ("", "no id; write one"),
        (" \t", "no id; write one"),
        ("a\nb", "the id 'a\\nb' has control characters or line breaks; remove them"),
        ("a\tb", "the id 'a\\tb' has control characters or line breaks; remove them"),
        ("a\u2028b", "the id 'a\\u2028b' has control characters or line breaks; remove them"),
        ("a\x1b[2Jb", "the id 'a\\x1b[2Jb' has control characters or line breaks; remove them"),
        ("a\udcffb", "the id 'a\\udcffb' has control characters or line breaks; remove them"),
        (" a", "the id ' a' begins or ends with a blank; remove it"),
        ("a ", "the id 'a ' begins or ends with a blank; remove it"),
        ("x" * 101, "101 characters in an id; at most 100: shorten it"),
    ],
)
def test_k22_an_id_that_is_none(entry_id, problem):
    assert read(question(), entry_id=entry_id, line=7) == (None, [(7, problem)])


@pytest.mark.parametrize(
    "written",
    ["Q-001", "Upper", "../x", "a  b", "-x", ".x", "é", "häufige Fragen 3", "問1", "1", "a/b", "x" * 100, "¿?"],
)
def test_k22_an_id_is_one_line_of_any_text(written):
    entry, problems = read(question(), entry_id=written)
    assert (entry.id, problems) == (written, [])


def test_no_answer():
    assert read(question(), []) == (None, [(1, "no answer; add a `## Viewpoint` heading with the text below it")])


def test_an_empty_answer_and_a_heading_without_a_viewpoint():
    answers = [
        ParsedAnswer("Yoga", " \n ", 5),
        ParsedAnswer("", "Text.", 8),
        ParsedAnswer("Cited", "[@bandy-1994]", 11),
    ]
    entry, problems = read(question(), answers)
    assert problems == [
        (5, "the answer of 'Yoga' is empty; write it or remove the heading"),
        (8, "a heading without a viewpoint; write who speaks, as in `## Physiotherapy`"),
        (11, "the answer of 'Cited' is empty; write it or remove the heading"),
    ]
    assert [answer.text for answer in entry.answers] == ["Text."]


def test_a_citation_without_a_source_is_named_by_its_line():
    answers = [ParsedAnswer("Yoga", "One [@bandy-1994].\nTwo [@bandy-1995; @nobody].", 10)]
    entry, problems = read(question(), answers)
    assert problems == [
        (12, "cites the unknown source 'bandy-1995'; did you mean 'bandy-1994'?"),
        (12, "cites the unknown source 'nobody'; add it to sources.yaml"),
    ]
    assert entry.answers[0].sources == (SOURCE,)


def test_what_no_person_writes_has_an_end():
    values = {
        "question": ParsedField("w" * 1001, 2),
        "alternate_questions": ParsedField((("x" * 400_000, 4),), 3),
        "related": ParsedField((("other", 5),) * 1001, 5),
    }
    entry, problems = read(values, [BREATHE] * 101)
    assert problems == [
        (2, "1,001 characters in 'question'; at most 1,000: shorten it"),
        (4, "400,000 characters in 'alternate_questions'; at most 1,000: shorten it"),
        (5, "1,001 related; at most 1,000: split the entry"),
        (1, "101 answers; at most 100: split the entry"),
    ]
    assert (len(entry.question), len(entry.related), len(entry.answers)) == (1000, 1000, 100)
    _, problems = read({"question": ParsedField("w" * 1000, 2)}, [BREATHE] * 100)
    assert problems == []
    half = ParsedAnswer("Yoga", "b" * 50_000, 9)
    assert read(question(), [half, half])[1] == []
    long = ParsedAnswer("Yoga", "b" * 50_001, 9)
    assert read(question(), [half, long]) == (
        None,
        [(1, "100,001 characters of answers; at most 100,000: split the entry")],
    )


def test_suggestions():
    assert suggestion("relatd", ["related", "reviewed"]) == "; did you mean 'related'?"
    assert suggestion("ID", ["id", "topic"]) == "; did you mean 'id'?"
    assert suggestion("colour", ["related", "reviewed"]) == ""
