"""A text in Markdown as the lines and tables of a page of text, before they are fitted to its width."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chatbot.text.cleaning import strip_control
from chatbot.text.markdown import parse
from chatbot.text.writing import citation, join_spans, rows_of

if TYPE_CHECKING:
    from chatbot.text.markdown import Node

# paint(role, text) -> text, with or without escape sequences around it
Paint = Callable[[str, str], str]
_INDENT = "  "


class Line(NamedTuple):
    """A line to wrap: the first of what it becomes begins with `first`, the others with `rest`. Code is not wrapped."""

    text: str
    first: str = ""
    rest: str = ""
    code: bool = False


class Table(NamedTuple):
    """The cells of a table, its head first; every row has the same number of them."""

    rows: Sequence[Sequence[str]]
    indent: str

    def as_lines(self) -> Iterator[Line]:
        """A line for each row: "head: cell · head: cell"."""
        head, *rows = self.rows
        for row in rows:
            cells = (f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=True) if cell)
            yield Line(" · ".join(cells).replace("\n", ", "), self.indent, self.indent + _INDENT)


def lay_out(markdown: str, paint: Paint, indent: str, numbers: Mapping[str, int]) -> Iterator[Line | Table]:
    """The lines and tables of `markdown`, each beginning with `indent`, with empty lines between blocks. Citations are
    shown by the numbers of their ids."""
    yield from _Layout(paint, numbers).blocks(parse(markdown).children, indent)


def plain_lines(markdown: str, numbers: Mapping[str, int]) -> str:
    """`markdown` as plain text, a paragraph a line."""
    laid_out = lay_out(markdown, lambda _role, text: text, "", numbers)
    lines = (line for part in laid_out for line in (part.as_lines() if isinstance(part, Table) else (part,)))
    return "\n".join(f"{line.first}{line.text}" for line in lines)


class _Layout:
    def __init__(self, paint: Paint, numbers: Mapping[str, int]) -> None:
        self.paint = paint
        self.numbers = numbers

    def blocks(self, nodes: "Iterable[Node]", indent: str) -> Iterator[Line | Table]:
        begun = False
        for node in nodes:
            for place, part in enumerate(self.block(node, indent)):
                if begun and not place:
                    yield Line("")
                yield part
                begun = True

    def block(self, node: "Node", indent: str) -> Iterator[Line | Table]:
        if node.type in ("bullet_list", "ordered_list"):
            yield from self.items(node, indent)
        elif node.type in ("paragraph", "heading"):
            for line in filter(None, self.inline(node).split("\n")):
                yield Line(self.paint("viewpoint", line) if node.type == "heading" else line, indent, indent)
        elif node.type in ("fence", "code_block"):
            for line in node.content.rstrip("\n").split("\n"):
                yield Line(line, indent + _INDENT, indent + _INDENT, code=True)
        elif node.type == "table":
            yield Table([[self.inline(cell) for cell in row.children] for row in rows_of(node)], indent)
        elif node.type == "hr":
            yield Line("---", indent, indent)
        else:
            yield from self.blocks(node.children, indent + _INDENT)

    def items(self, node: "Node", indent: str) -> Iterator[Line | Table]:
        start = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, start=start):
            mark = f"{number}. " if node.type == "ordered_list" else "- "
            first, rest = f"{indent}{_INDENT}{mark}", f"{indent}{_INDENT}{' ' * len(mark)}"
            parts = [part for block in item.children for part in self.block(block, rest)]
            begin = parts[0] if parts else None
            if isinstance(begin, Line) and begin.first == rest:
                yield begin._replace(first=first)
                yield from parts[1:]
            else:
                yield Line("", first.rstrip())
                yield from parts

    def inline(self, node: "Node") -> str:
        return self.spans(node.children[0].children).strip() if node.children else ""

    def spans(self, nodes: "Iterable[Node]") -> str:
        return join_spans(nodes, self.span)

    def span(self, node: "Node") -> str:
        if node.type in ("text", "text_special"):
            return strip_control(node.content)
        if node.type == "code_inline":
            return self.paint("code", node.content)
        if node.type in ("softbreak", "hardbreak"):
            return " " if node.type == "softbreak" else "\n"
        if node.type == "citation":
            return citation(node, self.numbers)
        inner = self.spans(node.children)
        if node.type in ("strong", "em"):
            return self.paint("strong" if node.type == "strong" else "emphasis", inner)
        address = str(node.attrs.get("href", node.attrs.get("src", "")))
        return inner if address.endswith(inner) else f"{inner} ({address})"
