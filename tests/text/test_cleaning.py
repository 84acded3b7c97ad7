"""Cleaning, cutting and plain forms, against texts worked out by hand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.text.cleaning import normalise, one_line, shorten, spaced, strip_control


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1bPq payload\x1b\\text", "text"),
        ("\x1b]never ended", ""),
        ("a\x00b\x08c\x7fd\x9bf", "a b c d f"),
        ("kept\nand\tkept", "kept\nand\tkept"),
        ("carriage\rreturn", "carriage\nreturn"),
        ("gpj\u202eexe.\u2066x\u2069", "gpjexe.x"),
        ("lone \udcff surrogate", "lone \ufffd surrogate"),
        ("柔軟性 🤸 ¿Cómo?", "柔軟性 🤸 ¿Cómo?"),
    ],
)
def test_control_characters_and_escape_sequences_go(dirty, clean):
    assert strip_control(dirty) == clean


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_nothing_that_drives_a_terminal_survives(text):
    left = strip_control(text)
    assert not [each for each in left if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") and each not in "\n\t"]
    assert strip_control(left) == left
    left.encode("utf-8")


def test_one_line_has_single_spaces():
    assert one_line("  how\n\tlong \u00a0 \x1b[1mhold\x1b[0m ") == "how long hold"
    assert one_line(" \x00\n ") == ""


SEPARATORS = ["\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_k1_separators_are_spaces(separator):
    assert one_line(f"How do I loosen{separator}tight calves?") == "How do I loosen tight calves?"
    assert spaced(f"one{separator}two\n\nthree") == "one two\n\nthree"


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_k1_separators_are_line_breaks_in_answers(separator):
    assert strip_control(f"Hold.{separator}Rest.\n\nAgain.") == "Hold.\nRest.\n\nAgain."


@pytest.mark.parametrize(
    "unseen", "\u00ad\u061c\u180e\u200b\u200e\u202b\u2060\u2064\u206f\ufeff\ufffa\U000e0041", ids=ascii
)
def test_k1_format_characters_are_dropped(unseen):
    assert strip_control(f"cal{unseen}ves") == one_line(f"{unseen}cal{unseen}{unseen}ves{unseen}") == "calves"
    assert not unseen.isprintable()  # or it would not be looked for


@pytest.mark.parametrize(
    "control", ["\x00", "\x08", "\x1b", "\x7f", "\x07\x90", "\u2800", "\u3164", "\ufffc"], ids=ascii
)
def test_k1_control_characters_and_blanks_do_not_fuse_words(control):
    assert one_line(f"{control}How do I loosen{control}tight calves?{control}") == "How do I loosen tight calves?"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_k1_wide_characters_read_as_narrow_ones_stay_words(encoding):
    wide = "Hi, loosen calves?\r\n".encode(encoding).decode("utf-8")
    assert one_line(wide) == "Hi, loosen calves?"


@pytest.mark.parametrize("selector", ["\u034f", "\ufe00", "\ufe0f", "\U000e0100", "\u034f\u200d\ufe0e"], ids=ascii)
def test_k1_selectors_in_words_of_latin_letters_are_dropped(selector):
    assert strip_control(f"c{selector}al{selector}ves cafe\u0301{selector}") == "calves cafe\u0301"
    assert strip_control(f"❤{selector}a 葛{selector}") == f"❤{selector}a 葛{selector}"


def test_k1_joiners_stay_where_they_join():
    emoji, persian = "🧘\u200d♀️", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert strip_control(f"{emoji} {persian}") == f"{emoji} {persian}"
    assert strip_control("cal\u200dves c\u200c\u200dafé\u200d 🧘\u200d") == "calves café 🧘\u200d"
    assert normalise(persian) == persian.replace("\u200c", "")


def test_k1_what_can_be_seen_is_kept():
    """Category Cf also holds signs that are written, of Arabic and Syriac, and the joiners of hieroglyphs."""
    seen = "\u0600\u06dd\u070f\u08e2\U000110bd\U00013430"
    assert strip_control(seen) == seen


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
