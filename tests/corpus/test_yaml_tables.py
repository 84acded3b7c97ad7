"""A table in YAML: its rows, each field by its form, and each mistake at its line."""

import pytest

from chatbot.corpus.yaml_tables import Field, Table, first, words

TABLE = Table(
    "dish",
    {
        "dish": Field("text", "a dish without a name; write it"),
        "parts": Field("list", "no part in 'parts'; write one", prose=True),
        "note": Field("text", prose=True),
        "tags": Field("list"),
    },
)
SOUP = "- dish: soup\n  parts: [water, salt]\n  note: hot\n  tags:\n  - a\n  - b\n"


def read(text):
    problems = []
    found = TABLE.read(text, lambda *problem: problems.append(problem))
    assert all(severity == "error" for _, _, severity in problems)
    assert found.whole is (text is not None and not problems)
    return found.rows, [(line, message) for line, message, _ in problems]


def test_rows_with_their_lines_and_those_of_their_texts():
    rows, problems = read(f"# Dishes.\n{SOUP}- parts:\n  - 'two  words'\n  dish: '#1'\n")
    assert problems == []
    assert rows == [
        (
            2,
            {
                "dish": (("soup", 2),),
                "parts": (("water", 3), ("salt", 3)),
                "note": (("hot", 4),),
                "tags": (("a", 6), ("b", 7)),
            },
            True,
        ),
        (8, {"dish": (("#1", 10),), "parts": (("two words", 9),), "note": (), "tags": ()}, True),
    ]
    # In the order of the table, whatever that of the file is.
    assert [list(row.fields) for row in rows] == [["dish", "parts", "note", "tags"]] * 2


def test_a_field_without_text_is_as_one_that_is_not_there():
    rows, problems = read(
        "- dish: soup\n  parts: [water]\n  note:\n  tags: []\n- dish: pie\n  parts: [x]\n  tags: ''\n"
    )
    assert problems == []
    assert [(row.fields["note"], row.fields["tags"]) for row in rows] == [((), ())] * 2


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("dish: soup", "dish:", (1, "a dish without a name; write it")),
        ("- dish: soup\n  parts", "- parts", (1, "a dish without a name; write it")),
        ("parts: [water, salt]", "parts: []", (2, "no part in 'parts'; write one")),
        ("  parts: [water, salt]\n", "", (1, "no part in 'parts'; write one")),
        ("parts: [water, salt]", "parts: water", (2, "'parts' must be a list of text, a line each")),
        ("note: hot", "note: [hot]", (3, "'note' must be one line of text")),
        ("note: hot", "note: {hot: x}", (3, "'note' must be one line of text")),
        ("note: hot", "note: ' '", (3, "a line of 'note' is no text; put it in quotes, or remove it")),
        ("  - b", "  - ' '", (6, "a line of 'tags' is no text; put it in quotes, or remove it")),
        ("  - b", "  - [b]", (6, "a line of 'tags' is no text; put it in quotes, or remove it")),
        ("  - b", "  - b: c", (6, "a line of 'tags' is no text; put it in quotes, or remove it")),
        ("note:", "color:", (3, "'color' is not a field of a dish")),
        ("note:", "notes:", (3, "'notes' is not a field of a dish; did you mean 'note'?")),
        # What is needed is there under a name that is nearly right: that says enough.
        ("dish:", "dihs:", (1, "'dihs' is not a field of a dish; did you mean 'dish'?")),
        ("parts:", "Part:", (2, "'Part' is not a field of a dish; did you mean 'parts'?")),
        (SOUP, f"{SOUP}- pie\n", (7, "a dish must have fields: `- dish: …` and those below it")),
        (SOUP, f"{SOUP}- [pie]\n", (7, "a dish must have fields: `- dish: …` and those below it")),
        # Only in fields of prose does a number sign cut nothing.
        ("note: hot", "note: hot #1", (3, "a '#' begins a comment, which leaves 'hot' of the text; put it in quotes")),
    ],
)
def test_each_mistake(written, instead, problem):
    assert SOUP.count(written) == 1
    assert read(SOUP.replace(written, instead))[1] == [problem]


def test_in_a_field_that_is_no_prose_a_comment_is_one():
    rows, problems = read(SOUP.replace("- b", "- b #1"))
    assert (rows[0].fields["tags"], problems) == ((("a", 5), ("b", 6)), [])


@pytest.mark.parametrize("text", ["", "# Nothing yet.\n", "rows: [a]\n", "soup\n"])
def test_a_file_that_is_no_list(text):
    assert read(text) == ([], [(1, "no list of dishs; begin each with `- dish: …` and its fields below it")])


def test_of_a_file_that_could_not_be_read_no_more_is_said():
    assert read(None) == ([], [])
    assert read("&rows") == (
        [],
        [(1, "YAML anchors and aliases (& and *) are not allowed; correct or remove this line")],
    )


def test_a_line_whose_yaml_was_mended_has_one_problem():
    problems = []
    rows, report, whole = TABLE.read("- dish: so: up\n  parts: [x]\n", lambda *problem: problems.append(problem))
    for line in (1, 2):
        report(line, "what else is wrong", "error")
    message = "not valid YAML (mapping values are not allowed in this context); put it in quotes"
    assert problems == [(1, message, "error"), (2, "what else is wrong", "error")]
    assert (rows[0].fields["dish"], whole) == ((("so: up", 1),), False)


def test_a_row_with_a_mistake_has_what_else_is_in_it():
    rows, problems = read(f"- dish: pie\n  parts: x\n{SOUP}")
    assert [line for line, _ in problems] == [2]
    assert rows[0] == (1, {"dish": (("pie", 1),), "parts": (), "note": (), "tags": ()}, False)
    assert (rows[1].line, rows[1].whole) == (3, True)


@pytest.mark.parametrize(
    "row",
    [
        "- dish: pie\n",
        "- parts: [x]\n",
        "- dish: pie\n  parts: [x]\n  note: [hot]\n",
        "- dish: pie\n  parts: [x]\n  color: red\n",
        "- dish: pie\n  parts: [x]\n  notes: hot\n",
        "- dish: pie\n  parts: [x]\n  tags: [' ']\n",
    ],
)
def test_a_row_of_which_something_was_said_is_not_whole(row):
    assert [each.whole for each in read(f"{row}{SOUP}")[0]] == [False, True]


def test_texts():
    assert words((("one", 3), ("two", 4))) == ("one", "two")
    assert (first((("one", 3), ("two", 4))), first(())) == ("one", "")
