"""What an answer says: its words without marks, what it cites, and what is wrong with its Markdown, by line."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from chatbot.records import Severity
from chatbot.text.cleaning import one_line, strip_control
from chatbot.text.markdown import BREAKS, TEXTS, tokens
from chatbot.text.writing import to_markdown

if TYPE_CHECKING:
    from chatbot.text.markdown import Token

_IN_EMPHASIS = ("text", "em_open", "em_close", "strong_open", "strong_close")
_MARK = re.compile(r"[*_~`\[\]<]")  # without one of these, which is fast to see, nothing is left over
# Marks that the parser took for text. Each is looked for within some characters, so that none takes long to find.
_MISREAD_CITATION = re.compile(
    r"(?P<citation>\[-?@\w[^\]]{0,40}\]?)|(?P<prefixed>\[[^\[\]@]{1,40}[\s;-]@\w[^\]]{0,40}\]?)"
)
_LEFT_OVER = re.compile(
    rf"{_MISREAD_CITATION.pattern}|(?P<comment><!--)|(?P<script>(?i:<(?:script|style)(?=[\s/>])))"
    r"|(?P<link>\]\()|(?P<code>`+)"
    r"|(?P<emphasis>\*\*+|(?<!\w)__|__(?!\w)|~~|(?<!\*)\*(?=[^\s*])[^*]{0,80}(?<=[^\s*])\*(?!\*))"
)
_CITE = "is not read as a citation; write `[@id]` or `[@one; @two]`, pages in words, or `\\[` for the bracket itself"
_ADVICE: Mapping[str, tuple[str, Severity]] = {
    "citation": (_CITE, "error"),
    "prefixed": (_CITE, "warning"),
    "comment": (
        "begins a comment that does not end before the next empty line; begin it on a line of its own",
        "error",
    ),
    "script": ("begins what ends below an empty line or nowhere; remove it up to its end", "error"),
    "link": ("is not read as a link; write `[words](https://…)`, without spaces in the address", "warning"),
    "code": ("has no pair and is shown as it is; close the code, or write ``\\` `` to show it", "warning"),
    "emphasis": (
        "marks nothing and is shown as it is; leave a space before and after the marked words and none inside, or"
        " write `\\` before each mark to show it",
        "warning",
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as it was read: its Markdown without comments and HTML; the words of each paragraph, heading, item of
    a list and cell of a table; the line of each id it cites; those that a line of dashes or equals signs makes
    headings; and each problem. Lines count from 0."""

    markdown: str
    blocks: tuple[str, ...]
    cited: Mapping[str, int]
    underlined: tuple[int, ...]
    problems: tuple[tuple[int, str, Severity], ...]


def plain_text(markdown: str) -> str:
    """The words of a text in Markdown on one line: no marks, no citations, no addresses of links."""
    return " ".join(read_answer(markdown).blocks)


# A build reads each answer several times: to check it, for the words it knows, for what it matches, and for previews.
@lru_cache(20_000)
def read_answer(text: str) -> Reading:
    """Read an answer as it was written."""
    markdown = strip_control(text)
    parsed, has_html = tokens(markdown)
    cited: dict[str, int] = {}
    for child in _children(parsed, "citation"):
        for source_id in child.meta["ids"]:
            cited.setdefault(source_id, _line(child))
    return Reading(
        markdown=to_markdown(markdown) if has_html else markdown,
        blocks=tuple(filter(None, map(_words, parsed))),
        cited=cited,
        underlined=tuple(_line(token) for token in parsed if token.type == "heading_open" and token.markup[0] in "-="),
        problems=tuple(dict.fromkeys(_problems(parsed))),
    )


def _words(token: "Token") -> str:
    if token.type == "inline":
        return one_line("".join(map(_word, token.children or ())))
    return one_line(token.content) if token.type in ("fence", "code_block") else ""


def _word(child: "Token") -> str:
    if child.type == "image":
        return "".join(map(_word, child.children or ()))
    if child.type in BREAKS:
        return " "
    return child.content if child.type in (*TEXTS, "code_inline") else ""


def _problems(parsed: "list[Token]") -> Iterator[tuple[int, str, Severity]]:
    for token in parsed:
        yield from _marked_citations(token.children or ())
        if lost := token.meta.get("lost"):
            what = f"{', '.join(map(repr, lost))} {'stand' if lost[1:] else 'stands'} in a column without a head"
            advice = "and is not shown; give the column a head, or write `\\|` for a bar in a cell"
            yield _line(token), f"{what} {advice}", "error"
    for child in _children(parsed, "text"):
        for mark in _LEFT_OVER.finditer(child.content) if _MARK.search(child.content) else ():
            advice, severity = _ADVICE[mark.lastgroup or ""]
            yield _line(child), f"{mark[0]!r} {advice}", severity


def _marked_citations(children: "Iterable[Token]") -> Iterator[tuple[int, str, Severity]]:
    """Citations with marks of emphasis inside, which the parser of citations does not look into."""
    for kept, run in groupby(children, lambda child: child.type in _IN_EMPHASIS):
        texts = [child for child in run if kept]
        if len(texts) > 1:
            written = "".join(child.content for child in texts)
            starts = list(accumulate((len(child.content) for child in texts), initial=0))
            for mark in _MISREAD_CITATION.finditer(written):
                first = bisect_right(starts, mark.start()) - 1
                if mark.end() > starts[first + 1]:
                    advice, severity = _ADVICE[mark.lastgroup or ""]
                    yield _line(texts[first]), f"{mark[0]!r} {advice}", severity


def _children(parsed: "list[Token]", kind: str) -> "Iterator[Token]":
    return (child for token in parsed for child in token.children or () if child.type == kind)


def _line(child: "Token") -> int:
    return child.map[0] if child.map else 0
