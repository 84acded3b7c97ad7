"""Misspelt words of a query -> the words meant, from the corpus's own vocabulary.

A vector of a misspelt word says little: its pieces belong to other words. So a word that neither English nor the
corpus knows is replaced by the closest word of the corpus before the query is encoded.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.text.slips import is_slip

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ASCII_WORD = re.compile(r"[A-Za-z]++(?:'[A-Za-z]++)?")  # the same in ASCII, in two thirds of the time
_CAPITALS = re.compile(r"[^\W\d_a-z]['’]?[^\W\d_a-z]")  # in a row, as in what is no word of small letters
_DRAWN_OUT = re.compile(r"(.)\1{2,}")  # "sooo"
_WORDS_KEPT = 1 << 14
_SHORTEST = 3
_ANY_EDIT_FROM, _TWO_EDITS_FROM = 4, 6
_LIKELY_FROM, _FREQUENT_FROM = 2, 3  # texts that a word appears in
_FAR_MORE = 5  # times as many
_MOST_ABBREVIATIONS, _LONGEST_SHORT = 2, 5  # words and letters in capitals
_FIRST_LETTER_COST = 0.5  # people rarely miss the first letter
_FREQUENCY_WORTH = 0.3  # of being ten times as frequent, in edits


def vocabulary(reviewed: Iterable[str], informal: Iterable[str]) -> tuple[list[str], list[int]]:
    """The words of a corpus that are right, and in how many texts each appears, by word.

    `reviewed` texts (questions, answers) are spelt right. `informal` ones (alternate questions) hold slips on purpose,
    so a word that only they use counts when it is an abbreviation in capitals, or when it is frequent and no word one
    edit away is far more so.
    """
    informal = list(informal)
    right, abbreviations = _counts(reviewed), _abbreviations(informal)
    counts = right + _counts(informal)
    frequent = {
        word: count
        for word, count in counts.items()
        if count >= _FREQUENT_FROM and word not in right and word not in abbreviations
    }
    slips = _slips(frequent, counts)
    kept = frequent.keys() - slips
    words = sorted(word for word in counts if word in right or word in abbreviations or word in kept)
    return words, [counts[word] for word in words]


def _counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(chain.from_iterable(set(_words(text.lower())) for text in texts))


def _words(text: str) -> list[str]:
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


def _abbreviations(texts: Iterable[str]) -> set[str]:
    """The words in capitals of those texts that are not shouted as a whole."""
    return {
        word.lower()
        for text in texts
        if not text.islower() and _CAPITALS.search(text) and not text.isupper()
        for word in _WORD.findall(text)
        if word[1:] and word.isupper()
    }


def _slips(words: Mapping[str, int], counts: Mapping[str, int]) -> set[str]:
    """Those of some words, given how often each appears, that are one edit away from a far more frequent one of all
    (`counts`)."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: set[str] = set()
    for length in sorted(set(map(len, words))):
        some = [word for word in words if len(word) == length]
        least = _FAR_MORE * min(words[word] for word in some)
        others = [word for word, count in counts.items() if count >= least and abs(len(word) - length) <= 1]
        if not others:
            continue
        edits = process.cdist(some, others, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
        near = ((some[row], others[column]) for row, column in np.argwhere(edits <= 1))
        found.update(word for word, other in near if counts[other] >= _FAR_MORE * words[word])
    return found


def english_words() -> npt.NDArray[np.uint64]:
    """Sorted hashes of the words of a large English list, and of those that it lacks (`settings.words_path`)."""
    from spellchecker import SpellChecker

    lines = settings.words_path().read_text(encoding="utf-8").splitlines()
    lacking = (word for line in lines if not line.startswith("#") for word in line.split())
    words = {*SpellChecker(language="en").word_frequency.words(), *lacking}
    return np.unique(np.array([_hash(word) for word in words], dtype=np.uint64))


def _replaced(text: str, other: Mapping[str, str]) -> str:
    return _WORD.sub(lambda match: other[match[0]], text)


def _is_shouted(text: str) -> bool:
    """Whether capitals say nothing: all letters are, and more of them than in an abbreviation or two."""
    words = _WORD.findall(text)
    return text.isupper() and (len(words) > _MOST_ABBREVIATIONS or any(len(word) > _LONGEST_SHORT for word in words))


def _is_short_form(word: str) -> bool:
    """Whether capitals within a word make it an abbreviation or a name: "ACL", "McKenzie", but not "HAMSTRING"."""
    return word[1:] != word[1:].lower() and not (word.isupper() and len(word) > _LONGEST_SHORT)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Correction:
    """A text as it is read: `text` with every correction, `sure` with those alone that mend a slip. Another word that
    is close, "github" for "gitlab", is a guess. `names` are the words as typed that were read as no English word: even
    a slip may be another name."""

    text: str
    sure: str
    names: tuple[str, ...] = ()


class SpellingCorrector:
    """Corrects queries against a vocabulary: `words`, in how many texts each appears (`counts`), and the sorted hashes
    of English words."""

    def __init__(self, words: Sequence[str], counts: npt.NDArray[np.int64], english: npt.NDArray[np.uint64]) -> None:
        self._words = words
        self._counts = counts
        self._english = english
        self.is_english = lru_cache(_WORDS_KEPT)(self._is_english)

    def correct(self, text: str) -> Correction:
        """`text` with each unknown word read as the closest one of the corpus, where there is a close one. A text in
        capitals throughout is read in small letters."""
        written = text.lower() if _is_shouted(text) else text
        meant = {word: self._meant(word) for word in set(_WORD.findall(written))}
        changed = {word: other for word, other in meant.items() if word != other}
        sure = meant | {word: word for word, other in changed.items() if not is_slip(word.lower(), other.lower())}
        names = sorted(word for word, other in changed.items() if not self.is_english(other.lower()))
        return Correction(_replaced(written, meant), _replaced(written, sure), tuple(names))

    def _meant(self, word: str) -> str:
        lower = word.lower()
        is_short_form = _is_short_form(word) or "'" in word or "’" in word
        if len(word) < _SHORTEST or is_short_form or self.is_english(lower) or lower in self._count_of:
            return word
        return self._not_drawn_out(lower) or self._closest(lower) or word

    def _not_drawn_out(self, word: str) -> str | None:
        """The word of which letters were drawn out, "so" of "sooo" and "good" of "goood": the more frequent in the
        corpus, where two may be meant."""
        shorter = {_DRAWN_OUT.sub(letters, word) for letters in (r"\1", r"\1\1")} - {word}
        known = sorted(each for each in shorter if len(each) > 1 and (self.is_english(each) or each in self._count_of))
        return max(known, key=lambda each: self._count_of.get(each, 0), default=None)

    @cached_property
    def _count_of(self) -> dict[str, int]:
        return dict(zip(self._words, self._counts.tolist(), strict=True))

    def _is_english(self, word: str) -> bool:
        """Whether a word in lower case is known to be English, whatever the corpus has."""
        hashed = np.uint64(_hash(word))
        place = int(np.searchsorted(self._english, hashed))
        return place < len(self._english) and self._english[place] == hashed

    def _closest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 2 if len(word) >= _TWO_EDITS_FROM else 1
        near = process.extract(word, self._candidates(word), scorer=OSA.distance, score_cutoff=edits, limit=None)
        costs = [
            (
                distance
                + _FIRST_LETTER_COST * (known[0] != word[0])
                - _FREQUENCY_WORTH * np.log10(self._count_of[known]),
                known,
            )
            for known, distance, _ in near
            if distance == 1 or known[0] == word[0]
        ]
        return min(costs)[1] if costs else None

    def _candidates(self, word: str) -> list[str]:
        """The words that `word` may be a slip for. Three letters are an edit away from too many words, so for
        these only a last or inner letter may have been left out."""
        if len(word) >= _ANY_EDIT_FROM:
            return self._likely
        return [known for known in self._likely if len(known) == len(word) + 1 and known[0] == word[0]]

    @cached_property
    def _likely(self) -> list[str]:
        """The words that appear in two texts or more: others are right, but seldom meant."""
        return [word for word, count in self._count_of.items() if count >= _LIKELY_FROM and len(word) >= _SHORTEST]
