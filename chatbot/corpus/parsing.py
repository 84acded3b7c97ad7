"""The two forms of a corpus, each read into parsed entries: Markdown files with front matter, and JSON Lines."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chatbot.corpus.front_matter import read_fields
from chatbot.corpus.validation import FIELDS, ParsedAnswer, ParsedEntry, ParsedField, Report, Unread, suggestion
from chatbot.text.cleaning import one_line

MAX_ENTRY_BYTES = 1_000_000
_HEADING = re.compile(r"^##[ \t]+(.*)$", re.MULTILINE)
_NOT_EMPTY = re.compile(rb"\S[^\n]*")
_JSON_ID = re.compile(rb'"id"\s*:\s*"([^"\\]*)"')
_JSON_FIELDS = {*FIELDS, "id", "topic", "answer", "answers"}


def decode(data: bytes, report: Report) -> str | None:
    """UTF-8 text of a file, without a byte order mark; None when it is too large or not text."""
    if len(data) > MAX_ENTRY_BYTES:
        report(1, f"{len(data):,} bytes; an entry has at most {MAX_ENTRY_BYTES:,}: split it", "error")
        return None
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
    values = read_fields(parts[1], report)
    if values is None:
        return None
    body_line = text[: len(text) - len(parts[2])].count("\n") + 1
    return ParsedEntry(file, 1, entry_id, one_line(topic), values, tuple(_sections(parts[2], body_line, report)))


def _sections(body: str, first_line: int, report: Report) -> Iterator[ParsedAnswer]:
    headings = list(_HEADING.finditer(body))
    preamble = body[: headings[0].start()] if headings else body
    if preamble.strip():
        lead = preamble[: len(preamble) - len(preamble.lstrip())].count("\n")
        report(first_line + lead, "text before the first `## Viewpoint` heading; move it below one", "error")
    line = first_line + preamble.count("\n")
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        end = following.start() if following else len(body)
        text = body[heading.end() : end]
        lead = len(text) - len(text.lstrip("\n"))
        yield ParsedAnswer(heading[1].rstrip(" \t#").strip(), text.strip("\n"), line, line + lead)
        line += text.count("\n")


def read_json_lines(data: bytes, file: str, report: Report, unread: Unread | None = None) -> Iterator[ParsedEntry]:
    """One entry an object a line; empty lines do not matter. A field that is not ours is one warning for the file.

    The ids of lines that cannot be read are added to `unread`.
    """
    unread = unread or Unread()
    others = _OtherFields()
    number, counted = 1, 0
    for line in _NOT_EMPTY.finditer(data):
        number += data.count(b"\n", counted, line.start())
        counted = line.start()
        text = decode(line[0], _at_line(number, report))
        if text is not None and not text.strip():
            continue
        record = None if text is None else _json_record(text, number, report)
        if record is None:
            unread.names.update(name.decode("utf-8", "replace") for name in _JSON_ID.findall(line[0])[:1])
            continue
        others.count(record, number)
        yield _json_entry(record, file, number, report)
    others.report_to(report)


def _json_record(text: str, line: int, report: Report) -> dict[str, Any] | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deep")
        report(line, f"not valid JSON ({reason}); write one object a line", "error")
        return None
    if isinstance(record, dict):
        return record
    report(line, 'not an object; write {"id": …, "question": …, "answer": …}', "error")
    return None


class _OtherFields:
    """Counts the fields of a JSON Lines file that are not a corpus's, as exports have them."""

    _SHOWN = 20

    def __init__(self) -> None:
        self._lines: Counter[str] = Counter()
        self._first: dict[str, int] = {}

    def count(self, record: dict[str, Any], line: int) -> None:
        for name in record.keys() - _JSON_FIELDS:
            self._lines[name] += 1
            self._first.setdefault(name, line)

    def report_to(self, report: Report) -> None:
        for name in sorted(self._first, key=lambda name: (self._first[name], name))[: self._SHOWN]:
            lines = self._lines[name]
            where = f"in {lines:,} lines, here first, " if lines > 1 else ""
            message = f"unknown field {name[:100]!r} {where}is left out{suggestion(name[:100], _JSON_FIELDS)}"
            report(self._first[name], message, "warning")
        if (more := len(self._first) - self._SHOWN) > 0:
            report(1, f"{more:,} more unknown fields in this file are left out", "warning")


def _at_line(number: int, report: Report) -> Report:
    """`report` for what knows no line, as the text of one."""
    return lambda _line, message, severity: report(number, message, severity)


def _json_entry(record: dict[str, Any], file: str, line: int, report: Report) -> ParsedEntry:
    values = {name: _json_value(record[name], line) for name in FIELDS if record.get(name) is not None}
    answers = tuple(_json_answers(record, line, report))
    unread = {"answers"} if not answers and record.get("answers", record.get("answer")) else set()
    topic = record.get("topic") or ""
    if not isinstance(topic, str):
        report(line, "'topic' must be one line of text", "error")
    entry_id = record.get("id")
    if isinstance(entry_id, bool) or not isinstance(entry_id, str | int | None):
        report(line, "'id' must be one line of text", "error")
        unread.add("id")
        entry_id = None
    entry_id = "" if entry_id is None else str(entry_id)
    return ParsedEntry(file, line, entry_id, one_line(str(topic)), values, answers, frozenset(unread))


def _json_value(value: Any, line: int) -> ParsedField:
    if isinstance(value, str):
        return ParsedField(value, line)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ParsedField(tuple((item, line) for item in value), line)
    return ParsedField(None, line)


def _json_answers(record: dict[str, Any], line: int, report: Report) -> Iterator[ParsedAnswer]:
    written = record.get("answers", record.get("answer", []))
    for answer in written if isinstance(written, list) else [written]:
        if isinstance(answer, str):
            yield ParsedAnswer("Answer", answer, line)
        elif isinstance(answer, dict) and isinstance(answer.get("text"), str):
            yield ParsedAnswer(str(answer.get("viewpoint") or "Answer"), answer["text"], line)
        else:
            report(line, "an answer must be text, or an object with 'viewpoint' and 'text'", "error")
