"""The two forms of a corpus, each read into parsed entries: Markdown files with front matter, and JSON Lines."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from chatbot.corpus.fields import FIELDS, ParsedAnswer, ParsedEntry, ParsedField, Unread
from chatbot.corpus.ids import topic_name
from chatbot.corpus.validation import Report, suggestion
from chatbot.corpus.yaml_fields import read_fields
from chatbot.records import Severity
from chatbot.text.markdown import section_lines
from chatbot.text.reading import plain_text, read_answer

MAX_ENTRY_BYTES = 1_000_000
_NOT_EMPTY = re.compile(rb"\S[^\n]*")
_JSON_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")
_SHOWN_FIELDS, _SHOWN_CHARACTERS = 20, 100
_JSON_ID = re.compile(rb'"id"\s*:\s*"([^"\\]*)"')
_JSON_FIELDS = {*FIELDS, "id", "topic", "answer", "answers"}


def decode(data: bytes, report: Report) -> str | None:
    """UTF-8 text of a file, without a byte order mark; None when it is too large or not text."""
    if len(data) > MAX_ENTRY_BYTES:
        report(1, f"{len(data):,} bytes; an entry has at most {MAX_ENTRY_BYTES:,}: split it", "error")
        return None
    return decode_lines(data, report)


def decode_lines(data: bytes, report: Report) -> str | None:
    """The same of a file of lines, which may have any number of them."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report(line, "not UTF-8 text; save the file as UTF-8", "error")
        return None


def read_markdown(text: str, file: str, entry_id: str, topic: str, report: Report) -> ParsedEntry | None:
    """One entry: YAML front matter between `---` lines, then `##` sections."""
    parts = re.split(r"^---[ \t]*$\n?", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) < 3 or parts[0].strip():
        report(1, "no front matter; begin the file with `---`, the fields and `---`", "error")
        return None
    values = read_fields(parts[1], parts[0].count("\n") + 1, report)
    if values is None:
        return None
    body_line = text[: len(text) - len(parts[2])].count("\n") + 1
    answers = tuple(_sections(parts[2], body_line))
    stray = _line_above(parts[2], answers[0].line - body_line if answers else None)
    if stray is not None:
        report(body_line + stray, "text before the first `## Viewpoint` heading; move it below one", "error")
    unread = frozenset(() if stray is None else {"answers"})
    return ParsedEntry(file, 1, entry_id, topic_name(topic), values, answers, unread)


def _line_above(body: str, first_heading: int | None) -> int | None:
    """The line, from 0, in which text above the first heading begins; None where there is none."""
    above = "\n".join(body.split("\n")[:first_heading])
    if not read_answer(above).markdown.strip():
        return None
    return above[: len(above) - len(above.lstrip())].count("\n")


def _sections(body: str, first_line: int) -> Iterator[ParsedAnswer]:
    lines = body.split("\n")
    headings = section_lines(body)
    for heading, end in pairwise([*headings, len(lines)]):
        text = "\n".join(lines[heading + 1 : end])
        text_line = heading + 1 + len(text) - len(text.lstrip("\n"))
        yield ParsedAnswer(plain_text(lines[heading]), text.strip("\n"), first_line + heading, first_line + text_line)


def read_json_lines(data: bytes, file: str, report: Report, unread: Unread | None = None) -> Iterator[ParsedEntry]:
    """One entry an object a line; empty lines do not matter.

    What exports have in every line, as a field that is not ours, is one problem of the file. The ids of lines that
    cannot be read are added to `unread`.
    """
    unread = unread or Unread()
    if _JSON_LIST.match(data):
        report(1, "a JSON list; write its objects a line each, without the brackets and the commas between", "error")
        unread.everything = True
        return
    everywhere, failed = _Everywhere(report), _Failed(report)
    for number, line in _numbered_lines(data):
        text = decode(line, failed.at(number))
        if text is not None and not text.strip():
            continue
        record = None if text is None else _json_record(text, failed.at(number))
        if record is None:
            unread.names.update(name.decode("utf-8", "replace") for name in _JSON_ID.findall(line)[:1])
            continue
        failed.tell_each()
        everywhere.count(record, number)
        yield _json_entry(record, file, number, report)
    everywhere.tell()
    failed.tell_one()


def _numbered_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    number, counted = 1, 0
    for line in _NOT_EMPTY.finditer(data):
        number += data.count(b"\n", counted, line.start())
        counted = line.start()
        yield number, line[0]


