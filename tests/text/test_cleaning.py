"""Cleaning, cutting and plain forms, against texts worked out by hand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.text.citations import cited_ids, drop_citations, number_citations, plain
from chatbot.text.cleaning import normalise, one_line, shorten, strip_control


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1bPq payload\x1b\\text", "text"),
        ("\x1b]never ended", ""),
        ("a\x00b\x08c\x7fd\x85e\x9bf", "abcdef"),
        ("kept\nand\tkept", "kept\nand\tkept"),
        ("carriage\rreturn", "carriagereturn"),
        ("gpj\u202eexe.\u2066x\u2069", "gpjexe.x"),
        ("a\u2028b\u2029c", "abc"),
        ("lone \udcff surrogate", "lone \ufffd surrogate"),
        ("柔軟性 🤸 ¿Cómo?", "柔軟性 🤸 ¿Cómo?"),
    ],
)
def test_control_characters_and_escape_sequences_go(dirty, clean):
    assert strip_control(dirty) == clean


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_nothing_that_drives_a_terminal_survives(text):
    left = strip_control(text)
    assert not [each for each in left if unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t"]
    assert strip_control(left) == left
    left.encode("utf-8")


def test_one_line_has_single_spaces():
    assert one_line("  how\n\tlong \u00a0 \x1b[1mhold\x1b[0m ") == "how long hold"
    assert one_line(" \x00\n ") == ""


def test_cited_ids_come_in_order_and_once():
    assert cited_ids("x [@b-2001] y [@a:1; @b-2001 ; @c.d] [not @e] mail@f [@g-2020.]") == [
        "b-2001",
        "a:1",
        "c.d",
        "g-2020",
    ]
    assert cited_ids("none [1]") == []


def test_citations_are_numbered_and_unknown_ones_dropped():
    numbers = {"a": 1, "b": 2}
    assert number_citations("Hold\n[@b; @a; @z]. Rest [@z].", numbers) == "Hold [2; 1]. Rest."
    assert drop_citations("Hold [@b; @a]. Rest [1].") == "Hold. Rest [1]."


def test_plain_has_words_only():
    markdown = "1. **Kneel** on *one* knee [@a].\n2) Press `gently`\n- __breathe__\n\n2 * 3 * 4"
    assert plain(markdown) == "Kneel on one knee. Press gently breathe 2 * 3 * 4"


@pytest.mark.parametrize(
    ("text", "characters", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two …"),
        ("one two three", 9, "one two …"),
        ("one two three", 8, "one …"),
        ("one, two; three", 11, "one, two …"),
        ("", 5, ""),
    ],
)
def test_shorten_cuts_between_words(text, characters, short):
    assert shorten(text, characters) == short


@given(st.text(alphabet="ab ,.", max_size=40).map(str.strip), st.integers(3, 30))
def test_shorten_never_passes_its_length(text, characters):
    assert len(shorten(text, characters)) <= characters


@pytest.mark.parametrize(
    ("phrasing", "normal"),
    [
        ("How LONG, should-I… hold?", "how long should i hold"),
        ("  \ufb01ve  Stra\u00dfe ", "five strasse"),
        ("??!", ""),
        ("２ days", "2 days"),
    ],
)
def test_normalise_compares_words(phrasing, normal):
    assert normalise(phrasing) == normal


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (" " * 1_000_000 + "x", "x"),
        ("\n" * 1_000_000 + "x", "x"),
        ("*a " * 300_000, " ".join(["*a"] * 300_000)),
        ("`a __b *c " * 90_000, " ".join(["`a __b *c"] * 90_000)),
        ("[@a; " * 200_000, " ".join(["[@a;"] * 200_000)),
        ("1" * 1_000_000, "1" * 1_000_000),
    ],
    ids=["spaces", "newlines", "unclosed", "several marks", "citations", "digits"],
)
@pytest.mark.timeout(60)  # each took hours while its time grew with the square of the text
def test_a_megabyte_of_marks_is_read(markdown, words):
    assert plain(markdown) == words
    assert cited_ids(markdown) == []


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**a *b* c** d", "a *b* c d"),
        ("**a* b", "*a b"),
        ("* a*", "a*"),
        ("a*b*c `d` __e__ *", "abc d e *"),
        ("*a\nb*", "*a b*"),
        ("***a***", "*a*"),
    ],
)
def test_emphasis(markdown, words):
    assert plain(markdown) == words
