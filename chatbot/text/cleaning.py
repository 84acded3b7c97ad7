"""Text as people and terminals see it: cleaning what comes in, cutting and plain forms of what goes out."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|[@-_])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def strip_control(text: str) -> str:
    """`text` without terminal escape sequences and control characters; newlines and tabs stay.

    Nothing that leaves through a terminal may drive it. Surrogates (from undecodable input) become U+FFFD, and
    characters that reverse the reading direction go too, as they can make a text look like another.
    """
    if text.isprintable():  # most is, and then none of these is in it
        return text
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub("", _ESCAPE.sub("", text)))


def one_line(text: str) -> str:
    """`text` without control characters, on one line, with single spaces."""
    return " ".join(strip_control(text).split())


def shorten(text: str, characters: int) -> str:
    """The first words of `text` that fit in `characters`, with an ellipsis when something was cut."""
    if len(text) <= characters:
        return text
    whole_words = text[: characters - 1].rpartition(" ")[0] or text[: characters - 2]
    return whole_words.rstrip(" ,;:.") + " …"


def normalise(phrasing: str) -> str:
    """`phrasing` as compared with others: case folded, letters and digits only, single spaces."""
    folded = unicodedata.normalize("NFKC", phrasing).casefold()
    return " ".join(re.findall(r"\w+", folded))


def words(text: str) -> list[str]:
    """The words of `text` in lower case."""
    return _WORD.findall(text.lower())
