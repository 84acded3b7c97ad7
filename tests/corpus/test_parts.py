"""The table of parts: how each is told, and what trial questions may ask about."""

import pytest

from chatbot.corpus.parts import read_parts
from chatbot.corpus.reader import read_corpus
from chatbot.records import LabelledQuestion, Part
from tests.builders import put, put_lines

STEPS = "- part: steps\n  title: how to do it\n  marks: [numbered]\n"
FEEL = """\
- part: feel
  title: where to feel it
  leads: [Where to feel it, Feel]
  words:
  - feels
  - 'feel #1'
  marks:
  - cited
"""


def read(text):
    problems = []
    parts, whole = read_parts(text, lambda *problem: problems.append(problem))
    assert all(severity == "error" for _, _, severity in problems)
    assert whole or problems or text is None
    return parts, [(line, message) for line, message, _ in problems]


def test_the_rows_of_a_table():
    both = "- part: both\n  title: all\n  marks: [cited, numbered]\n"
    stop = "- part: stop\n  title: when to stop\n  leads: [Stop]\n  marks: [warns]\n"
    parts, problems = read(f"# Parts.\n{STEPS}{FEEL}{both}{stop}")
    assert problems == []
    assert parts == (
        Part("steps", "how to do it", numbered=True),
        Part("feel", "where to feel it", ("Where to feel it", "Feel"), ("feels", "feel #1"), cited=True),
        Part("both", "all", numbered=True, cited=True),
        Part("stop", "when to stop", ("Stop",), warns=True),
    )


NOTHING = "nothing tells this part; give it 'leads', 'words' or 'marks'"


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("- part: feel\n ", "-", (4, "a part without a name; write it behind `part:`, as trial questions name it")),
        ("part: feel", "part:", (4, "a part without a name; write it behind `part:`, as trial questions name it")),
        ("  title: where to feel it\n", "", (4, "a part without 'title'; write what a reply calls it")),
        ("title: where to feel it", "title:", (5, "a part without 'title'; write what a reply calls it")),
        ("- cited", "- sited", (11, "'sited' is no mark of a part; it must be one of numbered, cited, warns")),
        ("- cited", "- Cited", (11, "'Cited' is no mark of a part; it must be one of numbered, cited, warns")),
        ("part: feel", "part: steps", (4, "the part 'steps' stands above; keep one of them")),
        ("words:", "word:", (8, "'word' is not a field of a part; did you mean 'words'?")),
        ("[Where to feel it, Feel]", "Feel", (6, "'leads' must be a list of text, a line each")),
        ("- feels", "- feels #1", (8, "a '#' begins a comment, which leaves 'feels' of the text; put it in quotes")),
        (FEEL, "- feel\n", (4, "a part must have fields: `- part: …` and those below it")),
        (FEEL, "- part: feel\n  title: where\n", (4, NOTHING)),
        (FEEL, "- part: feel\n  title: where\n  marks: [warns]\n", (4, NOTHING)),
        (FEEL, "- part: feel\n  title: where\n  leads: []\n  words:\n", (4, NOTHING)),
    ],
)
def test_each_problem_of_a_row(written, instead, problem):
    assert FEEL.count(written) == 1
    parts, problems = read(STEPS + FEEL.replace(written, instead))
    assert problems == [problem]
    assert parts[0] == Part("steps", "how to do it", numbered=True)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("part: feel", "part:"),
        ("title: where to feel it", "title:"),
        ("part: feel", "part: steps"),
        (FEEL, "- part: feel\n  title: where\n"),
    ],
)
def test_a_row_that_lacks_something_is_left_out_and_the_others_stay(written, instead):
    parts, _ = read(STEPS + FEEL.replace(written, instead))
    assert parts == (Part("steps", "how to do it", numbered=True),)


