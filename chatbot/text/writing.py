"""A text in Markdown, written again: without comments and HTML, its citations numbered."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chatbot.text.cleaning import strip_control
from chatbot.text.markdown import MAY_BEGIN_HTML, parse

if TYPE_CHECKING:
    from chatbot.text.markdown import Node, Token

# Where a line of text would begin a block; a list only interrupts a paragraph when it counts from 1.
_RULER = r"(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$|(?:-[ \t]*)+$|=+[ \t]*$"
_BEGINS = rf"(?=[-+*](?:\s|$)|#{{1,6}}(?:\s|$)|>|`{{3,}}[^`]*$|~~~|\[[^\]]*\]:|{_RULER})"
_BEGINS_BLOCK = re.compile(rf"(\d{{1,9}}(?=[.)](?:\s|$))|{_BEGINS})")
_INTERRUPTS = re.compile(rf"(1(?=[.)](?:\s|$))|{_BEGINS})")


def to_markdown(markdown: str, numbers: Mapping[str, int] | None = None) -> str:
    """`markdown` without comments and HTML. With `numbers`, a citation is `[1]` or `[2; 3]` by the numbers of its ids,
    and an id without one is dropped; else citations stay as they were written."""
    return "\n".join(_Writer(numbers).blocks(parse(markdown).children))


def citation(node: "Node | Token", numbers: Mapping[str, int]) -> str:
    """A citation by the numbers of its ids; empty when none has one."""
    known = [str(numbers[source_id]) for source_id in node.meta["ids"] if source_id in numbers]
    return f"[{'; '.join(known)}]" if known else ""


def join_spans(nodes: "Iterable[Node]", span: "Callable[[Node], str]") -> str:
    """What `span` makes of each node within a line, with a space before citations that follow something."""
    written: list[str] = []
    for node in nodes:
        text = span(node)
        written.append(f" {text}" if node.type == "citation" and text and written else text)
    return "".join(written)


def escape_html(text: str) -> str:
    """`text` such that no reader of Markdown takes a part of it for HTML."""
    return MAY_BEGIN_HTML.sub(r"\\<", text)


class _Writer:
    def __init__(self, numbers: Mapping[str, int] | None) -> None:
        self.numbers = numbers

    def blocks(self, nodes: "Iterable[Node]", *, tight: bool = False) -> list[str]:
        """The lines of some blocks; between two there is an empty one, unless they belong to a tight list."""
        written: list[str] = []
        for node in nodes:
            lines = self.block(node)
            written += ["", *lines] if written and lines and not tight else lines
        return written

    def block(self, node: "Node") -> list[str]:
        if node.type == "paragraph":
            return _text_lines(self.inline(node))
        if node.type == "heading":
            return [f"{'#' * int(node.tag[1:])} {self.one_line(node)}"]
        if node.type in ("bullet_list", "ordered_list"):
            return self.items(node)
        if node.type == "blockquote":
            return [f"> {line}".rstrip() for line in self.blocks(node.children)]
        if node.type == "fence":
            return [node.markup + node.info, *node.content.splitlines(), node.markup]
        if node.type == "code_block":
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", node.content)), default=0))
            return [fence, *node.content.splitlines(), fence]
        return self.table(node) if node.type == "table" else [node.markup[:3]]

    def items(self, node: "Node") -> list[str]:
        tight = any(block.hidden for item in node.children for block in item.children)
        written: list[str] = []
        for item in node.children:
            mark = f"{item.info}{item.markup} "
            first, *rest = self.blocks(item.children, tight=tight) or [""]
            lines = [f"{mark}{first}".rstrip(), *(f"{' ' * len(mark)}{line}".rstrip() for line in rest)]
            written += ["", *lines] if written and not tight else lines
        return written

    def table(self, node: "Node") -> list[str]:
        rows = [[self.one_line(cell).replace("|", "\\|") for cell in row.children] for row in rows_of(node)]
        ruler = [_RULERS[str(cell.attrs.get("style", ""))] for cell in rows_of(node)[0].children]
        return [f"| {' | '.join(cells)} |" for cells in (rows[0], ruler, *rows[1:])]

    def one_line(self, node: "Node") -> str:
        return self.inline(node).replace("\\\n", " ").replace("\n", " ")

    def inline(self, node: "Node") -> str:
        return self.spans(node.children[0].children).strip() if node.children else ""

    def spans(self, nodes: "Iterable[Node]") -> str:
        return join_spans(nodes, self.span)

    def span(self, node: "Node") -> str:
        if node.type == "text":
            return escape_html(node.content)
        if node.type == "text_special":
            return node.markup if strip_control(node.content) else ""
        if node.type == "code_inline":
            return _code(node)
        if node.type in ("softbreak", "hardbreak"):
            return "\n" if node.type == "softbreak" else "\\\n"
        if node.type == "citation":
            return node.content if self.numbers is None else citation(node, self.numbers)
        if node.type == "image":
            return f"![{self.spans(node.children)}]{_target(node, 'src')}"
        inner = self.spans(node.children)
        if node.type == "link":
            return f"<{inner}>" if node.markup == "autolink" else f"[{inner}]{_target(node, 'href')}"
        return f"{node.markup}{inner}{node.markup}" if inner else ""


_RULERS = {"": "---", "text-align:left": ":---", "text-align:right": "---:", "text-align:center": ":---:"}


def rows_of(table: "Node") -> "Sequence[Node]":
    """The rows of a table, its head first."""
    return [row for part in table.children for row in part.children]


def _text_lines(text: str) -> list[str]:
    """The lines of a paragraph, none of which begins a block of another kind."""
    first, *others = text.split("\n")
    lines = [_escape_start(_BEGINS_BLOCK, first), *(_escape_start(_INTERRUPTS, line) for line in others)]
    return lines if text else []


def _escape_start(block: re.Pattern[str], line: str) -> str:
    found = block.match(line)
    return f"{found[0]}\\{line[found.end() :]}" if found else line


def _code(node: "Node") -> str:
    padding = " " if node.content[:1] == "`" or node.content[-1:] == "`" else ""
    return f"{node.markup}{padding}{node.content}{padding}{node.markup}"


def _target(node: "Node", attribute: str) -> str:
    title = str(node.attrs.get("title", "")).replace('"', '\\"')
    address = str(node.attrs[attribute])
    address = f"<{address}>" if re.search(r"[()\s]|^$", address) else address
    return f'({address} "{title}")' if title else f"({address})"
