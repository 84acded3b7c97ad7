"""Corpus -> the texts that the page's table is taught with, and those held out that say how sure it may be.

Every text has one class. Besides the entries these are what the corpus does not answer, what people plainly tell of
themselves, and for each warning sign what sounds like it and is none, and what may be it: so a message can be about a
sign in many ways, as it cannot where one plane parts signs from everything else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatbot import settings
from chatbot.building.training_set import labelled_questions
from chatbot.corpus.corpus import Corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.exporting.features import words_of
from chatbot.records import Entry, LabelledQuestion

_PLAIN_WORDS = 20  # a longer message tells more than what someone has
_FEW_WAYS = 8  # to ask for an entry: each of their words counts
_SHOWN = ("answer", "small-talk")
_HAVE_LOOK_ALIKES = ("urgent", "all-clear")


@dataclass(frozen=True)
class Classes:
    """What a message may mean, as numbers: first each of the `entries`, by its row."""

    entries: Sequence[Entry]

    @cached_property
    def urgent(self) -> list[int]:
        """The rows of warning signs."""
        return [row for row, entry in enumerate(self.entries) if entry.kind == "urgent"]

    @cached_property
    def shown(self) -> list[int]:
        """The rows of the entries that may be shown for what they say."""
        return [row for row, entry in enumerate(self.entries) if entry.kind in _SHOWN]

    @cached_property
    def talk(self) -> list[int]:
        """The rows of small talk."""
        return [row for row, entry in enumerate(self.entries) if entry.kind == "small-talk"]

    @property
    def outside(self) -> int:
        """What has no answer."""
        return len(self.entries)

    @property
    def plain(self) -> int:
        """What is only told."""
        return len(self.entries) + 1

    @cached_property
    def look_alikes(self) -> dict[int, int]:
        """What sounds like an entry and is something else, by the entry's row."""
        rows = [row for row, entry in enumerate(self.entries) if entry.kind in _HAVE_LOOK_ALIKES]
        return {row: self.plain + place for place, row in enumerate(rows, 1)}

    @cached_property
    def cautions(self) -> dict[int, int]:
        """What may be a warning sign, by the row of its entry."""
        begin = self.plain + len(self.look_alikes)
        return {row: begin + place for place, row in enumerate(self.urgent, 1)}

    @property
    def count(self) -> int:
        return self.plain + 1 + len(self.look_alikes) + len(self.cautions)


@dataclass(frozen=True)
class Labelled:
    """Texts and the class of each."""

    texts: Sequence[str]
    classes: Sequence[int]


@dataclass(frozen=True)
class Lesson:
    """What is taught, and what is held out: questions with the rows of their entries (none: they have no answer),
    warning signs and what sounds like one, and the `words` of ordinary questions, each once. Of what is taught, `asked`
    are the questions of entries that have but a few."""

    taught: Labelled
    questions: Sequence[tuple[str, frozenset[int]]]
    signs: Sequence[str]
    look_alikes: Sequence[str]
    words: Sequence[str] = ()
    asked: Sequence[str] = ()


def lesson(corpus: Corpus, classes: Classes) -> Lesson:
    """The lesson of a corpus. One message in five of an answer, of a sign and of what sounds like one is held out; the
    questions are those that say how sure the bot may be, too."""
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    urgent = [entry.messages for entry in corpus.entries if entry.kind == "urgent"]
    taught = list(_taught(corpus, classes))
    questions = [(asked.query, _rows(asked, rows)) for asked in labelled_questions(corpus)]
    signs = frozenset(classes.urgent)
    ordinary = [text for text, expected in questions if signs.isdisjoint(expected)]
    return Lesson(
        Labelled([text for text, _ in taught], [each for _, each in taught]),
        questions,
        [text for messages in urgent for text in messages.phrasings if is_held_out(text)],
        [text for messages in urgent for text in messages.look_alikes if is_held_out(text)],
        list(dict.fromkeys(word for text in ordinary for word in words_of(text))),
        asked=[text for entry in corpus.entries if len(entry.phrasings) < _FEW_WAYS for text in entry.phrasings],
    )


def _rows(asked: LabelledQuestion, rows: dict[str, int]) -> frozenset[int]:
    return frozenset(rows[expected] for expected in asked.expected)


def _taught(corpus: Corpus, classes: Classes) -> Iterator[tuple[str, int]]:
    for row, entry in enumerate(corpus.entries):
        messages = entry.messages
        ways = [entry.question, *entry.alternate_questions, *_not_held_out(messages.phrasings)]
        yield from ((text, row) for text in ways)
        if row in classes.look_alikes:
            like = classes.look_alikes[row]
            yield from ((text, like) for text in (*entry.look_alikes, *_not_held_out(messages.look_alikes)))
        yield from ((text, classes.cautions[row]) for text in messages.cautions)
    told = (each.text for each in corpus.conditions.messages if each.said)
    yield from ((text, classes.plain) for text in told if "?" not in text and len(text.split()) <= _PLAIN_WORDS)
    outside = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    yield from ((text, classes.outside) for text in outside)


def _not_held_out(messages: Sequence[str]) -> Iterator[str]:
    return (text for text in messages if not is_held_out(text))
