"""The two forms a corpus can have, each read into drafts: Markdown files with front matter, and JSON Lines."""

import json
import re
from collections.abc import Iterator
from typing import Any

from chatbot.corpus.validation import FIELDS, ParsedAnswer, ParsedEntry, ParsedField, Report, suggestion
from chatbot.corpus.yaml_nodes import Mapping, Node, Scalar, Sequence, YamlError, load
from chatbot.text.cleaning import one_line

MAX_ENTRY_BYTES = 1_000_000
_HEADING = re.compile(r"^##[ \t]+(.*)$", re.MULTILINE)
_NOT_EMPTY = re.compile(rb"\S[^\n]*")
_JSON_FIELDS = {*FIELDS, "id", "topic", "answer", "answers"}


def decode(data: bytes, report: Report) -> str | None:
    """UTF-8 text of a file, without a byte order mark; None when it is too large or not text."""
    if len(data) > MAX_ENTRY_BYTES:
        report(1, f"{len(data):,} bytes; an entry has at most {MAX_ENTRY_BYTES:,}: split it", "error")
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
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
    try:
        fields = load(parts[1])
    except YamlError as problem:
        report(problem.line + 1, str(problem), "error")
        return None
    if not isinstance(fields, Mapping):
        report(1, "the front matter is not a list of `field: value` lines", "error")
        return None
    body_line = text[: len(text) - len(parts[2])].count("\n") + 1
    values = {name: _yaml_value(node) for name, node in fields.items.items()}
    return ParsedEntry(file, 1, entry_id, one_line(topic), values, tuple(_sections(parts[2], body_line, report)))


def _yaml_value(node: Node) -> ParsedField:
    line = node.line + 1  # the front matter begins in the file's second line
    if isinstance(node, Scalar):
        return ParsedField(node.value, line)
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        return ParsedField(tuple((item.value, item.line + 1) for item in node.items if isinstance(item, Scalar)), line)
    return ParsedField(None, line)


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


def read_json_lines(data: bytes, file: str, report: Report) -> Iterator[ParsedEntry]:
    """One entry an object a line; empty lines do not matter."""
    number, counted = 1, 0
    for line in _NOT_EMPTY.finditer(data):
        number += data.count(b"\n", counted, line.start())
        counted = line.start()
        text = decode(line[0], _at_line(number, report))
        if text is None or not text.strip():
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "nested too deep")
            report(number, f"not valid JSON ({reason}); write one object a line", "error")
            continue
        if isinstance(record, dict):
            yield _json_draft(record, file, number, report)
        else:
            report(number, 'not an object; write {"id": …, "question": …, "answer": …}', "error")


def _at_line(number: int, report: Report) -> Report:
    """`report` for what knows no line, as the text of one."""
    return lambda _line, message, severity: report(number, message, severity)


def _json_draft(record: dict[str, Any], file: str, line: int, report: Report) -> ParsedEntry:
    for name in record.keys() - _JSON_FIELDS:
        report(line, f"unknown field {name!r}{suggestion(name, _JSON_FIELDS)}", "error")
    values = {name: _json_value(record[name], line) for name in FIELDS if record.get(name) is not None}
    answers = tuple(_json_answers(record, line, report))
    topic = record.get("topic") or ""
    if not isinstance(topic, str):
        report(line, "'topic' must be one line of text", "error")
    return ParsedEntry(file, line, str(record.get("id", "")), one_line(str(topic)), values, answers)


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