def test_a_part_keeps_what_else_tells_it_beside_a_mark_that_is_none():
    parts, _ = read(FEEL.replace("cited", "sited"))
    assert parts == (Part("feel", "where to feel it", ("Where to feel it", "Feel"), ("feels", "feel #1")),)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("lead: [Feel]", (3, "'lead' is not a field of a part; did you mean 'leads'?")),
        ("leads: Feel", (3, "'leads' must be a list of text, a line each")),
        ("words: [' ']", (3, "a line of 'words' is no text; put it in quotes, or remove it")),
    ],
)
def test_what_could_not_be_understood_may_tell_a_part(written, problem):
    assert read(f"- part: feel\n  title: where\n  {written}\n")[1] == [problem]


def test_a_table_that_is_no_list():
    assert read("parts: [feel]\n") == (
        (),
        [(1, "no list of parts; begin each with `- part: …` and its fields below it")],
    )
    assert read(None) == ((), [])  # which was reported


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (STEPS + FEEL, True),
        (None, False),
        ("parts: [feel]\n", False),
        ("&parts", False),
        (FEEL.replace("part: feel", "part:"), False),
        (FEEL.replace("title:", "tilte:"), False),
        ("- part: feel\n  title: where\n", False),
        (f"- feel\n{STEPS}", False),
        (FEEL.replace("- feels", "- feels #1"), False),
    ],
)
def test_whether_all_was_understood(text, whole):
    assert read_parts(text, lambda *_: None)[1] is whole


@pytest.fixture
def folder(corpus):
    put(corpus / "parts.yaml", STEPS + FEEL)
    return corpus


def problems(folder):
    return [str(problem).removeprefix(f"{folder}/") for problem in read_corpus(folder).problems]


def test_a_corpus_has_them_at_its_top(folder):
    corpus = read_corpus(folder)
    assert ([part.name for part in corpus.parts], corpus.problems) == (["steps", "feel"], ())
    assert corpus.files["parts.yaml"].size == len(STEPS + FEEL)  # so that its changes are seen
    put(folder / "parts.yaml", STEPS + "- part: feel\n")
    assert problems(folder) == ["parts.yaml:4: a part without 'title'; write what a reply calls it"]
    put(folder / "parts.yaml", STEPS.encode() + b"\xff")
    assert problems(folder) == ["parts.yaml:4: not UTF-8 text; save the file as UTF-8"]


def test_a_corpus_without_a_table_has_none(corpus):
    assert read_corpus(corpus).parts == ()


def test_beside_a_json_lines_corpus(tmp_path):
    path = put_lines(tmp_path / "faq.jsonl", {"id": "a", "question": "Why?", "answer": "So."})
    put(tmp_path / "parts.yaml", STEPS)
    assert read_corpus(path).checked().parts == (Part("steps", "how to do it", numbered=True),)


def test_trial_questions_name_them(folder):
    asked = {"query": "where then", "expected": ["pigeon-pose"], "after": "pigeon-pose", "turn": "part", "part": "feel"}
    put_lines(folder / "trial-questions.jsonl", asked, asked | {"part": "fell"})
    assert read_corpus(folder).trials == (
        LabelledQuestion("where then", ("pigeon-pose",), "pigeon-pose", "part", "feel"),
    )
    assert problems(folder) == [
        "trial-questions.jsonl:2: 'part' is 'fell', which parts.yaml does not have; did you mean 'feel'?"
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (b"\xff", "1: not UTF-8 text; save the file as UTF-8"),
        ("- part: feel\n  leads: [Feel]\n", "1: a part without 'title'; write what a reply calls it"),
        ("parts: [feel]\n", "1: no list of parts; begin each with `- part: …` and its fields below it"),
        ("- part: feel\n  title: where\n", f"1: {NOTHING}"),
    ],
)
def test_of_trial_questions_about_a_part_that_could_not_be_read_nothing_is_said(folder, table, problem):
    put(folder / "parts.yaml", table)
    asked = {"query": "where then", "expected": ["pigeon-pose"], "after": "pigeon-pose", "turn": "part", "part": "feel"}
    put_lines(folder / "trial-questions.jsonl", asked)
    assert problems(folder) == [f"parts.yaml:{problem}"]
    assert read_corpus(folder).trials == ()
