"""A table in a YAML file: a list of rows, each with the same fields, of text on one line or of a list of texts.

`red-flags.yaml`, `parts.yaml` and `conditions.yaml` are such tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chatbot.corpus.validation import Report, closest, suggestion
from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping as Row
from chatbot.corpus.yaml_nodes import Node, Scalar, Sequence
from chatbot.records import Severity
from chatbot.text.cleaning import one_line

Texts = tuple[tuple[str, int], ...]  # each with its line


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table: its form, what to say where a row lacks it (empty: it may), and whether it holds prose, in
    which a colon or a number sign means nothing."""

    form: Literal["text", "list"]
    missing: str = ""
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: rows that are each called a `row`, with these `fields`."""

    row: str
    fields: Mapping[str, Field]

    def read(self, text: str | None, report: Report) -> "TableRows":
        """The rows in the text of a file. Text that is None could not be read. What is wrong is reported."""
        root, problems = read(text or "", [name for name, field in self.fields.items() if field.prose])
        for problem in problems:
            report(problem.line, str(problem), "error")
        reported, begin = {problem.line for problem in problems}, f"`- {next(iter(self.fields))}: …`"
        if not isinstance(root, Sequence):
            if text is not None and not problems:
                report(1, f"no list of {self.row}s; begin each with {begin} and its fields below it", "error")
            return TableRows([], report, whole=False)

        def report_once(line: int, message: str, severity: Severity) -> None:
            if line not in reported:
                report(line, message, severity)

        reader = _Reader(self, report_once)
        for node in root.items:
            if not isinstance(node, Row):
                report_once(node.line, f"a {self.row} must have fields: {begin} and those below it", "error")
        rows = [reader.row(node) for node in root.items if isinstance(node, Row)]
        whole = not problems and len(rows) == len(root.items) and all(row.whole for row in rows)
        return TableRows(rows, report_once, whole)


class TableRow(NamedTuple):
    """A row with its line; a field that it lacks, or that is not understood, is empty. `whole`: nothing of it was
    reported."""

    line: int
    fields: Mapping[str, Texts]
    whole: bool


class TableRows(NamedTuple):
    """The rows of a file; what reports what else is wrong, but for lines of which something was said; and whether
    nothing was reported."""

    rows: list[TableRow]
    report: Report
    whole: bool


@dataclass
class _Reader:
    """Reads the rows of a table."""

    table: Table
    report: Report

    def row(self, node: Row) -> TableRow:
        known = self.table.fields
        fields = {name: self._field(name, value) for name, value in node.items.items()}
        misread = {closest(name, known) for name, texts in fields.items() if texts is None}
        missing = [name for name, field in known.items() if field.missing and not fields.get(name)]
        for name in missing:
            if name not in misread:
                self.error(node.items.get(name, node).line, known[name].missing)
        whole = not missing and not misread
        return TableRow(node.line, {name: fields.get(name) or () for name in known}, whole)

    def error(self, line: int, message: str) -> None:
        self.report(line, message, "error")

    def _field(self, name: str, node: Node) -> Texts | None:
        """The texts of a field; None when it is not understood, which is reported."""
        field = self.table.fields.get(name)
        if field is None:
            self.error(node.line, f"{name!r} is not a field of a {self.table.row}{suggestion(name, self.table.fields)}")
        elif isinstance(node, Scalar) and (field.form == "text" or not node.value):
            return self._texts(name, (node,) if node.value else ())
        elif isinstance(node, Sequence) and field.form == "list":
            return self._texts(name, node.items)
        else:
            what = "one line of text" if field.form == "text" else "a list of text, a line each"
            self.error(node.line, f"{name!r} must be {what}")
        return None

    def _texts(self, name: str, nodes: tuple[Node, ...]) -> Texts | None:
        for node in nodes:
            if not isinstance(node, Scalar) or not one_line(node.value):
                self.error(node.line, f"a line of {name!r} is no text; put it in quotes, or remove it")
                return None
        return tuple((one_line(node.value), node.line) for node in nodes if isinstance(node, Scalar))


def words(texts: Texts) -> tuple[str, ...]:
    """The texts without their lines."""
    return tuple(text for text, _ in texts)


def first(texts: Texts) -> str:
    """The text of a field of one line; empty where there is none."""
    return texts[0][0] if texts else ""
