"""An entry as it was written, in either form of a corpus: its fields and sections, with the line of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from chatbot.text.cleaning import one_line

# The fields that an entry may have beside its id and topic. `validation` makes an entry of them.
FIELDS: dict[str, Literal["text", "list"]] = {
    "question": "text",
    "alternate_questions": "list",
    "look_alikes": "list",
    "related": "list",
    "avoid_if": "list",
    "reviewed": "text",
    "kind": "text",
    "care": "text",
    "caution": "text",
    "command": "text",
    "in_shell": "text",
    "figures": "list",
    "dose": "list",
}
PROSE = (
    "question",
    "alternate_questions",
    "look_alikes",
    "avoid_if",
    "caution",
    "in_shell",
)  # those that hold sentences


@dataclass(frozen=True, slots=True)
class ParsedField:
    """A field's value with the line it stands in: text, or a list of text with a line each."""

    value: str | tuple[tuple[str, int], ...] | None  # None: neither text nor a list of text
    line: int
    # Items of a list that only a comma in brackets divides, each with the one before it: the comma may be the text's.
    divided: tuple[tuple[str, str, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """One section: its heading, its text and the heading's line."""

    viewpoint: str
    text: str
    line: int
    text_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ParsedMessages:
    """The messages in the file beside an entry, each with its line; none where there is no file."""

    file: str = ""
    phrasings: tuple[tuple[str, int], ...] = ()
    look_alikes: tuple[tuple[str, int], ...] = ()
    cautions: tuple[tuple[str, int], ...] = ()
    unanswered: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry as it was written: its fields by name and its sections.

    `unread` names what is there and was reported, as it could not be read: it is not missing.
    """

    file: str
    line: int
    id: str
    topic: str
    values: dict[str, ParsedField]
    answers: tuple[ParsedAnswer, ...]
    unread: frozenset[str] = frozenset()
    messages: ParsedMessages = field(default_factory=ParsedMessages)

    @property
    def is_markdown(self) -> bool:
        """Whether it was written as a Markdown file, rather than as a line of JSON."""
        return self.file.endswith(".md")

    def field_line(self, name: str) -> int:
        """The line of a field; of the entry where it has none."""
        value = self.values.get(name)
        return value.line if value else self.line

    def phrasings(self) -> Iterator[tuple[str, str, int]]:
        """Each alternate question and each message as it is matched, with its file and line."""
        yield from ((text, self.file, line) for text, line in self._alternate_questions())
        yield from ((text, self.messages.file, line) for text, line in self.messages.phrasings)

    def _alternate_questions(self) -> Iterator[tuple[str, int]]:
        written = self.values.get("alternate_questions")
        if written and isinstance(written.value, tuple):
            yield from ((one_line(text), line) for text, line in written.value if one_line(text))


@dataclass
class Unread:
    """What is there and could not be read, by name; `everything` when no name could be read.

    Whatever names it is right to do so, as far as anyone can tell until it is mended.
    """

    names: set[str] = field(default_factory=set)
    everything: bool = False

    def __contains__(self, name: object) -> bool:
        return self.everything or name in self.names
