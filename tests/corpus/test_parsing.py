"""The two forms of a corpus, each read into parsed entries with the line of everything."""

import json
from functools import partial

import pytest

from chatbot.corpus.fields import ParsedAnswer, ParsedEntry, ParsedField, Unread
from chatbot.corpus.parsing import MAX_ENTRY_BYTES, decode, read_json_lines, read_markdown
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
    ],
)
def test_front_matter_that_cannot_be_read(text, problem, reports):
    assert markdown(text, reports) is None
    assert reports == [(*problem, "error")]


def test_k11_a_mistake_in_the_front_matter_is_told_and_read_as_it_was_meant(reports):
    text = (
        "---\n"
        "question: What is issue #5 about?\n"
        "alternate_questions:\n"
        "  - error: disk full\n"
        "  - like this:\n"
        "  - - twice\n"
        "  - {curly}\n"
        "  - it works\n"
        "avoid_if: [swelling: hot, pain\n"
        "related: [a]\n"
        "kind: @x\n"
        "---\n## A\nText.\n"
    )
    values = markdown(text, reports).values
    assert values["question"] == ParsedField("What is issue #5 about?", 2)
    ways = ("error: disk full", "like this:", "- twice", "{curly}", "it works")
    assert values["alternate_questions"] == ParsedField(tuple(zip(ways, range(4, 9), strict=True)), 4)
    assert values["related"] == ParsedField((("a", 10),), 10)
    assert values["kind"] == ParsedField("@x", 11)
    assert "avoid_if" not in values  # what was meant for a list is none, and that was told
    assert sorted((line, message.rpartition("; ")[2], severity) for line, message, severity in reports) == [
        (line, "put it in quotes", "error") for line in (2, 4, 5, 6, 7, 9, 11)
    ]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("[Solved]", "a list"),
        ("{x}", "a field with its value"),
        ("\n  - a", "a list"),
        ("\n  a: b", "a field with its value"),
    ],
)
def test_k11_a_question_that_is_no_text(value, what, reports):
    parsed = markdown(f"---\nkind: answer\nquestion: {value}\n---\n## A\nText.\n", reports)
    line = 3 + value.count("\n")
    assert reports == [(line, f"YAML reads this as {what}, not as text; put it in quotes", "error")]
    assert isinstance(parsed.values["question"].value, str)


def test_k11_a_list_without_the_name_of_its_field(reports):
    markdown("---\nquestion: How do I\n  - calf stretch\n  - tight calves\n---\n## A\nText.\n", reports)
    message = "this line is read as a part of the text above; write the name of its field above it"
    assert reports == [(3, message, "error")]


def test_k27_items_that_a_comma_in_brackets_divides_are_known(reports):
    lists = (
        "avoid_if: [one calf that is swollen, warm and painful, 'fever, chills', rash, sore]\n"
        "look_alikes:\n  - one, two\n  - three\n"
    )
    values = markdown(f"---\nquestion: x\n{lists}---\n## A\nText.\n", reports).values
    assert values["avoid_if"].divided == (
        ("one calf that is swollen", "warm and painful", 3),
        ("rash", "sore", 3),
    )
    assert values["look_alikes"].divided == ()
    assert reports == []


def test_text_before_the_first_heading_is_named_by_its_line(reports):
    parsed = markdown("---\nquestion: x\n---\n\n\nLost text.\n\n## A\nKept.\n", reports)
    assert reports == [(6, "text before the first `## Viewpoint` heading; move it below one", "error")]
    assert parsed.answers == (ParsedAnswer("A", "Kept.", 8),)


def test_decoding():
    reports = Reports()
    assert decode(b"\xef\xbb\xbfa\r\nb\n", reports) == "a\nb\n"
    assert decode(b"a\rb\r\nc\r\r", reports) == "a\nb\nc\n\n"
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
        (9, "unknown field 'anser'; it is left out; did you mean 'answer'?", "warning"),
        (9, "unknown field 'colour'; it is left out", "warning"),
        (10, "an answer must be text, or an object with 'viewpoint' and 'text'", "error"),
    ]
    assert parsed[1].values == {"question": ParsedField((("q", 9),), 9), "alternate_questions": ParsedField("x", 9)}
    assert parsed[2].values == {"alternate_questions": ParsedField(None, 10)}


def test_k22_a_field_of_an_export_is_one_warning_for_the_file(reports):
    names = ["tags", "locale", "created_at", "votes", "author", "relatd"]
    entry = {"question": "q", "answer": "x"}
    lines = [{**entry, "id": f"e{number}", **dict.fromkeys(names, "…")} for number in range(5000)]
    lines[0] = {**entry, "id": "e0"}
    assert len(json_lines(reports, *lines)) == 5000
    assert sorted(reports) == [
        (2, f"unknown field {name!r} in 4,999 lines, here first; it is left out{hint}", "warning")
        for name, hint in zip(sorted(names), ("", "", "", "; did you mean 'related'?", "", ""), strict=True)
    ]


