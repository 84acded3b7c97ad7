"""The table of red flags, read from `red-flags.yaml`: how answers name a warning sign, and how urgent it is then.

A row belongs to an urgent entry. `chatbot.checking.red_flags` holds the answers to it; nothing else reads it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Literal

from chatbot.corpus.cross_references import Entries
from chatbot.corpus.sources import Sources
from chatbot.corpus.validation import Report, closest, suggestion
from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping as Row
from chatbot.corpus.yaml_nodes import Node, Scalar, Sequence
from chatbot.records import CARES, KINDS, Care
from chatbot.text.cleaning import one_line

_FIELDS: dict[str, Literal["text", "list"]] = {
    "sign": "text",
    "says": "list",
    "care": "text",
    "time": "list",
    "source": "text",
}
_PROSE = ("says", "time")
Texts = tuple[tuple[str, int], ...]  # each with its line
_CARES = ", ".join(CARES)
_MISSING = {
    "sign": "a red flag without 'sign'; name its urgent entry",
    "says": "no phrase in 'says'; write how answers name this sign, a line each",
    "care": f"a red flag without 'care'; write one of {_CARES}",
    "time": "no word in 'time'; write those of which one must stand with the sign, as [now, at once]",
    "source": "a red flag without 'source'; name what it rests on",
}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A row: how answers name the sign of the urgent entry `sign` (`says`), how urgent that is, and the words of which
    one must stand with it (`time`). `line` is that of the row in the file."""

    sign: str
    says: tuple[str, ...]
    care: Care
    time: tuple[str, ...]
    source: str
    line: int


def cares_of(entries: Entries) -> dict[str, Care | None]:
    """How urgent each urgent entry is, by id; None where its kind or its care was reported."""
    cares: dict[str, Care | None] = {}
    for entry, parsed in entries.values():
        kind, care = (written.value if (written := parsed.values.get(name)) else "" for name in ("kind", "care"))
        if entry.kind == "urgent":
            cares[entry.id] = entry.care if entry.care == care else None
        elif kind and kind not in KINDS:
            cares[entry.id] = None
    return cares


def read_red_flags(
    text: str | None, cares: Mapping[str, Care | None], unread: Container[str], sources: Sources, report: Report
) -> tuple[RedFlag, ...]:
    """The rows in the text of a file, None when that could not be read, which is reported.

    `cares` are those of the urgent entries, `unread` are entries that could not be read. What is wrong with a row is
    reported; one that lacks something is left out.
    """
    root, problems = read(text or "", _PROSE)
    for problem in problems:
        report(problem.line, str(problem), "error")
    if not isinstance(root, Sequence):
        if text is not None and not problems:
            report(1, "no list of red flags; begin each with `- sign: …` and its fields below it", "error")
        return ()
    table = _Table(cares, unread, sources, report, {problem.line for problem in problems})
    return tuple(flag for node in root.items if (flag := table.row(node)))


@dataclass
class _Table:
    """Makes rows of nodes. Of a line in `reported`, no more is said."""

    cares: Mapping[str, Care | None]
    unread: Container[str]
    sources: Sources
    report: Report
    reported: Container[int]
    signs: dict[str, str] = field(default_factory=dict)  # by phrase

    def row(self, node: Node) -> RedFlag | None:
        if not isinstance(node, Row):
            self._error(node.line, "a red flag must have fields: `- sign: …` and those below it")
            return None
        fields = {name: self._field(name, value) for name, value in node.items.items()}
        misread = {closest(name, _FIELDS) for name, texts in fields.items() if texts is None}
        for name, message in _MISSING.items():
            if not fields.get(name) and name not in misread:
                self._error(node.items.get(name, node).line, message)
        sign, says, written, time, source = (fields.get(name) or () for name in _FIELDS)
        self._check_sign(sign)
        self._check_says(says, sign)
        care = self._care(written, sign)
        self._check_source(source)
        if not (sign and says and care and time and source):
            return None
        return RedFlag(sign[0][0], _words(says), care, _words(time), source[0][0], node.line)

    def _error(self, line: int, message: str) -> None:
        if line not in self.reported:
            self.report(line, message, "error")

    def _field(self, name: str, node: Node) -> Texts | None:
        """The texts of a field; None when it is not understood, which is reported."""
        wanted = _FIELDS.get(name)
        if wanted is None:
            self._error(node.line, f"{name!r} is not a field of a red flag{suggestion(name, _FIELDS)}")
        elif isinstance(node, Scalar) and (wanted == "text" or not node.value):
            return self._texts(name, (node,) if node.value else ())
        elif isinstance(node, Sequence) and wanted == "list":
            return self._texts(name, node.items)
        else:
            what = "one line of text" if wanted == "text" else "a list of text, a line each"
            self._error(node.line, f"{name!r} must be {what}")
        return None

    def _texts(self, name: str, nodes: tuple[Node, ...]) -> Texts | None:
        for node in nodes:
            if not isinstance(node, Scalar) or not one_line(node.value):
                self._error(node.line, f"a line of {name!r} is no text; put it in quotes, or remove it")
                return None
        return tuple((one_line(node.value), node.line) for node in nodes if isinstance(node, Scalar))

    def _check_sign(self, written: Texts) -> None:
        for sign, line in written:
            if sign not in self.cares and sign not in self.unread:
                hint = suggestion(sign, self.cares) or "; correct it, or write that entry"
                self._error(line, f"'sign' is {sign!r}, which is no urgent entry{hint}")

    def _check_says(self, written: Texts, sign: Texts) -> None:
        for phrase, line in written:
            key = phrase.casefold()
            if key in self.signs:
                self._error(line, f"the phrase {phrase!r} stands above, for {self.signs[key]!r}; keep one of them")
            self.signs.setdefault(key, sign[0][0] if sign else "")

    def _care(self, written: Texts, sign: Texts) -> Care | None:
        if not written:
            return None
        text, line = written[0]
        care = next((care for care in CARES if care == text), None)
        needed = self.cares.get(sign[0][0]) if sign else None
        if care is None:
            self._error(line, f"'care' is {text!r}; it must be one of {_CARES}")
        elif needed and care != needed:
            self._error(line, f"'care' is {text!r}, but {sign[0][0]!r} is {needed}; correct one of them")
        return care

    def _check_source(self, written: Texts) -> None:
        for source, line in written:
            if source not in self.sources.by_id and source not in self.sources.unread:
                hint = suggestion(source, self.sources.by_id) or "; add it to sources.yaml"
                self._error(line, f"names the unknown source {source!r}{hint}")


def _words(texts: Texts) -> tuple[str, ...]:
    return tuple(text for text, _ in texts)
