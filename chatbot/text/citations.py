"""Citations in answers, and the words of an answer without its marks."""

import re

from chatbot.text.cleaning import one_line

# What an editor writes may be a megabyte of anything, so each of these takes time in proportion to the text.

_CITATION = re.compile(r"(?<!\s)\s*+\[((?:@[\w:.-]+)(?:\s*;\s*@[\w:.-]+)*)\]")
_CITED_ID = re.compile(r"@([\w:.-]*\w)")
_MARK = re.compile(r"(?:\*|__|`)(?=\S)")
_CLOSERS = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)})") for mark in ("**", "__", "*", "`")}
_LIST_MARK = re.compile(r"^[^\S\n]*+(?:[-*+]|\d++[.)])\s+", re.MULTILINE)


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
