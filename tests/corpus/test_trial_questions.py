"""Trial questions: good lines, bad lines with their place, and the corpus that carries them."""

import json

import pytest

from chatbot.corpus.ids import EntryIds
from chatbot.corpus.reader import read_corpus
from chatbot.corpus.trial_questions import read_labelled_questions
from chatbot.records import LabelledQuestion

IDS = EntryIds()
for name in ("a", "b"):
    IDS.add(name)
NOT_ONE = 'not a trial question; write {"query": "…", "expected": ["id"]}'


PARTS = ("dose", "feel")


def read(*lines):
    problems = []
    report = lambda *problem: problems.append(problem)  # noqa: E731
    found = list(read_labelled_questions("\n".join(lines), IDS, report, parts=PARTS))
    return found, problems


def test_good_lines():
    found, problems = read(
        '{"query": "Why?", "expected": ["a"]}',
        "",
        '  {"expected": ["b", "a"], "query": "  so \\n\\u001b[2J tight  ", "note": "others may read this"}',
        '{"query": "capital of france", "expected": []}',
    )
    assert problems == []
    assert found == [
        LabelledQuestion("Why?", ("a",)),
        LabelledQuestion("so tight", ("b", "a")),
        LabelledQuestion("capital of france", ()),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Why?",
        "[]",
        "null",
        '"Why?"',
        "{}",
        '{"query": "Why?"}',
        '{"expected": []}',
        '{"query": 5, "expected": []}',
        '{"query": null, "expected": []}',
        '{"query": "Why?", "expected": 5}',
        '{"query": "Why?", "expected": null}',
        '{"query": "Why?", "expected": "a"}',
        '{"query": "Why?", "expected": {"a": 1}}',
        "[" * 100_000,
    ],
)
def test_lines_that_are_none(line):
    assert read('{"query": "Why?", "expected": []}', line) == ([LabelledQuestion("Why?", ())], [(2, NOT_ONE, "error")])


@pytest.mark.parametrize(
    ("expected", "named"), [('["c"]', "'c'"), ('["a", "c", "d"]', "'c'"), ("[5]", "5"), ("[[]]", "[]"), ('[""]', "''")]
)
def test_entries_that_are_not_there(expected, named):
    message = f"'expected' names the unknown entry {named}; correct it or write that entry"
    assert read(f'{{"query": "Why?", "expected": {expected}}}') == ([], [(1, message, "error")])


def test_a_message_of_a_conversation_names_what_was_shown_before():
    found, problems = read('{"query": "and?", "expected": ["A"], "after": "B"}', '{"query": "?", "expected": []}')
    assert (found, problems) == ([LabelledQuestion("and?", ("a",), "b"), LabelledQuestion("?", ())], [])
    assert read('{"query": "and?", "expected": [], "after": "c"}') == (
        [],
        [(1, "'after' names the unknown entry 'c'; correct it or write that entry", "error")],
    )
    assert read('{"query": "and?", "expected": [], "after": 5}') == ([], [(1, NOT_ONE, "error")])


def go_on(**fields):
    return json.dumps({"query": "and?", "expected": ["a"], "after": "b"} | fields)


def test_a_message_of_a_conversation_tells_what_it_does_there():
    lines = [go_on(turn=turn) for turn in ("same", "changed", "new", "aside", None, "")]
    found, problems = read(*lines, go_on(turn="part", part="feel"), go_on(part=None), go_on(part=""))
    assert problems == []
    assert [each.turn or None for each in found] == ["same", "changed", "new", "aside", None, None, "part", None, None]
    assert [each.part or None for each in found] == [*[None] * 6, "feel", None, None]
    assert found[6] == LabelledQuestion("and?", ("a",), "b", "part", "feel")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"turn": "same", "after": None}, "a turn of no conversation; name the entry before in 'after'"),
        ({"turn": "same", "after": ""}, "a turn of no conversation; name the entry before in 'after'"),
        ({"part": "feel", "after": None}, "a part of no conversation; name the entry before in 'after'"),
        (
            {"turn": "part", "part": "feel", "after": None},
            "a turn of no conversation; name the entry before in 'after'",
        ),
        (
            {"turn": "sane"},
            "'turn' is 'sane'; did you mean 'same'?; it must be one of part, same, changed, new, aside",
        ),
        ({"turn": "other"}, "'turn' is 'other'; it must be one of part, same, changed, new, aside"),
        ({"turn": "part"}, "'part' belongs to the turn 'part'; write both or neither"),
        ({"part": "feel"}, "'part' belongs to the turn 'part'; write both or neither"),
        ({"turn": "same", "part": "feel"}, "'part' belongs to the turn 'part'; write both or neither"),
        (
            {"turn": "part", "part": "feal"},
            "'part' is 'feal', which parts.yaml does not have; did you mean 'feel'?",
        ),
        ({"turn": 5}, NOT_ONE),
        ({"part": ["feel"]}, NOT_ONE),
    ],
)
def test_what_it_does_must_fit(fields, problem):
    assert read(go_on(), go_on(**fields)) == ([LabelledQuestion("and?", ("a",), "b")], [(2, problem, "error")])


