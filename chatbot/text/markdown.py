"""The one parser of Markdown: CommonMark and tables, with citations, without HTML.

- `[@id]` and `[@one; @two]` are citations, as in Pandoc; a comma is read like the semicolon. `\\[@id]` is literal text,
  so is what stands in code, and `[@name](https://…)` is a link.
- `<!-- comments -->`, scripts and styles are dropped. Of other HTML only the text stays, and the addresses of links; a
  `<br>`, or the tag of a block, breaks the line.

The parser takes time in proportion to the text, whatever its marks. Importing it takes longer than answering a
question, so that happens when the first text is read.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, TypeAlias

from chatbot.text.cleaning import strip_control

if TYPE_CHECKING:
    from markdown_it import MarkdownIt, token, tree
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    Token: TypeAlias = token.Token
    Node: TypeAlias = tree.SyntaxTreeNode

BREAKS = ("softbreak", "hardbreak")
MAY_BEGIN_HTML = re.compile(r"<(?=[A-Za-z/!?]|$)")
TEXTS = ("text", "text_special")  # as it stands there; what an escape or an entity stands for
_CITATION = re.compile(r"\[\s*+@\w[\w:.-]*+(?:\s*+[;,]\s*+@\w[\w:.-]*+)*+\s*+\]")
_CITED_ID = re.compile(r"@([\w:.-]*\w)")
# What is not for readers, from its begin to its end.
_HIDDEN = re.compile(r"<(?:!--|(?P<tag>script|style)(?=[\s/>]))", re.IGNORECASE)
_HIDDEN_ENDS = {
    "": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_BALANCED = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_HEADING = re.compile(r"##(?:[ \t]|$)")
_MAY_HIDE_HEADINGS = re.compile("```|~~~|<!--|<script|<style", re.IGNORECASE)


def parse(markdown: str) -> "Node":
    """The tree of a text. Beside the nodes of CommonMark and tables, a `citation` has the cited `ids` in its `meta`."""
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(tokens(markdown)[0])


def tokens(markdown: str) -> "tuple[list[Token], bool]":
    """The tokens of a text, and whether it has comments or other HTML. A token within a line of text has its line,
    from 0, in its `map`."""
    environment: MutableMapping[str, Any] = {}
    return _parser().parse(strip_control(markdown), environment), "html" in environment


def section_lines(markdown: str) -> list[int]:
    """The lines, from 0, that are headings `## …`: those in code and in comments are not."""
    candidates = [number for number, line in enumerate(markdown.split("\n")) if _HEADING.match(line)]
    if not candidates or not _MAY_HIDE_HEADINGS.search(markdown):
        return candidates
    parsed = _outline_parser().parse(markdown)
    headings = {token.map[0] for token in parsed if token.type == "heading_open" and token.level == 0 and token.map}
    return [number for number in candidates if number in headings]


def _block_parser() -> "MarkdownIt":
    """A parser of blocks alone."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["html_block", "inline", "text_join"])
    parser.block.ruler.before("fence", "hidden", _skip_hidden, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("table", _read_table, {"alt": ["paragraph", "reference"]})
    return parser


@cache
def _outline_parser() -> "MarkdownIt":
    return _block_parser()


@cache
def _parser() -> "MarkdownIt":
    parser = _block_parser().enable("inline")
    parser.inline.ruler.after("link", "citation", _read_citation)
    parser.inline.ruler.before("html_inline", "hidden", _read_hidden)
    parser.core.ruler.after("inline", "tidy", _tidy)
    return parser


def _skip_hidden(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
    """The parser's rule for a comment, script or style that begins a line; it may hold empty lines, headings, anything.
    What follows it in its last line stays. One of a line with text behind it is left to the text's own rules."""
    begin = _HIDDEN.match(state.src, state.bMarks[first] + state.tShift[first])
    if not begin or state.is_code_block(first):
        return False
    over = _end_of_hidden(state, begin)
    last = bisect_left(state.eMarks, over, first, end) if over else end
    if last == end:
        return False
    rest = state.src[over : state.eMarks[last]]
    if rest.strip() and last == first:
        return False
    if not silent:
        state.env["html"] = True
        state.line = last + 1
        if rest.strip():
            state.line = last
            state.bMarks[last] = over
            state.tShift[last] = len(rest) - len(rest.lstrip())
            state.sCount[last] = state.blkIndent
    return True


def _end_of_hidden(state: "StateBlock | StateInline", begin: re.Match[str]) -> int:
    """Where what begins so ends; 0 where it never does."""
    tag = (begin["tag"] or "").lower()
    # Searched for once: where none ends, each that begins would look through the rest of the text.
    known = state.env.setdefault("ends", {})
    if (state.src, tag) not in known:
        known[state.src, tag] = [match.end() for match in _HIDDEN_ENDS[tag].finditer(state.src)]
    ends = known[state.src, tag]
    place = bisect_left(ends, begin.start() + len("<!-->"))
    return ends[place] if place < len(ends) else 0


def _read_hidden(state: "StateInline", silent: bool) -> bool:
    """The parser's rule for a script or style within a text. One without an end stays, for its author to see."""
    begin = _HIDDEN.match(state.src, state.pos)
    if not begin or not begin["tag"]:
        return False
    over = _end_of_hidden(state, begin)
    if not silent:
        if over:
            state.push("html_inline", "", 0).content = state.src[state.pos : over]
        else:
            state.pending += begin[0]
    state.pos = over or begin.end()
    return True


def _read_table(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
    """The parser's rule for tables, which drops cells that have no head: each row gets what it lost in its `meta`."""
    from markdown_it.rules_block.table import escapedSplit, table

    begun = len(state.tokens)
    if not table(state, first, end, silent):
        return False
    columns = sum(token.type == "th_open" for token in state.tokens[begun:])
    for row in state.tokens[begun:]:
        if row.type == "tr_open" and row.map:
            line = row.map[0]
            written = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
            cells = escapedSplit(written.removeprefix("|"))
            row.meta["lost"] = [cell.strip() for cell in cells[columns:] if cell.strip()]
    return True


def _read_citation(state: "StateInline", silent: bool) -> bool:
    """The parser's rule for `[@id]`, where the brackets are not those of a link."""
    match = _CITATION.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        token.meta = {"ids": list(dict.fromkeys(_CITED_ID.findall(match[0])))}
    state.pos = match.end()
    return True


def _tidy(state: "StateCore") -> None:
    """The parser's last step: each token of a line of text gets its line, and HTML goes."""
    line = 0
    for token in state.tokens:
        line = token.map[0] if token.map else line
        if token.type == "inline" and token.children:
            _number_lines(token.children, line)
            kinds = {child.type for child in token.children}
            if "html_inline" in kinds or MAY_BEGIN_HTML.search(token.content):
                state.env["html"] = True
            if kinds & {"html_inline", "citation"}:
                _link_anchors(token.children)
                token.children = _joined(_breaks_for_tags(token.children))


def _number_lines(children: "Iterable[Token]", line: int) -> None:
    for child in children:
        child.map = [line, line + 1]
        line += 1 if child.type in BREAKS else child.content.count("\n")


def _link_anchors(children: "Sequence[Token]") -> None:
    """Makes links of `<a href="https://…">words</a>`, where these stand side by side and hold no other link."""
    begun: int | None = None
    for place, child in enumerate(children):
        if child.type == "link_open" or (begun is not None and child.level < children[begun].level):
            begun = None
        if child.type != "html_inline" or not (tag := _TAG_NAME.match(child.content)) or tag[1].lower() != "a":
            continue
        if tag[0].startswith("</"):
            inside = children[begun + 1 : place] if begun is not None else ()
            if begun is not None and child.level == children[begun].level and _may_be_linked(inside):
                _link(children[begun], child)
        begun = None if tag[0].startswith("</") else place


def _may_be_linked(inside: "Sequence[Token]") -> bool:
    texts = "".join(child.content for child in inside if child.type == "text")
    return any(child.content.strip() for child in inside) and bool(_BALANCED.fullmatch(texts))


def _link(begin: "Token", end: "Token") -> None:
    from markdown_it.common.normalize_url import normalizeLink

    address = _address(begin.content)
    if _ADDRESS.match(address):
        begin.type, begin.tag, begin.nesting, begin.content = "link_open", "a", 1, ""
        end.type, end.tag, end.nesting, end.content = "link_close", "a", -1, ""
        begin.attrs = {"href": normalizeLink(address)}


def _address(tag: str) -> str:
    """Where the tag of a link leads; empty when nowhere."""
    written: list[tuple[str, str | None]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: written.extend(attrs)  # type: ignore[method-assign] # noqa: ARG005
    reader.feed(tag)
    return (dict(written).get("href") or "").strip()


def _breaks_for_tags(children: "Iterable[Token]") -> "Iterator[Token]":
    from markdown_it.common.html_blocks import block_names

    for child in children:
        if child.type == "html_inline":
            name = _TAG_NAME.match(child.content)
            breaks = name and name[1].lower() in ("br", *block_names)
            child.type, child.content = ("hardbreak", "") if breaks else ("text", "")
        yield child


def _joined(children: "Iterable[Token]") -> "list[Token]":
    """`children` without spaces and breaks that lead to nothing: at either end, doubled, or before a citation."""
    kept: list[Token] = []
    for child in children:
        if child.type == "softbreak" and kept and kept[-1].type == "hardbreak":
            continue
        if child.type in (*BREAKS, "citation"):
            _trim(kept)
            if child.type in BREAKS and not kept:
                continue
        elif child.type == "text":
            if not kept or kept[-1].type in BREAKS or kept[-1].content.endswith(" "):
                child.content = child.content.lstrip(" ")
            if not child.content:
                continue
        kept.append(child)
    _trim(kept)
    return kept


def _trim(kept: "list[Token]") -> None:
    while kept and (kept[-1].type in BREAKS or (kept[-1].type == "text" and not kept[-1].content.strip())):
        kept.pop()
    if kept and kept[-1].type == "text":
        kept[-1].content = kept[-1].content.rstrip()