def _json_record(text: str, report: Report) -> dict[str, Any] | None:
    try:
        record = json.loads(text, object_pairs_hook=_fields_once)
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else getattr(error, "msg", str(error))
        report(1, f"not valid JSON ({reason}); write one object a line", "error")
        return None
    if isinstance(record, dict):
        return record
    report(1, 'not an object; write {"id": …, "question": …, "answer": …}', "error")
    return None


def _fields_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        name = next(name for name, several in Counter(name for name, _ in pairs).items() if several > 1)
        raise ValueError(f"the field {name[:_SHOWN_CHARACTERS]!r} appears twice")
    return record


class _Failed:
    """The lines of a file that cannot be read: each is told, or one for all where not one line can be."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._held: list[tuple[int, str, Severity]] | None = []

    def at(self, line: int) -> Report:
        """Reports a problem of the text of one line, which knows no other."""

        def report(_line: int, message: str, severity: Severity) -> None:
            if self._held is None:
                self._report(line, message, severity)
            else:
                self._held.append((line, message, severity))

        return report

    def tell_each(self) -> None:
        """Some line can be read, so that the others are each a problem."""
        for problem in self._held or ():
            self._report(*problem)
        self._held = None

    def tell_one(self) -> None:
        """Unless a line could be read, the file is another than it should be."""
        if self._held:
            line, message, severity = self._held[0]
            others = f" (not one of {len(self._held):,} lines can be read)" if len(self._held) > 1 else ""
            self._report(line, message + others, severity)


class _Everywhere:
    """What exports have in all their lines: fields that are not a corpus's, and no ids."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._lines: dict[str, list[int]] = {}

    def count(self, record: dict[str, Any], line: int) -> None:
        for name in record.keys() - _JSON_FIELDS:
            self._lines.setdefault(name, []).append(line)
        if record.get("id") in (None, ""):
            self._lines.setdefault("id", []).append(line)

    def tell(self) -> None:
        if "id" in self._lines:
            lines = self._lines.pop("id")
            self._report(lines[0], f"no id{_in_many(lines)}; write one", "error")
        names = sorted(self._lines, key=lambda name: (self._lines[name][0], name))
        for name in names[:_SHOWN_FIELDS]:
            lines, shown = self._lines[name], name[:_SHOWN_CHARACTERS]
            message = f"unknown field {shown!r}{_in_many(lines)}; it is left out{suggestion(shown, _JSON_FIELDS)}"
            self._report(lines[0], message, "warning")
        if len(names) > _SHOWN_FIELDS:
            message = f"{len(names) - _SHOWN_FIELDS:,} more unknown fields in this file; they are left out"
            self._report(1, message, "warning")


def _in_many(lines: list[int]) -> str:
    return f" in {len(lines):,} lines, here first" if len(lines) > 1 else ""


def _json_entry(record: dict[str, Any], file: str, line: int, report: Report) -> ParsedEntry:
    values = {name: _json_value(record[name], line) for name in FIELDS if record.get(name) is not None}
    written = _written_answers(record, line, report)
    answers = tuple(_json_answers(written, line, report))
    unread = {"answers"} if written and not answers else set()
    topic = record.get("topic") or ""
    if not isinstance(topic, str):
        report(line, "'topic' must be one line of text", "error")
    entry_id = record.get("id")
    if isinstance(entry_id, bool) or not isinstance(entry_id, str | int | None):
        report(line, "'id' must be one line of text", "error")
        entry_id = None
    if entry_id in (None, ""):  # told for the whole file
        unread.add("id")
        entry_id = ""
    return ParsedEntry(file, line, str(entry_id), topic_name(str(topic)), values, answers, frozenset(unread))


def _json_value(value: Any, line: int) -> ParsedField:
    if isinstance(value, str):
        return ParsedField(value, line)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ParsedField(tuple((item, line) for item in value), line)
    return ParsedField(None, line)


def _written_answers(record: dict[str, Any], line: int, report: Report) -> list[Any]:
    if record.get("answer") and record.get("answers"):
        report(line, "both 'answer' and 'answers'; keep one of them", "error")
    written = record.get("answers") or record.get("answer") or []
    return written if isinstance(written, list) else [written]


def _json_answers(written: list[Any], line: int, report: Report) -> Iterator[ParsedAnswer]:
    for answer in written:
        if isinstance(answer, str):
            yield ParsedAnswer("Answer", answer, line)
        elif isinstance(answer, dict) and isinstance(answer.get("text"), str):
            yield ParsedAnswer(str(answer.get("viewpoint") or "Answer"), answer["text"], line)
        else:
            report(line, "an answer must be text, or an object with 'viewpoint' and 'text'", "error")
