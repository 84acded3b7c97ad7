"""The rules of one entry, from what was written.

Both corpus formats are read into parsed entries; from there on there is one set of rules and messages. A problem that
only follows from one that was reported is none: what could not be read may be named, and is not missing.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from chatbot.corpus.doses import read_dose
from chatbot.corpus.fields import FIELDS, ParsedAnswer, ParsedEntry, ParsedField
from chatbot.corpus.ids import id_problem
from chatbot.records import CARES, COMMANDS, KINDS, Answer, Care, Command, Dose, Entry, Kind, Severity, Source
from chatbot.text.cleaning import one_line, strip_control
from chatbot.text.reading import read_answer

# More than a person writes, and more than the encoder reads of a phrasing. Without an end, some work grows without end.
MAX_PHRASING, MAX_ITEMS, MAX_ANSWERS, MAX_TEXT = 1000, 1000, 100, 100_000

_IDS = ("related", "figures")  # the fields that name others

Report = Callable[[int, str, Severity], None]
Choice = TypeVar("Choice", bound=str)
Item = TypeVar("Item")


def closest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that `word` is likely to mean; empty when none is close."""
    from rapidfuzz import fuzz, process  # only mistakes need it

    best = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=75)
    return best[0] if best else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """'; did you mean …?' when a known word is close to `word`, else nothing."""
    meant = closest(word, known)
    return f"; did you mean {meant!r}?" if meant else ""


