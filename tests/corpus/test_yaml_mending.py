"""What YAML cuts, or reads as something else, by its own line and with what to do about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping, Sequence

PROSE = ("question", "ways")
QUOTES, SINGLE = "put it in quotes", "use single quotes"
ALIKE, FURTHER = "indent it like the line above", "indent it further than the line above"
COLON = "write ': ' between the field's name and its text"
BULLET = "begin an item of a list with '- '"
REMOVE = "correct or remove this line"
BRACKETS = "let each [ have its ], and each { its }"


def plain(node):
    """A node as Python's own lists and dictionaries."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.items.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value if node else None


def told(text):
    """What is read of a text, and its problems as (line, the last words)."""
    node, problems = read(text, PROSE)
    return plain(node), [(problem.line, str(problem).rpartition("; ")[2]) for problem in problems]


@pytest.mark.parametrize(
    "sentence",
    [
        "What is issue #5 about?",
        "#5 is what?",
        "Issue # 5",
        "How: do I do it",
        "Why:",
        "@home stretch",
        "`code` what",
        "%5 of what",
        "!important thing",
        "!",
        "& then",
        "&then what",
        "* star",
        "*bold* text",
        "**bold** text",
        "> quoted",
        ">quoted",
        "| pipe",
        "? why",
        "- dash",
        "{curly} braces",
        "{{ title }}",
        "[x] done",
        "[x",
        '"never closed',
        "'tis so",
        '"Why?" she asked',
        'What is "this": that',
        ", x",
        "} x",
    ],
)
def test_k11_a_sentence_that_yaml_takes_for_something_else(sentence):
    text = f"kind: x\nquestion: {sentence}\ncare: y\nways:\n  - a\n  - b\n"
    read_as = {"kind": "x", "question": sentence, "care": "y", "ways": ["a", "b"]}
    assert told(text) == (read_as, [(2, QUOTES)])


@pytest.mark.parametrize(
    "sentence",
    [
        "issue #5",
        "#5",
        "@me",
        "`x` y",
        "*bold* a",
        "> q",
        "[ ] open",
        '"a" b',
        "'tis nice",
        "it's: so",
        ": x",
        "%d",
        "|x",
    ],
)
def test_k11_an_item_that_yaml_takes_for_something_else(sentence):
    text = f"question: x\nways:\n  - a\n  - {sentence}\n  - it's so\ncare: y\n"
    if sentence == "it's: so":  # a mapping is YAML; that it is no text is for who reads the field to say
        assert told(text)[0]["ways"] == ["a", {"it's": "so"}, "it's so"]
    else:
        assert told(text) == ({"question": "x", "ways": ["a", sentence, "it's so"], "care": "y"}, [(4, QUOTES)])


@pytest.mark.parametrize(
    "sentence",
    [
        "no",
        "1e3",
        "12:30",
        "C# and F#",
        "a#b",
        "R&D - what?",
        "-5 degrees",
        "100%",
        "me@home",
        "what? a, b",
        "see http://x.y/#z",
        "foo \\",
        "...",
        "---",
        "it's",
        "=",
        "a | b > c",
    ],
)
def test_k11_a_sentence_that_yaml_reads_as_it_is(sentence):
    assert told(f"question: {sentence}\nways:\n  - {sentence}\n") == ({"question": sentence, "ways": [sentence]}, [])