def test_k22_fields_that_are_different_in_each_line_are_not_all_listed(reports):
    json_lines(reports, *({"id": "a", f"field-{number:02}": 1} for number in range(50)))
    assert len(reports) == 21
    assert reports[0] == (1, "unknown field 'field-00'; it is left out", "warning")
    assert reports[-1] == (1, "30 more unknown fields in this file; they are left out", "warning")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("Q-001", "Q-001"), (17, "17"), (0, "0"), ("häufige Frage 3", "häufige Frage 3")],
)
def test_k22_an_id_stays_as_it_is(written, read_as, reports):
    (parsed,) = json_lines(reports, {"id": written, "question": "q", "answer": "x"})
    assert (parsed.id, parsed.unread, reports) == (read_as, frozenset(), [])


@pytest.mark.parametrize("written", [True, 1.5, ["a"], {"a": 1}])
def test_k22_an_id_that_is_no_text_is_told_once(written, reports):
    (parsed,) = json_lines(reports, {"id": written, "question": "q", "answer": "x"})
    assert (parsed.unread, reports) == ({"id"}, [(1, "'id' must be one line of text", "error")])


def test_k22_an_export_without_ids_is_told_once(reports):
    parsed = json_lines(reports, {"id": "a"}, *({"ID": n, "question": "q", "answer": "x"} for n in range(5000)))
    assert parsed[1].unread == {"id"}
    assert reports == [
        (2, "no id in 5,000 lines, here first; write one", "error"),
        (2, "unknown field 'ID' in 5,000 lines, here first; it is left out; did you mean 'id'?", "warning"),
    ]
    reports.clear()
    json_lines(reports, {"id": None}, {"id": "a"})
    assert reports == [(1, "no id; write one", "error")]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([b"id,question,answer", b"1,Why?,So.", b"2,How?,Thus."], "not valid JSON (Expecting value)"),
        (json.dumps({"id": "a", "answer": "x"}, indent=1).encode().split(b"\n"), "not valid JSON (Expecting property"),
    ],
)
def test_k22_a_file_of_another_form_is_one_problem(lines, problem, reports):
    assert json_lines(reports, *lines) == []
    ((line, message, _),) = reports
    assert line == 1
    assert message.startswith(problem)
    assert message.endswith(f"; write one object a line (not one of {len(lines)} lines can be read)")


@pytest.mark.parametrize("begin", [b"[", b"\n  [", b"\xef\xbb\xbf["])
def test_k22_a_json_list_is_one_problem(begin, reports):
    unread = Unread()
    data = begin + b'{"id": "a", "question": "q", "answer": "x"},\n{"id": "b", "question": "q", "answer": "x"}\n]\n'
    assert list(read_json_lines(data, "faq.jsonl", reports, unread)) == []
    what = "a JSON list; write its objects a line each, without the brackets and the commas between"
    assert reports == [(1, what, "error")]
    assert "a" in unread


def test_k11_a_field_that_appears_twice_in_a_line_of_json(reports):
    assert json_lines(reports, b'{"id": "a", "id": "b", "question": "q"}') == []
    assert reports == [(1, "not valid JSON (the field 'id' appears twice); write one object a line", "error")]


def test_answers_in_two_fields(reports):
    null, both = json_lines(
        reports,
        {"id": "a", "question": "q", "answer": "x", "answers": None},
        {"id": "b", "question": "q", "answer": "x", "answers": ["y"]},
    )
    assert [answer.text for answer in (*null.answers, *both.answers)] == ["x", "y"]
    assert reports == [(2, "both 'answer' and 'answers'; keep one of them", "error")]


def test_k11_lines_above_the_front_matter_are_counted(reports):
    parsed = markdown("\n\n---\nkind: answer\nquestion: Why #5?\n---\n## A\nText.\n", reports)
    assert [line for line, *_ in reports] == [5]
    assert parsed.field_line("kind") == 4
    assert parsed.answers[0].line == 7


def test_k11_the_ids_of_lines_that_cannot_be_read_are_known(reports):
    unread = Unread()
    lines = [b'{"id": "Q 1", "question": }', b'{"question": "id", "id" : "\xc3\xa9\xff"', b"[]", b'{"id": "b"}']
    list(read_json_lines(b"\n".join(lines), "faq.jsonl", reports, unread))
    assert unread.names == {"Q 1", "é\ufffd"}


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
