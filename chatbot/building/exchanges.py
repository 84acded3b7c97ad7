"""Trial messages of conversations -> what is learnt from how people go on after an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.arrays import NONE, Flags, Rows, Vectors
from chatbot.corpus.corpus import Corpus
from chatbot.matching.follow_ups import mean_of
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.specifics import words_unsaid
from chatbot.matching.turns import Turns
from chatbot.records import TURNS, Entry, LabelledQuestion, Turn
from chatbot.text.message import SHORT, read_message
from chatbot.text.spelling import SpellingCorrector

# (name of the array, stage of the build, texts) -> their vectors
Vectorise = Callable[[str, str, Sequence[str]], Vectors]

# What `exchanges` has vectors written to: those of the messages, of these behind the question before them, and of those
# questions.
EXCHANGE_ARRAYS = ("turn-vectors", "turn-joined-vectors", "turn-question-vectors")


@dataclass(frozen=True)
class Texts:
    """Some texts with their unit vectors, shape (texts, dimension)."""

    texts: Sequence[str]
    vectors: Vectors


@dataclass(frozen=True)
class Exchanges:
    """What people said next to answers: the messages, the same behind the question that was answered, and these
    questions; the entries before, by row, with the rows of their related ones, and those that answer the message; and
    what kind of turn each is, with the part of the answer that it asks about (see `matching.turns.Turns`)."""

    messages: Texts
    joined: Texts
    questions: Texts
    before: Sequence[Entry]
    before_rows: Rows
    related: Sequence[Sequence[int]]
    expected: Sequence[frozenset[int]]
    turns: Turns
    may_be_a_sign: Flags  # an urgent entry answers it, or stands before it

    def __len__(self) -> int:
        return len(self.before)

    def readings(self, rows: Rows) -> tuple[list[str], Vectors]:
        """What some messages are compared as, one reading after another: each by itself, behind the question before
        it, and by the mean of its vector and that question's. Texts and unit vectors, three for each row."""
        messages, joined = ([some.texts[row] for row in rows.tolist()] for some in (self.messages, self.joined))
        alone, questions = self.messages.vectors[rows], self.questions.vectors[rows]
        vectors = np.concatenate([alone, self.joined.vectors[rows], mean_of(alone, questions)])
        return [*messages, *joined, *messages], vectors

    @property
    def harmless(self) -> tuple[Texts, Texts]:
        """Short messages without a warning sign: by themselves, and behind the question that was answered."""
        short = np.array([len(text.split()) <= SHORT for text in self.messages.texts], dtype=np.bool_)
        rows = np.flatnonzero(short & ~self.may_be_a_sign)
        alone, joined = (
            Texts([some.texts[row] for row in rows.tolist()], some.vectors[rows])
            for some in (self.messages, self.joined)
        )
        return alone, joined

    def unsaid(self, row: int, lexical: LexicalIndex) -> bool:
        """Whether a message has a rare word that the entry before it has not."""
        return bool(words_unsaid(lexical.rare_words(self.messages.texts[row]), self.before[row]))


def follow_ups(corpus: Corpus) -> list[LabelledQuestion]:
    """The trial questions that were asked in a conversation."""
    return [each for each in corpus.trials if each.after]


def exchanges(corpus: Corpus, corrector: SpellingCorrector, vectorise: Vectorise) -> Exchanges:
    """The exchanges of a corpus's trial questions, with their vectors."""
    asked = follow_ups(corpus)
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    before = [corpus.entries[rows[each.after]] for each in asked if each.after]
    messages = [read_message(each.query, corrector).corrected for each in asked]
    questions = [entry.question for entry in before]
    joined = [f"{question} {message}" for question, message in zip(questions, messages, strict=True)]
    different = list(dict.fromkeys(questions))
    said, together, asked_before = (
        Texts(texts, vectorise(name, "phrasings", texts))
        for name, texts in zip(EXCHANGE_ARRAYS, (messages, joined, different), strict=True)
    )
    row_of = {text: row for row, text in enumerate(different)}
    before_that = Texts(questions, asked_before.vectors[[row_of[text] for text in questions]])
    parts = [part.name for part in corpus.parts]
    expected = [frozenset(rows[each] for each in question.expected) for question in asked]
    urgent = {row for row, entry in enumerate(corpus.entries) if entry.kind == "urgent"}
    return Exchanges(
        messages=said,
        joined=together,
        questions=before_that,
        before=before,
        before_rows=np.array([rows[entry.id] for entry in before], dtype=np.int64),
        related=[[rows[other] for other in entry.related] for entry in before],
        expected=expected,
        turns=Turns(
            vectors=said.vectors,
            kinds=np.array([TURNS.index(_turn(each)) for each in asked], dtype=np.int8),
            parts=np.array([parts.index(each.part) if each.part else NONE for each in asked], dtype=np.int16),
        ),
        may_be_a_sign=np.array(
            [bool(urgent & {rows[entry.id], *right}) for entry, right in zip(before, expected, strict=True)],
            dtype=np.bool_,
        ),
    )


def _turn(asked: LabelledQuestion) -> Turn:
    """The kind of turn, where a line does not say it, by what answers it."""
    if asked.turn:
        return asked.turn
    if not asked.expected:
        return "aside"
    return "same" if asked.after in asked.expected else "changed"
