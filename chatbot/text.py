"""Text as people and terminals see it: cleaning what comes in, cutting and plain forms of what goes out."""

import re
import unicodedata

# What an editor writes may be a megabyte of anything, so each of these takes time in proportion to the text.
_CITATION = re.compile(r"(?<!\s)\s*+\[((?:@[\w:.-]+)(?:\s*;\s*@[\w:.-]+)*)\]")
_CITED_ID = re.compile(r"@([\w:.-]*\w)")
_MARK = re.compile(r"(?:\*|__|`)(?=\S)")
_CLOSERS = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)})") for mark in ("**", "__", "*", "`")}
_LIST_MARK = re.compile(r"^[^\S\n]*+(?:[-*+]|\d++[.)])\s+", re.MULTILINE)
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


def cited_ids(markdown: str) -> list[str]:
    """The ids cited in `[@id]` or `[@id; @id]` (Pandoc's citation form), in order, each once."""
    found = (match for group in _CITATION.finditer(markdown) for match in _CITED_ID.findall(group[1]))
    return list(dict.fromkeys(found))


def number_citations(markdown: str, numbers: dict[str, int]) -> str:
    """`markdown` with its `[@id]` citations turned into `[1]`, `[2; 3]`; an id without number is dropped."""

    def numbered(match: re.Match[str]) -> str:
        known = [str(numbers[source]) for source in _CITED_ID.findall(match[1]) if source in numbers]
        return f" [{'; '.join(known)}]" if known else ""

    return _CITATION.sub(numbered, markdown)


def drop_citations(markdown: str) -> str:
    """`markdown` without its `[@id]` citations."""
    return _CITATION.sub("", markdown)


def plain(markdown: str) -> str:
    """The words of `markdown` on one line: no citations, emphasis marks or list marks."""
    text = _LIST_MARK.sub("", drop_citations(markdown))
    return one_line(" ".join(map(_without_emphasis, text.split("\n"))))


def _without_emphasis(line: str) -> str:
    """`line` without the marks around its emphasised words; marks within them stay."""
    if not _MARK.search(line):
        return line
    last = _LastClosers(line)
    kept: list[str] = []
    place = 0
    while found := _MARK.search(line, place):
        begin = found.start()
        inner, end = _emphasised(line, begin, last)
        kept += (line[place:begin], inner)
        place = end
    return "".join((*kept, line[place:]))


class _LastClosers(dict[str, int]):
    """Where each mark may close something for the last time in a line, found once it is asked about; 0: nowhere."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self._line = line

    def __missing__(self, mark: str) -> int:
        found = self[mark] = max((closer.start() for closer in _CLOSERS[mark].finditer(self._line)), default=0)
        return found


def _emphasised(line: str, begin: int, last: _LastClosers) -> tuple[str, int]:
    """What a mark at `begin` emphasises and where that ends; the mark itself where nothing closes it."""
    for mark, closer in _CLOSERS.items():
        inside = begin + len(mark)
        opens = line.startswith(mark, begin) and not line[inside : inside + 1].isspace()
        # Searched for only where there is one: an unclosed mark would have each look through the rest of the line.
        if opens and last[mark] > inside:
            end = next(closer.finditer(line, inside + 1)).start()
            return line[inside:end], end + len(mark)
    return line[begin], begin + 1


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