def test_of_parts_that_could_not_all_be_read_none_is_unknown():
    problems = []
    lines = [go_on(turn="part", part="fell"), go_on(turn="part", part="feel"), go_on(part="feel"), go_on(turn="same")]
    report = lambda *problem: problems.append(problem)  # noqa: E731
    found = list(read_labelled_questions("\n".join(lines), IDS, report, parts=PARTS, all_parts=False))
    assert [(each.turn, each.part) for each in found] == [("part", "feel"), ("same", None)]
    assert problems == [(3, "'part' belongs to the turn 'part'; write both or neither", "error")]


@pytest.mark.parametrize("query", ["", "  ", "\\u0007"])
def test_a_question_of_nothing(query):
    message = "it asks nothing; write the query, or remove the line"
    assert read(f'{{"query": "{query}", "expected": []}}') == ([], [(1, message, "error")])


def test_a_question_that_nobody_could_ask_is_named_with_its_place():
    found, problems = read('{"query": "Why?", "expected": []}', f'{{"query": "{"x" * 10_001}", "expected": []}}')
    assert found == [LabelledQuestion("Why?", ())]
    assert [(line, severity) for line, _, severity in problems] == [(2, "error")]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\r"])
def test_only_a_newline_ends_a_line(separator):
    line = '{"query": "so tight", "expected": []}'
    if separator == "\r":
        assert read(f"{line}\r", line) == ([LabelledQuestion("so tight", ())] * 2, [])
    else:
        found, problems = read(line.replace("so tight", f"so{separator} tight"), '{"query": "Why?", "expected": ["c"]}')
        assert (found, [each[0] for each in problems]) == ([LabelledQuestion("so tight", ())], [2])


LINES = '{"query": "loosen me up", "expected": ["pigeon-pose"]}\n\n{"query": "so", "expected": ["pigeon"]}\n{}\n'
WANTED = [
    "trial-questions.jsonl:3: 'expected' names the unknown entry 'pigeon'; correct it or write that entry",
    f"trial-questions.jsonl:4: {NOT_ONE}",
]


def test_a_folder_has_them_at_its_top_with_the_place_of_what_is_wrong(corpus):
    (corpus / "trial-questions.jsonl").write_text(LINES)
    found = read_corpus(corpus)
    assert found.trials == (LabelledQuestion("loosen me up", ("pigeon-pose",)),)
    assert [str(problem) for problem in found.problems] == [f"{corpus}/{wanted}" for wanted in WANTED]
    assert found.files["trial-questions.jsonl"].size == len(LINES)


def test_json_lines_have_them_beside(tmp_path):
    (tmp_path / "faq.jsonl").write_text('{"id": "pigeon-pose", "question": "Pigeon?", "answer": "Fold."}\n')
    (tmp_path / "trial-questions.jsonl").write_text(LINES)
    found = read_corpus(tmp_path / "faq.jsonl")
    assert found.trials == (LabelledQuestion("loosen me up", ("pigeon-pose",)),)
    assert [str(problem) for problem in found.problems] == [f"{tmp_path}/{wanted}" for wanted in WANTED]


def test_a_corpus_without_them_has_none(corpus):
    assert read_corpus(corpus).trials == read_corpus(corpus).exchanges == ()


def test_each_exchange_follows_an_answer(corpus):
    lines = (
        '{"query": "easier?", "expected": ["pigeon-pose"], "after": "pigeon-pose"}',
        '{"query": "loosen me up", "expected": ["pigeon-pose"]}',
        '{"query": "and then?", "expected": ["pigeon"], "after": "pigeon-pose"}',
        '{"query": "what time is it", "expected": [], "after": "pigeon-pose"}',
        "and my neck",
    )
    (corpus / "exchanges.jsonl").write_text("\n".join(lines))
    found = read_corpus(corpus)
    assert found.exchanges == (LabelledQuestion("easier?", ("pigeon-pose",), "pigeon-pose"),)
    assert found.trials == ()
    assert [str(problem) for problem in found.problems] == [
        f"{corpus}/exchanges.jsonl:2: an exchange follows an answer and wants one; name their entries in 'after' and "
        "'expected'",
        f"{corpus}/exchanges.jsonl:3: 'expected' names the unknown entry 'pigeon'; correct it or write that entry",
        f"{corpus}/exchanges.jsonl:4: an exchange follows an answer and wants one; name their entries in 'after' and "
        "'expected'",
        f'{corpus}/exchanges.jsonl:5: not an exchange; write {{"query": "…", "expected": ["id"], "after": "id"}}',
    ]
