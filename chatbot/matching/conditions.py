"""What people say of themselves: which conditions a message names, and who has them.

Names are found by their words. Who has what is named is told by linear models of the words around the name, in whose
place a mark stands, and another mark in that of other names, so that what is learnt of one condition holds for all.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from chatbot.arrays import Vectors
from chatbot.records import Condition
from chatbot.text.sentences import split_sentences

BUCKETS = 1 << 17
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[?,.!]")
_GAP = 3  # words that may stand between two of a name
_MARK, _OTHER = "<it>", "<other>"
TOLD = ("said", "another", "denied")  # what each row of the weights tells
_NUMBER = "#"
_WORDS_KEPT = 1 << 14
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
    `start` to `end`, and how long ago that was or how far along, where it says so; and the places of the names of
    `others` there."""

    condition: int
    words: tuple[str, ...]
    start: int
    end: int
    when: str
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of conditions, by their ids: those that count for what is asked (`said`), with how long ago
    or how far along (empty where it is not said); which of these are `another`'s, for whom the writer asks; and those
    that the writer says not to have (`denied`)."""

    said: dict[str, str] = field(default_factory=dict)
    another: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def joined(self, other: "Told") -> "Told":
        """What is told by this reading or by the `other` one of the same message."""
        said = self.said | {name: when or self.said.get(name, "") for name, when in other.said.items()}
        own = (self.said.keys() - self.another) | (other.said.keys() - other.another)
        return Told(said, frozenset(said.keys() - own), (self.denied | other.denied) - said.keys())


class Conditions:
    """Finds the conditions that messages name, and tells who has them. `weights` are those of `features` for each of
    `TOLD`, shape (3, BUCKETS + 1), the intercept last; without them nothing is said of anybody."""

    def __init__(self, conditions: Sequence[Condition], weights: Vectors | None = None) -> None:
        self.conditions = conditions
        self._weights = np.zeros((len(TOLD), BUCKETS + 1), dtype=np.float32) if weights is None else weights

    @cached_property
    def ids(self) -> dict[str, int]:
        """The conditions' rows by id."""
        return {condition.id: row for row, condition in enumerate(self.conditions)}

    def of(self, ids: Iterable[str]) -> list[Condition]:
        """The conditions with these ids."""
        return [self.conditions[self.ids[each]] for each in ids if each in self.ids]

    def told(self, message: str) -> Told:
        """What a message tells of conditions."""
        said: dict[str, str] = {}
        own, denied = set(), set()
        for mention in self.mentions(message):
            name = self.conditions[mention.condition].id
            counts, is_anothers, is_denied = (self._logits(features(mention, message)) > 0).tolist()
            if counts:
                said[name] = said.get(name) or mention.when
                own |= set() if is_anothers else {name}
            elif is_denied:
                denied.add(name)
        return Told(said, frozenset(said.keys() - own), frozenset(denied - said.keys()))

    def mentions(self, message: str) -> list[Mention]:
        """Where a message names conditions, each once a sentence."""
        found: list[Mention] = []
        for sentence in split_sentences(message):
            words = tuple(_TOKEN.findall(sentence.lower().replace("’", "'")))
            when = _WHEN.search(sentence)
            named = list(self._longest(words))
            dated = _dated([(start, end) for _, start, end in named], sentence, when) if when else set()
            for condition, start, end in named:
                others = tuple({(a, b) for _, a, b in named if b <= start or a >= end})
                told = when[0].lower() if when and (start, end) in dated else ""
                found.append(Mention(condition, words, start, end, told, tuple(sorted(others))))
        return found

    def _logits(self, buckets: Mapping[int, float]) -> Vectors:
        """What `TOLD` says of a mention: the logit of each, shape (3,)."""
        places = np.fromiter(buckets, dtype=np.int64, count=len(buckets))
        values = np.fromiter(buckets.values(), dtype=np.float32, count=len(buckets))
        logits: Vectors = self._weights[:, places] @ values + self._weights[:, -1]
        return logits

    def _longest(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """The longest name of each condition among the words of a sentence, with where it begins and ends."""
        best: dict[int, tuple[int, int]] = {}
        keys = [_keys(word) for word in words]
        written = frozenset(key for each in keys for key in each)
        for start in range(len(words)):
            for condition, slots in self._beginning_with(keys[start]):
                if slots and slots[0].isdisjoint(written):
                    continue  # most names end here: their second word stands nowhere in the sentence
                end = _end_of(slots, keys, start)
                if end and end - start > (best[condition][1] - best[condition][0] if condition in best else 0):
                    best[condition] = start, end
        return ((condition, start, end) for condition, (start, end) in best.items())

    def _beginning_with(self, keys: Sequence[str]) -> Iterator[tuple[int, Sequence[frozenset[str]]]]:
        """The names whose first word may be one with these keys, by what may follow it."""
        return (name for key in keys for name in self._by_first_word.get(key, ()))

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[int, Sequence[frozenset[str]]]]]:
        """What may follow the first word of each name, with its condition, by each first word."""
        names: dict[str, list[tuple[int, Sequence[frozenset[str]]]]] = {}
        for row, condition in enumerate(self.conditions):
            for name in condition.names:
                first, *slots = (frozenset(word.split("/")) for word in name.lower().split())
                for key in first:
                    names.setdefault(key, []).append((row, slots))
        return names


