"""YAML as text with line numbers: every scalar stays the text that was written.

The corpus needs the line of each value for its messages, and it needs `no`, `1e3` and `12:30` to stay words. So
this reads PyYAML's events rather than its objects. Events also make hostile input harmless: aliases are refused
(they can explode), nesting is bounded, and nothing is ever constructed but text, lists and mappings.

Editors write sentences, and YAML takes some of their signs for its own. Where it would go on without a word, with a
part of what was written, it is refused as well: text cut by a `#`, a tag in place of a word, a list item taken into
the one above it.
"""

import re
import sys
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_DEPTH = 8
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# A comment that nobody can take for text: set off by two blanks, with one behind its sign.
_COMMENT = re.compile(r"(?:[ \t]{2,}|\t)#(?:[ \t]|$)", re.MULTILINE)
_CUT = re.compile(r"[ \t]+#")
OTHER_BULLETS = "*–—−•‣◦·"  # what people begin an item with, and YAML does not
_BULLET = re.compile(rf"\s*[-{OTHER_BULLETS}](?:\s|$)")
_FUSED = re.compile(r"[\w-]+[:：]\S")  # a field's name and its text
_NOTHING = ("~", "null")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class YamlError(Exception):
    """The text is not YAML of the kind used here. `line` counts from 1 within the text.

    `read_to` is the line up to which it was read, `begun` are further lines in which what failed may have begun.
    """

    def __init__(self, line: int, message: str, read_to: int = 0, begun: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.line = line
        self.read_to = read_to or line
        self.begun = begun


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar, as it was written, from its first line to its last. `plain` is true when no quotes stand around it."""

    value: str
    line: int
    last_line: int = field(default=0, compare=False)
    plain: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `in_brackets` is true when it is written as `[a, b]`."""

    items: "tuple[Node, ...]"
    line: int
    in_brackets: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields by name, in the order written."""

    items: "dict[str, Node]"
    line: int


Node = Scalar | Sequence | Mapping


def load(text: str, prose: Collection[str] = ()) -> Node | None:
    """The one document in `text` as nodes, or None when it is empty. Raises `YamlError`.

    `prose` names the fields that hold sentences: in these, a comment behind text must be set off from it.
    """
    if control := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise YamlError(line, "not valid YAML (control characters are not allowed)")
    composer = _Composer(text, prose)
    try:
        return composer.document()
    finally:
        composer.close()


def list_item(text: str) -> str:
    """`text` as one line of a YAML list, `- text`, in quotes where it would be read as something else."""
    return yaml.safe_dump([text], allow_unicode=True, width=sys.maxsize).rstrip("\n")


class _Composer:
    """Makes nodes of PyYAML's events."""

    def __init__(self, text: str, prose: Collection[str]) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._prose = prose
        self._events = self._parsed(text)
        self._line = 1  # of the newest event

    def close(self) -> None:
        """Let go of the text: what reads it and this hold each other, and a text may be read many times."""
        self._events.close()

    def _parsed(self, text: str) -> Generator[yaml.Event, None, None]:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._line = self._line_at(event.start_mark)
                yield event
        except yaml.YAMLError as error:
            place, context = (self._line_at(getattr(error, name, None)) for name in ("problem_mark", "context_mark"))
            reason = getattr(error, "problem", None) or "not YAML"
            begun = (self._line, context, max(1, place - 1))
            raise YamlError(place, f"not valid YAML ({reason})", self._line, begun) from error

    def _line_at(self, mark: Any) -> int:
        return min(mark.line + 1, len(self._lines)) if mark else self._line

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise YamlError(self._line, "a second YAML document")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1, prose=False)
        if isinstance(root, Scalar) and _FUSED.match(root.value):
            raise YamlError(root.line, "not a list of `field: value` lines")
        return root

    def _node(self, event: yaml.Event, depth: int, *, prose: bool) -> Node:
        line = self._line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, "YAML anchors and aliases (& and *) are not allowed")
        if getattr(event, "tag", None):
            raise YamlError(line, "YAML reads a word that begins with ! as a tag, not as text")
        if depth > MAX_DEPTH:
            raise YamlError(line, f"nested more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, prose=prose)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._sequence(depth, prose=prose)), line, bool(event.flow_style))
        return Mapping(self._mapping(depth), line)

    def _sequence(self, depth: int, *, prose: bool) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            if isinstance(event, yaml.ScalarEvent) and event.value in _NOTHING and not event.style:
                raise YamlError(self._line, f"YAML reads {event.value!r} as nothing, not as text")
            node = self._node(event, depth + 1, prose=prose)
            if isinstance(node, Scalar):
                self._check_that_it_holds_no_item(node)
            yield node

    def _mapping(self, depth: int) -> dict[str, Node]:
        items: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1, prose=False)
            if not isinstance(key, Scalar):
                raise YamlError(key.line, "a field's name must be a word")
            if key.value in items:
                raise YamlError(key.line, f"the field {key.value!r} appears twice")
            value = self._node(next(self._events), depth + 1, prose=key.value in self._prose)
            if value.line > key.line and isinstance(value, Scalar) and value.plain:
                self._check_that_it_is_no_item(value)
            items[key.value] = value
        return items

    def _scalar(self, event: yaml.ScalarEvent, line: int, *, prose: bool) -> Scalar:
        plain = not event.style
        value = "" if plain and event.value in _NOTHING else event.value
        last, end = (event.end_mark.line + 1, event.end_mark.index) if event.end_mark else (line, 0)
        if plain and prose and _CUT.match(self._text, end) and not _COMMENT.match(self._text, end):
            raise YamlError(last, f"a '#' begins a comment, which leaves {value!r} of the text")
        if prose and event.style == '"' and (control := _CONTROL.search(value)):
            raise YamlError(line, f"a '\\' in double quotes makes a control character ({control[0]!r})")
        return Scalar(value, line, last, plain)

    def _check_that_it_is_no_item(self, text: Scalar) -> None:
        if text.value and _BULLET.match(self._lines[text.line - 1]):
            raise YamlError(text.line, "YAML reads this as text, not as an item of a list")

    def _check_that_it_holds_no_item(self, item: Scalar) -> None:
        for line in range(item.line + 1, item.last_line + 1):
            if _BULLET.match(self._lines[line - 1]):
                message = (
                    "this item is read as a part of the one above" if item.plain else "the quotes close lines below"
                )
                raise YamlError(line if item.plain else item.line, message)
