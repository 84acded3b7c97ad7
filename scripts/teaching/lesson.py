"""The texts that a corpus has to learn from, and batches of them.

The phrasings that a build calibrates on are held out; it calibrates on no exchange.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from chatbot import settings
from chatbot.corpus.corpus import Corpus
from chatbot.encoding.finetuning import is_held_out

# Of each in a batch: entries with two phrasings each, exchanges, signs, what is like a sign, what may be one, harmless
# short messages in the context of another question, and out of scope.
_ENTRIES, _EXCHANGES, _SIGNS, _LOOK_ALIKES, _CAUTIONS, _IN_CONTEXT, _OUT_OF_SCOPE = 24, 16, 24, 24, 8, 6, 8
_SHORT = 7  # words; so short a message may follow another question, and may be too little to call harmless
_FOLLOWING = 0.3  # of short signs


@dataclass(frozen=True)
class Lesson:
    """The texts to learn from: for each entry its `alternates` and its `messages`, by its row; what was said next to an
    answer, behind its question, with the row of the entry that is wanted; messages of warning signs with the row of
    their entry; and texts that belong to none."""

    alternates: Mapping[int, Sequence[str]]
    messages: Mapping[int, Sequence[str]]
    exchanges: Sequence[tuple[str, int]]
    signs: Sequence[tuple[str, int]]
    look_alikes: Sequence[str]
    cautions: Sequence[str]
    out_of_scope: Sequence[str]

    @classmethod
    def of(cls, corpus: Corpus) -> "Lesson":
        ordinary = {row: entry for row, entry in enumerate(corpus.entries) if entry.kind != "urgent"}
        urgent = {row: entry for row, entry in enumerate(corpus.entries) if entry.kind == "urgent"}
        return cls(
            {row: _taught((entry.question, *entry.alternate_questions)) for row, entry in ordinary.items()},
            {row: _taught(entry.messages.phrasings) for row, entry in ordinary.items()},
            list(_exchanges(corpus)),
            [(text, row) for row, entry in urgent.items() for text in _taught(entry.phrasings)],
            _taught([text for e in urgent.values() for text in (*e.look_alikes, *e.messages.look_alikes)]),
            _taught([text for entry in urgent.values() for text in entry.messages.cautions]),
            settings.out_of_scope_path().read_text(encoding="utf-8").splitlines(),
        )


def _exchanges(corpus: Corpus) -> Iterator[tuple[str, int]]:
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    for each in corpus.exchanges:
        if each.after and each.expected:
            yield f"{corpus.entries[rows[each.after]].question} {each.query}", rows[each.expected[0]]


def _taught(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if not is_held_out(text)]


@dataclass(frozen=True)
class Batch:
    """Texts, the row of each one's entry (-1: none), whether each has a warning sign, whether it may have one and
    whether that can be said of it, and whether it is out of scope."""

    texts: list[str]
    entries: torch.Tensor
    urgent: torch.Tensor
    caution: torch.Tensor
    tellable: torch.Tensor
    out_of_scope: torch.Tensor


def draw(lesson: Lesson, source: random.Random) -> Batch:
    """A batch: of each entry in it an alternate question and a message, and as many exchanges, where there are some."""

    def after_another(text: str) -> str:
        other = source.choice(sorted(lesson.alternates))
        return f"{(lesson.alternates[other] or lesson.messages[other])[0]} {text}"

    rows = source.sample(sorted(lesson.alternates), _ENTRIES)
    pairs = [(source.choice(lesson.alternates[row] or lesson.messages[row]), row) for row in rows]
    pairs += [(source.choice(lesson.messages[row] or lesson.alternates[row]), row) for row in rows]
    short = [text for text, _ in pairs if _is_short(text)]
    exchanges = source.sample(lesson.exchanges, min(_EXCHANGES, len(lesson.exchanges)))
    signs = [
        (after_another(text), row) if _is_short(text) and source.random() < _FOLLOWING else (text, row)
        for text, row in source.sample(lesson.signs, _SIGNS)
    ]
    look_alikes = source.sample(lesson.look_alikes, _LOOK_ALIKES)
    cautions = source.sample(lesson.cautions, _CAUTIONS)
    strangers = source.sample(lesson.out_of_scope, _OUT_OF_SCOPE)
    following = [after_another(text) for text in (short or _first_phrasings(lesson, rows))[:_IN_CONTEXT]]
    none = [(text, -1) for text in (*look_alikes, *cautions, *following, *strangers)]
    texts, entries = zip(*pairs, *exchanges, *signs, *none, strict=True)
    after_cautions = len(following) + _OUT_OF_SCOPE
    ordinary = len(pairs) + len(exchanges)
    kinds = [0] * ordinary + [2] * _SIGNS + [0] * _LOOK_ALIKES + [1] * _CAUTIONS + [0] * after_cautions
    kind = torch.tensor(kinds)
    place = torch.arange(len(texts))
    unclear = (place < len(pairs)) & torch.tensor([_is_short(text) for text in texts])
    return Batch(
        list(texts),
        torch.tensor(entries),
        (kind == 2).float(),
        (kind >= 1).float(),
        ~unclear,
        place >= len(texts) - _OUT_OF_SCOPE,
    )


def _first_phrasings(lesson: Lesson, rows: Sequence[int]) -> list[str]:
    """The first phrasing of some entries."""
    return [(lesson.alternates[row] or lesson.messages[row])[0] for row in rows]


def _is_short(text: str) -> bool:
    return len(text.split()) <= _SHORT