@lru_cache(_WORDS_KEPT)
def _keys(word: str) -> Sequence[str]:
    """What may be written in a name for a word: itself, how it begins with a star, the mark of a number."""
    beginnings = (f"{word[:length]}*" for length in range(1, len(word) + 1))
    return (word, *beginnings, *([_NUMBER] if word.isdecimal() else []))


def _end_of(slots: Sequence[frozenset[str]], keys: Sequence[Sequence[str]], start: int) -> int:
    """Where a name ends that begins at the word `start`, given the keys of all words, and goes on by `slots`; 0 where
    it does not stand there."""
    place = start
    for slot in slots:
        near = range(place + 1, min(place + 2 + _GAP, len(keys)))
        place = next((other for other in near if not slot.isdisjoint(keys[other])), -1)
        if place < 0:
            return 0
    return place + 1


def _dated(names: Sequence[tuple[int, int]], sentence: str, when: re.Match[str]) -> set[tuple[int, int]]:
    """Of the places of names in a sentence those that it dates: the nearest, and what overlaps with it."""
    first = len(_TOKEN.findall(sentence[: when.start()]))
    last = first + len(_TOKEN.findall(when[0]))
    if not names:
        return set()
    nearest = min(names, key=lambda place: max(first - place[1], place[0] - last, 0))
    return {place for place in names if place[0] < nearest[1] and nearest[0] < place[1]}


def features(mention: Mention, message: str) -> dict[int, float]:
    """What tells who has a condition, by bucket: runs of words of the sentence with marks for the name and for those of
    other conditions, words before and behind it, how the sentence begins, and runs of words of the whole message. Each
    kind has the length 1."""
    before, behind = (
        _without_names(mention, *span) for span in ((0, mention.start), (mention.end, len(mention.words)))
    )
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


def _without_names(mention: Mention, first: int, last: int) -> tuple[str, ...]:
    """The words of a mention's sentence between two places, with a mark for each name of another condition."""
    words: list[str] = []
    for place in range(first, last):
        inside = next((other for other in mention.others if other[0] <= place < other[1]), None)
        if inside is None:
            words.append(mention.words[place])
        elif place == inside[0]:
            words.append(_OTHER)
    return tuple(words)


def _runs(words: Sequence[str], longest: int) -> set[str]:
    """All runs of one to so many words."""
    return {
        " ".join(words[start : start + size])
        for size in range(1, longest + 1)
        for start in range(len(words) - size + 1)
    }
