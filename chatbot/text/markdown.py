"""The one parser of Markdown: CommonMark and tables, with citations, without HTML.

- `[@id]` and `[@one; @two]` are citations, as in Pandoc; a comma is read like the semicolon. `\\[@id]` is literal text,
  so is what stands in code, and `[@name](https://…)` is a link.
- `<!-- comments -->` are dropped. Of other HTML only the text stays; a `<br>`, or the tag of a block, breaks the line.

The parser takes time in proportion to the text, whatever its marks. Importing it takes longer than answering a
question, so that happens when the first text is read.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache
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
_COMMENT_END = re.compile("-->")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_HEADING = re.compile(r"##(?:[ \t]|$)")
_MAY_HIDE_HEADINGS = re.compile("```|~~~|<!--")


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
    parser.block.ruler.before("fence", "comment", _skip_comment, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


@cache
def _outline_parser() -> "MarkdownIt":
    return _block_parser()


@cache
def _parser() -> "MarkdownIt":
    parser = _block_parser().enable("inline")
    parser.inline.ruler.after("link", "citation", _read_citation)
    parser.core.ruler.after("inline", "tidy", _tidy)
    return parser


def _skip_comment(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
    """The parser's rule for a comment that begins a line; it may hold empty lines, headings, anything. What follows
    it in its last line stays. A comment of one line with text behind it is left to the text's own rules."""
    begin = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith("<!--", begin):
        return False
    # Searched for once: where none ends, each that begins would look through the rest of the text.
    if "comment ends" not in state.env:
        state.env["comment ends"] = [match.end() for match in _COMMENT_END.finditer(state.src)]
    ends = state.env["comment ends"]
    place = bisect_left(ends, begin + len("<!-->"))
    last = bisect_left(state.eMarks, ends[place], first, end) if place < len(ends) else end
    if last == end:
        return False
    rest = state.src[ends[place] : state.eMarks[last]]
    if rest.strip() and last == first:
        return False
    if not silent:
        state.env["html"] = True
        state.line = last + 1
        if rest.strip():
            state.line = last
            state.bMarks[last] = ends[place]
            state.tShift[last] = len(rest) - len(rest.lstrip())
            state.sCount[last] = state.blkIndent
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
                token.children = _joined(_breaks_for_tags(token.children))


def _number_lines(children: "Iterable[Token]", line: int) -> None:
    for child in children:
        child.map = [line, line + 1]
        line += 1 if child.type in BREAKS else child.content.count("\n")


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
