"""The table of red flags, read from `red-flags.yaml`: how answers name a warning sign, and how urgent it is then.

A row belongs to an urgent entry. `chatbot.checking.red_flags` holds the answers to it; nothing else reads it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from chatbot.corpus.cross_references import Entries
from chatbot.corpus.sources import Sources
from chatbot.corpus.validation import Report, suggestion
from chatbot.corpus.yaml_tables import Field, Table, Texts, first, words
from chatbot.records import CARES, KINDS, Care

_CARES = ", ".join(CARES)
_TABLE = Table(
    "red flag",
    {
        "sign": Field("text", "a red flag without 'sign'; name its urgent entry"),
        "says": Field("list", "no phrase in 'says'; write how answers name this sign, a line each", prose=True),
        "care": Field("text", f"a red flag without 'care'; write one of {_CARES}"),
        "time": Field(
            "list",
            "no word in 'time'; write those of which one must stand with the sign, as [now, at once]",
            prose=True,
        ),
        "source": Field("text", "a red flag without 'source'; name what it rests on"),
    },
)


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
    table = _TABLE.read(text, report)
    rows = _Rows(cares, unread, sources, table.report)
    return tuple(flag for line, fields, _ in table.rows if (flag := rows.row(line, fields)))


@dataclass
class _Rows:
    """Makes red flags of the rows of the table."""

    cares: Mapping[str, Care | None]
    unread: Container[str]
    sources: Sources
    report: Report
    signs: dict[str, str] = field(default_factory=dict)  # by phrase

    def row(self, line: int, fields: Mapping[str, Texts]) -> RedFlag | None:
        sign, says, written, time, source = fields.values()
        self._check_sign(sign)
        self._check_says(says, first(sign))
        care = self._care(written, sign)
        self._check_source(source)
        if not (sign and says and care and time and source):
            return None
        return RedFlag(first(sign), words(says), care, words(time), first(source), line)

    def _error(self, line: int, message: str) -> None:
        self.report(line, message, "error")

    def _check_sign(self, written: Texts) -> None:
        for sign, line in written:
            if sign not in self.cares and sign not in self.unread:
                hint = suggestion(sign, self.cares) or "; correct it, or write that entry"
                self._error(line, f"'sign' is {sign!r}, which is no urgent entry{hint}")

    def _check_says(self, written: Texts, sign: str) -> None:
        for phrase, line in written:
            key = phrase.casefold()
            if key in self.signs:
                self._error(line, f"the phrase {phrase!r} stands above, for {self.signs[key]!r}; keep one of them")
            self.signs.setdefault(key, sign)

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
