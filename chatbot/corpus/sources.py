"""The publications that a corpus cites, read from `sources.yaml`."""

from dataclasses import dataclass, field

from chatbot.corpus.fields import Unread
from chatbot.corpus.validation import Report, closest, suggestion
from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping, Scalar, Sequence
from chatbot.records import Source

_FIELDS = {"id", "title", "authors", "year", "container", "doi", "url", "type", "finding", "verified"}
_NOTES = {"note", "doi_seen", "url_seen"}
_NEEDED = ("id", "title")
_PROSE = ("title", "authors", "container", "finding", "note")


@dataclass(frozen=True)
class Sources:
    """The sources by id, the line of each in the file, and those that could not be read."""

    by_id: dict[str, Source] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)


def read_sources(text: str | None, report: Report) -> Sources:
    """The sources in the text of a file, None when that could not be read, which is reported."""
    sources = Sources()
    root, problems = read(text or "", _PROSE)
    for problem in problems:
        report(problem.line, str(problem), "error")
    listed = root.items.get("sources") if isinstance(root, Mapping) else None
    if not isinstance(listed, Sequence):
        sources.unread.everything = True
        if text is not None and not problems:
            report(1, "no list of sources; begin the file with `sources:` and a list below it", "error")
        return sources
    for node in listed.items:
        if isinstance(node, Mapping):
            _add(node, sources, report)
        elif node.line not in {problem.line for problem in problems}:
            report(node.line, "a source must have fields: `- id: …` and those below it", "error")
    return sources


def _add(node: Mapping, sources: Sources, report: Report) -> None:
    fields: dict[str, str] = {}
    misread = set()
    for name, value in node.items.items():
        if name in _FIELDS and isinstance(value, Scalar):
            fields[name] = value.value
        elif name in _FIELDS:
            misread.add(name)
            report(value.line, f"{name!r} must be one line of text; put it in quotes", "error")
        elif name not in _NOTES:
            misread.add(closest(name, _FIELDS))
            report(value.line, f"{name!r} is not a field of a source{suggestion(name, _FIELDS)}", "error")
    verified = fields.pop("verified", "") == "true"
    lacking = [name for name in _NEEDED if not fields.get(name)]
    if missing := [name for name in lacking if name not in misread]:
        report(node.line, f"a source without {' and '.join(missing)}; add it", "error")
    if lacking:
        sources.unread.names.add(fields.get("id", ""))
        return
    source_id = fields["id"]
    if source_id in sources.by_id:
        report(node.line, f"the source {source_id!r} appears twice; remove one", "error")
    sources.by_id[source_id] = Source(**fields, verified=verified)
    sources.lines[source_id] = node.line
