"""The two forms of a corpus, each read into drafts with the line of everything."""

import json
from functools import partial

import pytest

from chatbot.corpus.parsing import MAX_ENTRY_BYTES, decode, read_json_lines, read_markdown
from chatbot.corpus.validation import ParsedAnswer, ParsedEntry, ParsedField
from tests.effort import LINEAR, growth


class Reports(list):
    def __call__(self, line, message, severity):
        self.append((line, message, severity))


@pytest.fixture
def reports():
    return Reports()


def markdown(text, reports):
    return read_markdown(text, "hips/x.md", "x", "hips", reports)


def test_a_markdown_entry_with_its_lines(reports):
    text = (
        "---\n"
        "question: Why?  \n"
        "alternate_questions:\n"
        "  - no\n"
        "\n"
        "  - 12:30\n"
        "related: [a, 1e3]\n"
        "care: {x: y}\n"
        "---\n"
        "\n"
        "## Yoga teaching ##\n"
        "First.\n"
        "\n"
        "---\n"
        "### A heading inside\n"
        "\n"
        "##   Research summary\n"
        "\n"
        "Second.\n"
    )
    assert markdown(text, reports) == ParsedEntry(
        "hips/x.md",
        1,
        "x",
        "hips",
        {
            "question": ParsedField("Why?", 2),
            "alternate_questions": ParsedField((("no", 4), ("12:30", 6)), 4),
            "related": ParsedField((("a", 7), ("1e3", 7)), 7),
            "care": ParsedField(None, 8),
        },
        (
            ParsedAnswer("Yoga teaching", "First.\n\n---\n### A heading inside", 11),
            ParsedAnswer("Research summary", "Second.", 17),
        ),
    )
    assert reports == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (1, "no front matter; begin the file with `---`, the fields and `---`")),
        ("question: x\n", (1, "no front matter; begin the file with `---`, the fields and `---`")),
        ("---\nquestion: x\n", (1, "no front matter; begin the file with `---`, the fields and `---`")),
        ("text\n---\nquestion: x\n---\n", (1, "no front matter; begin the file with `---`, the fields and `---`")),
        ("---\n---\n## A\nx", (1, "the front matter is not a list of `field: value` lines")),
        ("---\n- a\n---\n## A\nx", (1, "the front matter is not a list of `field: value` lines")),
        ("---\na: 1\na: 2\n---\n", (3, "the field 'a' stands twice")),
        (
            "---\na: 1\nb: &x 2\n---\n",
            (3, "YAML anchors and aliases (& and *) are not allowed; quote the text if it begins so"),
        ),
        ("---\na: 1\nb: c: d\n---\n", (3, "not valid YAML (mapping values are not allowed in this context)")),
    ],
)
def test_front_matter_that_cannot_be_read(text, problem, reports):
    assert markdown(text, reports) is None
    assert reports == [(*problem, "error")]


def test_text_before_the_first_heading_is_named_by_its_line(reports):
    parsed = markdown("---\nquestion: x\n---\n\n\nLost text.\n\n## A\nKept.\n", reports)
    assert reports == [(6, "text before the first `## Viewpoint` heading; move it below one", "error")]
    assert parsed.answers == (ParsedAnswer("A", "Kept.", 8),)


def test_decoding():
    reports = Reports()
    assert decode(b"\xef\xbb\xbfa\r\nb\n", reports) == "a\nb\n"
    assert decode(b"x" * MAX_ENTRY_BYTES, reports) == "x" * 1_000_000
    assert reports == []
    assert decode(b"x" * 1_000_001, reports) is None
    assert decode(b"one\ntwo\nthr\xffee", reports) is None
    assert reports == [
        (1, "1,000,001 bytes; an entry has at most 1,000,000: split it", "error"),
        (3, "not UTF-8 text; save the file as UTF-8", "error"),
    ]


def json_lines(reports, *lines):
    data = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return list(read_json_lines(b"\n".join(data), "faq.jsonl", reports))