@dataclass
class EntryValidator:
    """Turns one parsed entry into an entry, and reports each problem by its line.

    `unread_sources` are those that could not be read: they may be cited.
    """

    parsed: ParsedEntry
    sources: Mapping[str, Source]
    report: Report
    unread_sources: Container[str] = ()
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def entry(self) -> Entry | None:
        """The entry, or None when it cannot stand: no id, no question or no answer."""
        written = self._fields()
        self._read_fields(written)
        kind = self._choice("kind", KINDS, "answer")
        care = self._care(kind, written)
        answers = self._answers()
        question = self._question(written.get("question"))
        if "id" not in self.parsed.unread and (problem := id_problem(self.parsed.id)):
            self._error(self.parsed.line, problem)
            return None
        if not question or not answers or not self.parsed.id:
            return None
        return Entry(
            id=self.parsed.id,
            question=question,
            answers=answers,
            alternate_questions=self.lists.get("alternate_questions", ()),
            look_alikes=self.lists.get("look_alikes", ()),
            related=self.lists.get("related", ()),
            avoid_if=self.lists.get("avoid_if", ()),
            reviewed=self._reviewed(),
            kind=kind,
            care=care,
            caution=self.texts.get("caution", "") if kind == "urgent" else "",
            topic=self.parsed.topic,
            command=self._command(kind),
            in_shell=self._in_shell(kind),
            figures=self._figures(kind),
            dose=self._dose(kind),
        )

    def _error(self, line: int, message: str) -> None:
        self.report(line, message, "error")

    def _question(self, written: ParsedField | None) -> str:
        question = self.texts.get("question", "")
        if not question and (written is None or isinstance(written.value, str)):
            how = "a line `question: …`" if self.parsed.is_markdown else 'the field "question"'
            self._error(self.parsed.line, f"no question; add {how}")
        return question

    def _read_fields(self, fields: Mapping[str, ParsedField]) -> None:
        for name, value in fields.items():
            wanted = FIELDS[name]
            if wanted == "text" and isinstance(value.value, str):
                self.texts[name] = self._short(name, one_line(value.value), value.line)
            elif wanted == "list" and isinstance(value.value, tuple):
                self.lists[name] = tuple(self._list_items(name, self._few(name, value.value, MAX_ITEMS, value.line)))
            elif wanted == "list" and value.value == "":
                self.lists[name] = ()
            else:
                what = "one line of text" if wanted == "text" else "a list of text, a line each"
                self._error(value.line, f"{name!r} must be {what}")

    def _fields(self) -> dict[str, ParsedField]:
        """What was written, by the names of fields; what has a wrong name, by the one that was meant."""
        fields = {name: value for name, value in self.parsed.values.items() if name in FIELDS}
        for name, value in self.parsed.values.items():
            if name not in FIELDS:
                self._error(value.line, f"unknown field {name!r}{suggestion(name, FIELDS)}")
                meant = closest(name, FIELDS)
                if meant and isinstance(value.value, str if FIELDS[meant] == "text" else tuple):
                    fields.setdefault(meant, value)
        return fields

    def _list_items(self, name: str, items: tuple[tuple[str, int], ...]) -> Iterable[str]:
        for item, line in items:
            # An id stays as it is.
            cleaned = self._short(name, strip_control(item).strip() if name in _IDS else one_line(item), line)
            if cleaned:
                yield cleaned
            else:
                self._error(line, f"an empty line in {name!r}; remove it")

    def _short(self, name: str, text: str, line: int) -> str:
        if len(text) > MAX_PHRASING:
            self._error(line, f"{len(text):,} characters in {name!r}; at most {MAX_PHRASING:,}: shorten it")
        return text[:MAX_PHRASING]

    def _few(self, name: str, items: tuple[Item, ...], most: int, line: int) -> tuple[Item, ...]:
        if len(items) > most:
            self._error(line, f"{len(items):,} {name}; at most {most:,}: split the entry")
        return items[:most]

    def _choice(self, name: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        written = self.texts.get(name)
        if not written:
            return default
        for choice in choices:
            if choice == written:
                return choice
        self._error(self.parsed.field_line(name), f"{name!r} is {written!r}; it must be one of {', '.join(choices)}")
        return default

    def _care(self, kind: Kind, written: Container[str]) -> Care | None:
        if (self.texts.get("kind") or kind) != kind:  # reported; it may have meant to be urgent
            return None
        if kind != "urgent":
            for name in ("care", "caution", "look_alikes"):
                if self.texts.get(name) or self.lists.get(name):
                    message = f"only urgent entries have {name!r}; remove it or add `kind: urgent`"
                    self._error(self.parsed.field_line(name), message)
            return None
        if "care" not in written:
            self._error(self.parsed.line, f"an urgent entry needs `care:` one of {', '.join(CARES)}")
        return self._choice("care", CARES, "emergency")

    def _command(self, kind: Kind) -> Command | None:
        written = self.texts.get("command")
        if not written:
            return None
        if (self.texts.get("kind") or kind) != kind:  # reported; it may have meant to be small talk
            return None
        if kind != "small-talk":
            message = "only small talk has a 'command'; remove it or add `kind: small-talk`"
            self._error(self.parsed.field_line("command"), message)
            return None
        return self._choice("command", COMMANDS, "again")

    def _in_shell(self, kind: Kind) -> str:
        written = self.texts.get("in_shell", "")
        if not written or (self.texts.get("kind") or kind) != kind:  # reported; it may have meant to be small talk
            return ""
        if kind != "small-talk":
            message = "only small talk has 'in_shell'; remove it or add `kind: small-talk`"
            self._error(self.parsed.field_line("in_shell"), message)
            return ""
        return written

    def _figures(self, kind: Kind) -> tuple[str, ...]:
        figures = self.lists.get("figures", ())
        if figures and kind != "answer":
            self._error(self.parsed.field_line("figures"), "only answers have 'figures'; remove it")
            return ()
        return figures

    def _dose(self, kind: Kind) -> Dose | None:
        items, line = self.lists.get("dose", ()), self.parsed.field_line("dose")
        if items and kind != "answer":
            self._error(line, "only answers have a 'dose'; remove it")
            return None
        return read_dose(items, lambda message: self._error(line, message))

    def _reviewed(self) -> date | None:
        written = self.texts.get("reviewed")
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self._error(self.parsed.field_line("reviewed"), f"'reviewed' is {written!r}; write the day as 2026-11-22")
            return None

    def _answers(self) -> tuple[Answer, ...]:
        if not self.parsed.answers and "answers" not in self.parsed.unread:
            how = "a `## Viewpoint` heading with the text below it" if self.parsed.is_markdown else 'the field "answer"'
            self._error(self.parsed.line, f"no answer; add {how}")
        written = self._few("answers", self.parsed.answers, MAX_ANSWERS, self.parsed.line)
        if (length := sum(len(parsed.text) for parsed in written)) > MAX_TEXT:
            self._error(self.parsed.line, f"{length:,} characters of answers; at most {MAX_TEXT:,}: split the entry")
            return ()
        return tuple(answer for parsed in written if (answer := self._answer(parsed)))

    def _answer(self, parsed: ParsedAnswer) -> Answer | None:
        reading = read_answer(parsed.text)
        if not reading.blocks:
            self._error(parsed.line, f"the answer of {parsed.viewpoint!r} is empty; write it or remove the heading")
            return None
        if not parsed.viewpoint:
            self._error(parsed.line, "a heading without a viewpoint; write who speaks, as in `## Physiotherapy`")
        for line, message, severity in reading.problems:
            self.report(self._line(parsed, line), message, severity)
        if self.parsed.is_markdown:
            for line in reading.underlined:
                message = "this is a heading for the line below it; write `## …`, or leave an empty line between"
                self._error(self._line(parsed, line), message)
        sources = [self._source(source_id, self._line(parsed, line)) for source_id, line in reading.cited.items()]
        cited = tuple(source for source in sources if source)
        return Answer(one_line(parsed.viewpoint), reading.markdown, cited, self.lists.get("avoid_if", ()))

    def _line(self, parsed: ParsedAnswer, inside: int) -> int:
        """The line of the file for a line of an answer, from 0; a JSON entry has one line."""
        return parsed.line if parsed.line == self.parsed.line else (parsed.text_line or parsed.line + 1) + inside

    def _source(self, source_id: str, line: int) -> Source | None:
        if source_id in self.sources:
            return self.sources[source_id]
        if source_id in self.unread_sources:
            return Source(source_id, "", verified=True)  # nothing can be said of it until it is read
        hint = suggestion(source_id, self.sources) or "; add it to sources.yaml"
        self._error(line, f"cites the unknown source {source_id!r}{hint}")
        return None
