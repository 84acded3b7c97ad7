"""Answer Markdown -> lines for a terminal: wrapped by cells, with lists hanging and emphasis painted."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from wcwidth import width as cells
from wcwidth import wrap as wrap_cells

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# paint(role, text) -> text, with or without escape sequences around it
Paint = Callable[[str, str], str]
_INDENT = "  "


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "autolink"])


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """`text` in lines of at most `width` cells; the first begins with `first`, the others with `rest`."""
    lines: list[str] = wrap_cells(text, max(width, cells(rest) + 8), initial_indent=first, subsequent_indent=rest)
    return lines


def terminal_lines(markdown: str, width: int, paint: Paint, indent: str = "") -> list[str]:
    """`markdown` as lines of at most `width` cells, each beginning with `indent`; blank lines between blocks."""
    from markdown_it.tree import SyntaxTreeNode

    return list(_blocks(SyntaxTreeNode(_parser().parse(markdown)).children, width, paint, indent))


def _blocks(nodes: "list[SyntaxTreeNode]", width: int, paint: Paint, indent: str) -> Iterator[str]:
    for place, node in enumerate(nodes):
        if place:
            yield ""
        yield from _block(node, width, paint, indent)


def _block(node: "SyntaxTreeNode", width: int, paint: Paint, indent: str) -> Iterator[str]:
    if node.type in ("bullet_list", "ordered_list"):
        yield from _list(node, width, paint, indent)
    elif node.type in ("paragraph", "heading"):
        text = _inline(node.children[0], paint)
        for line in text.split("\n"):
            yield from wrap(paint("viewpoint", line) if node.type == "heading" else line, width, indent, indent)
    elif node.type in ("fence", "code_block"):
        for line in node.content.rstrip("\n").split("\n"):
            yield from wrap(line, width, indent + _INDENT, indent + _INDENT)
    elif node.children:
        yield from _blocks(node.children, width, paint, indent + _INDENT)
    elif node.type == "hr":
        yield indent + "---"


def _list(node: "SyntaxTreeNode", width: int, paint: Paint, indent: str) -> Iterator[str]:
    start = int(node.attrs.get("start", 1))
    ordered = node.type == "ordered_list"
    for number, item in enumerate(node.children, start=start):
        mark = f"{number}. " if ordered else "- "
        first, rest = f"{indent}{_INDENT}{mark}", f"{indent}{_INDENT}{' ' * len(mark)}"
        lines = [line for block in item.children for line in _block(block, width, paint, rest)]
        yield first + lines[0].removeprefix(rest) if lines else first.rstrip()
        yield from lines[1:]


def _inline(node: "SyntaxTreeNode", paint: Paint) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    inner = "".join(_inline(child, paint) for child in node.children)
    if node.type in ("strong", "em"):
        return paint("strong" if node.type == "strong" else "emphasis", inner)
    if node.type == "link":
        return f"{inner} ({node.attrs.get('href', '')})"
    return inner
