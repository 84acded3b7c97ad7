"""YAML as text with line numbers: every scalar stays the text that was written.

The corpus needs the line of each value for its messages, and it needs `no`, `1e3` and `12:30` to stay words. So
this reads PyYAML's events rather than its objects. Events also make hostile input harmless: aliases are refused
(they can explode), nesting is bounded, and nothing is ever constructed but text, lists and mappings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

MAX_DEPTH = 6
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """The text is not YAML of the kind used here. `line` counts from 1 within the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar, as it was written."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields by name, in the order written."""

    items: "dict[str, Node]"
    line: int


Node = Scalar | Sequence | Mapping


def load(text: str) -> Node | None:
    """The one document in `text` as nodes, or None when it is empty. Raises `YamlError`."""
    try:
        return _document(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise YamlError(mark.line + 1 if mark else 1, f"not valid YAML ({reason})") from error


def _document(events: Iterator[yaml.Event]) -> Node | None:
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise YamlError(_line(event), "a second YAML document")
        if isinstance(event, yaml.NodeEvent):
            root = _node(event, events, depth=1)
    return root


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlError(line, "YAML anchors and aliases (& and *) are not allowed; quote the text if it begins so")
    if depth > MAX_DEPTH:
        raise YamlError(line, f"nested more than {MAX_DEPTH} deep")
    if isinstance(event, yaml.ScalarEvent):
        absent = not event.style and event.value in ("", "~", "null")
        return Scalar("" if absent else event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(tuple(_sequence(events, depth)), line)
    return Mapping(_mapping(events, depth), line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _sequence(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _node(event, events, depth + 1)


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, Node]:
    items: dict[str, Node] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar):
            raise YamlError(key.line, "a field's name must be a word")
        if key.value in items:
            raise YamlError(key.line, f"the field {key.value!r} stands twice")
        items[key.value] = _node(next(events), events, depth + 1)
    return items
