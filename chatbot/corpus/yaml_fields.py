"""The fields at the top of a Markdown entry, read from YAML."""

import re
from collections.abc import Container
from itertools import pairwise

from chatbot.corpus.fields import FIELDS, PROSE, ParsedField
from chatbot.corpus.validation import Report
from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping, Node, Scalar, Sequence

_BULLET = re.compile(r"^\s*(?:- +)?")
_NAME = re.compile(r"^[^:]*:\s*")


def read_fields(text: str, above: int, report: Report) -> dict[str, ParsedField] | None:
    """The fields by name with their lines in the file; None when there are none to be read, which is reported.

    `text` stands below the first `above` lines of the file.
    """
    fields, problems = read(text, PROSE)
    for problem in problems:
        report(problem.line + above, str(problem), "error")
    if isinstance(fields, Mapping):
        return _Fields(text, above, {problem.line for problem in problems}, report).values(fields)
    if not problems:
        report(above, "the front matter is not a list of `field: value` lines", "error")
    return None


class _Fields:
    """Makes values of nodes. Of a line whose mistake was reported, no more is said.

    A sentence that YAML reads as something else is taken as it was written.
    """

    def __init__(self, text: str, above: int, reported: Container[int], report: Report) -> None:
        self._lines = text.split("\n")
        self._above = above
        self._reported = reported
        self._report = report

    def values(self, fields: Mapping) -> dict[str, ParsedField]:
        return {name: value for name, node in fields.items.items() if (value := self._value(name, node))}

    def _value(self, name: str, node: Node) -> ParsedField | None:
        line = node.line + self._above
        if isinstance(node, Sequence) and FIELDS.get(name) == "list":
            return self._list(node)
        if isinstance(node, Scalar):
            self._check_lines(node)
            misread = FIELDS.get(name) == "list" and node.line in self._reported
            return None if misread else ParsedField(node.value, line)
        return ParsedField(self._as_written(node, _NAME) if name in PROSE and FIELDS[name] == "text" else None, line)

    def _check_lines(self, node: Scalar) -> None:
        """Text that goes on with a list below it has taken the list in."""
        items = [line for line in range(node.line + 1, node.last_line + 1) if self._lines[line - 1].lstrip()[:1] == "-"]
        if items and node.plain:
            message = "this line is read as a part of the text above; write the name of its field above it"
            self._report(items[0] + self._above, message, "error")

    def _list(self, node: Sequence) -> ParsedField:
        items = tuple(
            (item.value if isinstance(item, Scalar) else self._as_written(item, _BULLET), item.line + self._above)
            for item in node.items
        )
        bare = [isinstance(item, Scalar) and item.plain for item in node.items]
        divided = tuple(
            (before, item, line)
            for ((before, _), (item, line)), both in zip(pairwise(items), pairwise(bare), strict=True)
            if node.in_brackets and all(both)
        )
        return ParsedField(items, node.line + self._above, divided)

    def _as_written(self, node: Node, before: re.Pattern[str]) -> str:
        if node.line not in self._reported:
            what = "a list" if isinstance(node, Sequence) else "a field with its value"
            self._report(node.line + self._above, f"YAML reads this as {what}, not as text; put it in quotes", "error")
        return before.sub("", self._lines[node.line - 1]).strip()
