"""Text as people and terminals see it: cleaning what comes in, cutting and plain forms of what goes out."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|[@-_])")
# What ends a line or a record, in whatever system: carriage return, vertical tab, form feed, the separators of ASCII,
# next line, and Unicode's separators of lines and paragraphs.
_SEPARATOR = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# Unicode's category Cf, but for the joiners and for the few signs of Arabic and other scripts in it that are visible.
_FORMAT = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3"
_FORMAT += "\U0001d173-\U0001d17a\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x9f{_FORMAT}]")
# The joiners make one sign of several emoji and shape words of Persian or Hindi; in a word of Latin letters they only
# make it another one.
_LATIN = "[A-Za-z\u00c0-\u024f]"
_JOINERS = re.compile(f"(?<={_LATIN})[\u200c\u200d]+|[\u200c\u200d]+(?={_LATIN})")
_NO_JOINERS = {0x200C: None, 0x200D: None}
_SURROGATE = re.compile("[\ud800-\udfff]")


def strip_control(text: str) -> str:
    """`text` without terminal escape sequences, control and format characters; newlines and tabs stay.

    Nothing that leaves through a terminal may drive it, and two texts that look the same must be the same. What
    separates lines becomes a newline. Surrogates (from undecodable input) become U+FFFD.
    """
    if text.replace("\n", " ").isprintable():  # most is, and then none of these is in it
        return text
    seen = _UNSEEN.sub("", _SEPARATOR.sub("\n", _ESCAPE.sub("", text)))
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _JOINERS.sub("", seen))


def spaced(text: str) -> str:
    """`text` with a space for whatever separates lines in it, but for its newlines."""
    return _SEPARATOR.sub(" ", text)


def one_line(text: str) -> str:
    """`text` without control and format characters, on one line, with single spaces."""
    return " ".join(strip_control(text).split())


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
    folded = without_joiners(unicodedata.normalize("NFKC", phrasing).casefold())
    return " ".join(re.findall(r"\w+", folded))


def words(text: str) -> list[str]:
    """The words of `text` in lower case."""
    return _WORD.findall(text.lower())
