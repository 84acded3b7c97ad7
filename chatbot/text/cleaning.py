"""Text as people and terminals see it: cleaning what comes in, cutting and plain forms of what goes out."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LETTERS = re.compile(r"\w+")
# An escape before a capital letter may be one that was typed: it only begins a string of commands if that ends.
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX][^\x07\x1b]*(?:\x07|\x1b\\)|[\]^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|[@\\])"
)
# What ends a line or a record, in whatever system: carriage return, vertical tab, form feed, the separators of ASCII,
# next line, and Unicode's separators of lines and paragraphs.
_SEPARATOR = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# Other control characters; where NULs alternate with letters, the text is UTF-16 that was read as something else.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f]+")
_WIDE = re.compile("(?:[^\x00]\x00){2,}")
# Unicode's category Cf, but for the joiners and for the few signs of Arabic and other scripts in it that are visible.
_FORMAT = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3"
_UNSEEN = re.compile(f"[{_FORMAT}\U0001d173-\U0001d17a\U000e0000-\U000e007f]")
# The joiners make one sign of several emoji and shape words of Persian or Hindi, and a variation selector chooses the
# form of the sign before it; in a word of Latin letters they only make it another one.
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_SELECTORS = "\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = re.compile(
    f"(?<=[{_LATIN}\u0300-\u034e\u0350-\u036f])[\u200c\u200d{_SELECTORS}]+|[\u200c\u200d]+(?=[{_LATIN}])"
)
# Signs without ink that count as letters or symbols: the fillers of Hangul and Khmer, braille without a dot, and what
# stands for an object that was not copied.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc"), " ")
_NO_JOINERS = {0x200C: None, 0x200D: None}
_SURROGATE = re.compile("[\ud800-\udfff]")


def strip_control(text: str) -> str:
    """`text` without terminal escape sequences, control and format characters; newlines and tabs stay.

    Nothing that leaves through a terminal may drive it, and two texts that look the same must be the same. What
    separates lines becomes a newline, any other control character a space: it may be all that divides two words.
    Surrogates (from undecodable input) become U+FFFD.
    """
    if not text.replace("\n", " ").isprintable():  # most is, and then none of these is in it
        narrow = _WIDE.sub(lambda wide: wide[0].replace("\x00", ""), text)
        lines = _SEPARATOR.sub("\n", _ESCAPE.sub("", narrow))
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNSEEN.sub("", _CONTROL.sub(" ", lines)))
    return text if text.isascii() else _JOINERS.sub("", text)


def spaced(text: str) -> str:
    """`text` with a space for whatever separates lines in it, but for its newlines."""
    return _SEPARATOR.sub(" ", text)


def one_line(text: str) -> str:
    """`text` without control and format characters, on one line, with single spaces, also for signs without ink."""
    seen = strip_control(text)
    return " ".join((seen if seen.isascii() else seen.translate(_BLANK)).split())


def lines(text: str) -> list[str]:
    """The lines of `text`, which end at its newlines, each as `one_line` has it."""
    written = text.split("\n")
    if text.isascii() and "".join(written).isprintable():  # as nearly all is, and then spaces are all there is to mend
        return [" ".join(line.split()) for line in written]
    return list(map(one_line, written))


def without_joiners(text: str) -> str:
    """`text` without the invisible characters that join letters or emoji, which `strip_control` leaves."""
    return text.translate(_NO_JOINERS)


def shorten(text: str, characters: int) -> str:
    """The first words of `text` that fit in `characters`, with an ellipsis when something was cut."""
    if len(text) <= characters:
        return text
    whole_words = text[: characters - 1].rpartition(" ")[0] or text[: characters - 2]
    return whole_words.rstrip(" ,;:.") + " …"


def normalise(phrasing: str) -> str:
    """`phrasing` as compared with others: case folded, letters and digits only, single spaces, no joiners."""
    composed = phrasing if phrasing.isascii() else without_joiners(unicodedata.normalize("NFKC", phrasing))
    return " ".join(_LETTERS.findall(composed.casefold()))


def words(text: str) -> list[str]:
    """The words of `text` in lower case."""
    return _WORD.findall(text.lower())