@pytest.mark.parametrize(
    ("text", "node", "problems"),
    [
        # A comment that is set off is one, and in other fields than sentences any is.
        ("question: Why?  # really\nkind: x # y\n", {"question": "Why?", "kind": "x"}, []),
        ("ways:\n  - a  # 3 times\n", {"ways": ["a"]}, []),
        ("ways: [a, b] # c\nquestion: 'a' #c\n", {"ways": ["a", "b"], "question": "a"}, []),
        # Double quotes have escapes.
        ('question: "C:\\new"\n', {"question": "C:\\new"}, [(1, SINGLE)]),
        ('question: "C:\\dir"\n', {"question": "C:\\dir"}, [(1, SINGLE)]),
        ('kind: x\nquestion: "foo\\"\nways: [a]\n', {"kind": "x", "question": "foo\\", "ways": ["a"]}, [(2, SINGLE)]),
        ('question: "A "quoted" word"\n', {"question": 'A "quoted" word'}, [(1, SINGLE)]),
        # Quotes that close lines below take in what stands between.
        ("ways:\n  - 'tis nice\n  - so it is'\n  - x\n", {"ways": ["'tis nice", "so it is'", "x"]}, [(2, QUOTES)]),
        ('question: "Why\nways:\n  - "x"\n', {"question": '"Why', "ways": ["x"]}, [(1, QUOTES)]),
        # Lines that are not where they seem.
        ("ways:\n  - a\n    b\n  - c\n", {"ways": ["a b", "c"]}, []),
        ("ways:\n  - a\n   - b\n  - c\n", {"ways": ["a", "b", "c"]}, [(3, ALIKE)]),
        ("ways:\n  - a\n - b\n", {"ways": ["a", "b"]}, [(3, ALIKE)]),
        ("ways:\n  - a\n- b\nkind: x\n", {"ways": ["a", "b"], "kind": "x"}, [(3, ALIKE)]),
        ("ways:\n  - a\n b\n  - c\n", {"ways": ["a b", "c"]}, [(3, FURTHER)]),
        ("question: how do\nI stretch\nkind: x\n", {"question": "how do I stretch", "kind": "x"}, [(2, FURTHER)]),
        ("kind: x\n question: y\n", {"kind": "x", "question": "y"}, [(2, ALIKE)]),
        ("a:\n- id: x\n title: y\n- id: z\n", {"a": [{"id": "x", "title": "y"}, {"id": "z"}]}, [(3, FURTHER)]),
        ("ways:\n\t- a\n", {"ways": ["a"]}, [(2, "indent with spaces, not tabs")]),
        # Signs that lack something.
        ("question:Why?\nkind: x\n", {"question": "Why?", "kind": "x"}, [(1, COLON)]),
        ("kind: x\nquestion：Why?\nways: [a]\n", {"kind": "x", "question": "Why?", "ways": ["a"]}, [(2, COLON)]),
        ("kind x\nquestion: y\n", {"kind": "x", "question": "y"}, [(1, COLON)]),
        ("ways\n  - a\nkind: x\n", {"ways": ["a"], "kind": "x"}, [(1, "write a colon behind the field's name")]),
        ("ways:\n  * a\n  * b\n", {"ways": ["a", "b"]}, [(2, BULLET), (3, BULLET)]),
        ("ways: [a,\n  b\nkind: x\n", {"ways": ["a", "b"], "kind": "x"}, [(2, "close the list with ]")]),
        ("kind: x\nrelated: [a, b\n", {"kind": "x", "related": ["a", "b"]}, [(2, BRACKETS)]),
        ("related: [a, b]]\nkind: x\n", {"kind": "x", "related": ["a", "b"]}, [(1, BRACKETS)]),
        ("ways: [a, b\n", {"ways": "[a, b"}, [(1, QUOTES)]),  # a field of sentences
        ("question:Why?\n", {"question": "Why?"}, [(1, COLON)]),
        ("kind: x\nquestion:Why?\nways:\n  - a\n", {"kind": "x", "question": "Why?", "ways": ["a"]}, [(2, COLON)]),
        ("ways:\n  - a\n  – b\n  - c\n", {"ways": ["a", "b", "c"]}, [(3, BULLET)]),
        ("ways:\n  – a\n  • b\nkind: x\n", {"ways": ["a", "b"], "kind": "x"}, [(2, BULLET), (3, BULLET)]),
        ("ways:\n  - a\n    — b\n", {"ways": ["a", "b"]}, [(3, BULLET)]),
        # What YAML has for nothing.
        ("ways:\n  - null\n  - a\n  - ~\n", {"ways": ["null", "a", "~"]}, [(2, QUOTES), (4, QUOTES)]),
        ("ways: ~\nkind: null\n", {"ways": "", "kind": ""}, []),
        # Markers, and what stands there twice.
        ("question: x\n...\nkind: y\n", {"question": "x", "kind": "y"}, [(2, "remove it")]),
        ("%foo\nquestion: x\n", {"question": "x"}, [(1, "remove it")]),
        ("kind: x\nkind: y\nquestion: a: b\n", {"kind": "x", "question": "a: b"}, [(2, REMOVE), (3, QUOTES)]),
        ("question: a\x08b\n", {"question": "ab"}, [(1, "remove them")]),
        # What separates lines elsewhere is a space within a line.
        ("question: a\x0bb\u2028c\n", {"question": "a b c"}, []),
    ],
)
def test_k11_a_mistake_is_named_by_the_line_whose_mending_helps(text, node, problems):
    assert told(text) == (node, problems)


def test_k11_every_mistake_of_a_text_is_named():
    text = 'ways:\n  - a #1\n  - ok\n  - \'"x" y\n  - @me\nkind: *z\nquestion: a: b\n'
    assert [(problem.line, str(problem)) for problem in read(text, PROSE)[1]] == [
        (2, "a '#' begins a comment, which leaves 'a' of the text; put it in quotes"),
        (4, "not valid YAML (found unexpected end of stream); put it in quotes"),
        (5, "not valid YAML (found character that cannot start any token); put it in quotes"),
        (6, "YAML anchors and aliases (& and *) are not allowed; put it in quotes"),
        (7, "not valid YAML (mapping values are not allowed in this context); put it in quotes"),
    ]


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_k11_what_ends_a_line_for_yaml_alone_moves_no_line(separator):
    text = f"question: one{separator}two\nways:\n  - a{separator}b\n  - @me\n"
    assert told(text) == ({"question": "one two", "ways": ["a b", "@me"]}, [(4, QUOTES)])


def test_k11_a_text_of_mistakes_ends():
    text = "ways:\n" + "  - @me\n" * 20_000
    node, problems = read(text, PROSE)
    assert node is None
    assert [problem.line for problem in problems] == list(range(2, 2 + len(problems)))


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@`,?~ \n\t\\0")))
def test_any_text_is_read_with_each_problem_within_it(text):
    _, problems = read(text, PROSE)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
