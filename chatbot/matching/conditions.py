"""What people say of themselves: which conditions a message names, and whether its writer has them.

Names are found by their words. Whether what is named is said of the writer is told by a linear model of the words
around the name, in whose place a mark stands, so that what is learnt of one condition holds for all.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chatbot.arrays import Vectors
from chatbot.records import Condition
from chatbot.text.sentences import split_sentences

BUCKETS = 1 << 17
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[?,.!]")
_GAP = 3  # words that may stand between two of a name
_MARK = "<it>"
_NUMBER = "#"
_COUNTS = "a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|few|couple of"
# How long ago, or how far along: what is said beside a condition and worth to be told again.
_WHEN = re.compile(
    rf"\b(?:(?:\d+|{_COUNTS})\s+(?:days?|weeks?|wks?|months?|years?|yrs?)(?:\s+ago)?|yesterday|last\s+(?:week|month|year)"
    r"|(?:since|in)\s+(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|autumn|winter|(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a message names a condition, by its row: the words of that sentence, the place of the name among these from
    `start` to `end`, and how long ago that was or how far along, where it says so."""

    condition: int
    words: tuple[str, ...]
    start: int
    end: int
    when: str


class Conditions:
    """Finds the conditions that messages name, and tells which of them their writers have. `weights` are those of
    `features`, shape (BUCKETS + 1,), the intercept last; without them nothing is said of anybody."""

    def __init__(self, conditions: Sequence[Condition], weights: Vectors | None = None) -> None:
        self.conditions = conditions
        self._weights = np.zeros(BUCKETS + 1, dtype=np.float32) if weights is None else weights

    @cached_property
    def ids(self) -> dict[str, int]:
        """The conditions' rows by id."""
        return {condition.id: row for row, condition in enumerate(self.conditions)}

    def of(self, ids: Iterable[str]) -> list[Condition]:
        """The conditions with these ids."""
        return [self.conditions[self.ids[each]] for each in ids if each in self.ids]

    def said(self, message: str) -> dict[str, str]:
        """The conditions that the writer of a message has, by id, each with how long ago or how far along (empty where
        it is not said)."""
        said: dict[str, str] = {}
        for mention in self.mentions(message):
            if self._logit(features(mention, message)) > 0:
                name = self.conditions[mention.condition].id
                said[name] = said.get(name) or mention.when
        return said

    def mentions(self, message: str) -> list[Mention]:
        """Where a message names conditions, each once a sentence."""
        found: list[Mention] = []
        for sentence in split_sentences(message):
            words = tuple(_TOKEN.findall(sentence.lower().replace("’", "'")))
            when = _WHEN.search(sentence)
            for condition, start, end in self._longest(words):
                found.append(Mention(condition, words, start, end, when[0].lower() if when else ""))
        return found

    def _logit(self, buckets: Mapping[int, float]) -> float:
        places = np.fromiter(buckets, dtype=np.int64, count=len(buckets))
        values = np.fromiter(buckets.values(), dtype=np.float32, count=len(buckets))
        return float(self._weights[places] @ values + self._weights[-1])

    def _longest(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """The longest name of each condition among the words of a sentence, with where it begins and ends."""
        best: dict[int, tuple[int, int]] = {}
        for start, word in enumerate(words):
            for condition, slots in self._beginning_with(word):
                end = _end_of(slots, words, start)
                if end and end - start > (best[condition][1] - best[condition][0] if condition in best else 0):
                    best[condition] = start, end
        return ((condition, start, end) for condition, (start, end) in best.items())

    def _beginning_with(self, word: str) -> Iterator[tuple[int, Sequence[Sequence[str]]]]:
        """The names whose first word may be this one."""
        for key in (word, *(f"{word[:length]}*" for length in range(2, len(word) + 1))):
            yield from self._by_first_word.get(key, ())
        if word.isdecimal():
            yield from self._by_first_word.get(_NUMBER, ())

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[int, Sequence[Sequence[str]]]]]:
        """The names as the alternatives for each of their words, with their conditions, by each first word."""
        names: dict[str, list[tuple[int, Sequence[Sequence[str]]]]] = {}
        for row, condition in enumerate(self.conditions):
            for name in condition.names:
                slots = [word.split("/") for word in name.lower().split()]
                for first in slots[0]:
                    names.setdefault(first, []).append((row, slots))
        return names


def _end_of(slots: Sequence[Sequence[str]], words: Sequence[str], start: int) -> int:
    """Where a name ends that begins at `start`; 0 where it does not stand there."""
    place = start
    for slot in slots[1:]:
        near = range(place + 1, min(place + 2 + _GAP, len(words)))
        place = next((other for other in near if any(_is(words[other], each) for each in slot)), -1)
        if place < 0:
            return 0
    return place + 1


def _is(word: str, wanted: str) -> bool:
    if wanted == _NUMBER:
        return word.isdecimal()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def features(mention: Mention, message: str) -> dict[int, float]:
    """What tells whether a condition is said of the writer, by bucket: runs of words of the sentence with a mark for
    the name, words before and behind it, how the sentence begins, and runs of words of the whole message. Each kind has
    the length 1."""
    before, behind = mention.words[: mention.start], mention.words[mention.end :]
    marked = (*before, _MARK, *behind)
    whole = _TOKEN.findall(message.lower().replace("’", "'"))
    kinds = {
        "marked": _runs(marked, 4),
        "before": {*before, *(" ".join(before[-size:]) + _MARK for size in (1, 2, 3))},
        "behind": {*behind, *(_MARK + " ".join(behind[:size]) for size in (1, 2, 3))},
        "begin": {" ".join(marked[:size]) for size in (1, 2, 3)},
        "whole": _runs(whole, 3),
    }
    found: dict[int, float] = {}
    for kind, texts in kinds.items():
        for text in texts:
            bucket = zlib.crc32(f"{kind} {text}".encode()) % BUCKETS
            found[bucket] = found.get(bucket, 0.0) + len(texts) ** -0.5
    return found


def _runs(words: Sequence[str], longest: int) -> set[str]:
    """All runs of one to so many words."""
    return {
        " ".join(words[start : start + size])
        for size in range(1, longest + 1)
        for start in range(len(words) - size + 1)
    }