def test_a_json_entry_in_both_forms(reports):
    simple, full = json_lines(
        reports,
        {"id": "a", "question": "Why?", "answer": "Because."},
        {
            "id": "b",
            "topic": "hips",
            "question": "How?",
            "alternate_questions": ["so", "or so"],
            "related": [],
            "kind": None,
            "answers": ["Plainly.", {"viewpoint": "Yoga", "text": "Slowly."}, {"text": "Quickly."}],
        },
    )
    assert simple == ParsedEntry(
        "faq.jsonl", 1, "a", "", {"question": ParsedField("Why?", 1)}, (ParsedAnswer("Answer", "Because.", 1),)
    )
    assert full == ParsedEntry(
        "faq.jsonl",
        2,
        "b",
        "hips",
        {
            "question": ParsedField("How?", 2),
            "alternate_questions": ParsedField((("so", 2), ("or so", 2)), 2),
            "related": ParsedField((), 2),
        },
        (
            ParsedAnswer("Answer", "Plainly.", 2),
            ParsedAnswer("Yoga", "Slowly.", 2),
            ParsedAnswer("Answer", "Quickly.", 2),
        ),
    )
    assert reports == []


def test_bad_lines_are_named_and_the_rest_is_read(reports):
    parsed = json_lines(
        reports,
        b'{"id": "a", "question": "q", "answer": "x"}',
        b'{"id": "b", ',
        b"",
        b"[1, 2]",
        b'"text"',
        b'{"id": "\xff"}',
        b"[" * 100_000,
        b"   ",
        {"id": "c", "question": ["q"], "alternate_questions": "x", "answer": 5, "anser": "x", "colour": "red"},
        {"id": "d", "alternate_questions": ["x", 3], "answers": [{"viewpoint": "V"}]},
    )
    assert [entry.id for entry in parsed] == ["a", "c", "d"]
    assert sorted(reports) == [
        (2, "not valid JSON (Expecting property name enclosed in double quotes); write one object a line", "error"),
        (4, 'not an object; write {"id": …, "question": …, "answer": …}', "error"),
        (5, 'not an object; write {"id": …, "question": …, "answer": …}', "error"),
        (6, "not UTF-8 text; save the file as UTF-8", "error"),
        (7, "not valid JSON (nested too deep); write one object a line", "error"),
        (9, "an answer must be text, or an object with 'viewpoint' and 'text'", "error"),
        (9, "unknown field 'anser'; did you mean 'answer'?", "error"),
        (9, "unknown field 'colour'", "error"),
        (10, "an answer must be text, or an object with 'viewpoint' and 'text'", "error"),
    ]
    assert parsed[1].values == {"question": ParsedField((("q", 9),), 9), "alternate_questions": ParsedField("x", 9)}
    assert parsed[2].values == {"alternate_questions": ParsedField(None, 10)}


@pytest.mark.parametrize("topic", [["a"], {"a": 1}, True])
def test_a_topic_that_is_no_text_is_reported(topic, reports):
    json_lines(reports, {"id": "a", "topic": topic, "question": "q", "answer": "x"})
    assert [(line, "'topic'" in message) for line, message, _ in reports] == [(1, True)]


def test_a_megabyte_of_headings_is_read(reports):
    def of_marks(size):
        return "---\nquestion: x\n---\n## " + "# " * size + "x\nText.\n"

    def of_headings(size):
        return "---\nquestion: x\n---\n" + "## A\nb\n" * size

    for text in (of_marks, of_headings):
        assert growth(partial(markdown, reports=reports), text, 2000) < LINEAR
    hashes = markdown(of_marks(400_000), reports)
    assert [(answer.line, answer.text) for answer in hashes.answers] == [(4, "Text.")]
    many = markdown(of_headings(140_000), reports)
    assert len(many.answers) == 140_000
    assert many.answers[-1].line == 4 + 2 * 139_999


def test_empty_lines_count_and_cost_nothing(reports):
    data = b"\n\r\n \t\n" + b"\n" * 10_000_000 + b'{"id": "a"}\n\nx\n'
    (parsed,) = read_json_lines(data, "faq.jsonl", reports)
    assert parsed.line == 10_000_004
    assert [line for line, *_ in reports] == [10_000_006]
