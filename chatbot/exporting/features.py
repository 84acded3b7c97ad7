"""A message -> what the page's table has rows for: its words, and pairs of words that follow one another.

`page/search.js` reads a message just so; a test holds the two together.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, Vectors

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MOST_WORDS = 400  # of a message; more say nothing new
_LEAST_TO_MEND = 4  # letters of a word that may be mistyped
# In fewer texts a word or a pair says too little to have a row.
_LEAST_WORD, _LEAST_PAIR = 2, 20
_STEPS = 16  # of a weight to 1, so that each is a byte


@dataclass(frozen=True)
class Read:
    """The rows of a message's features, each once, and their weights, together of length 1; both of the shape
    (features,). `known` is the share of its words that have a row."""

    rows: Rows
    weights: Vectors
    known: float


@dataclass(frozen=True)
class Vocabulary:
    """Features, those of most texts first, with the row of each and its weight in a message: the logarithm of how rare
    it is, in bytes, shape (features,)."""

    features: Sequence[str]
    weights: npt.NDArray[np.uint8]
    rows: Mapping[str, int]

    @classmethod
    def learn(cls, texts: Sequence[str], asked: Sequence[str] = ()) -> "Vocabulary":
        """The features that enough of some texts have, and every word of those texts of them that are `asked`: in a
        corpus of a few questions the word that matters stands in one."""
        count = Counter(feature for text in texts for feature in dict.fromkeys(_features(words_of(text))))
        always = {word for text in asked for word in words_of(text)}
        kept = [each for each, seen in count.most_common() if each in always or seen >= _least(each)]
        rare = np.log(len(texts) / np.array([count[each] for each in kept], dtype=np.float64))
        weights = np.clip(np.round(rare * _STEPS), 1, 255).astype(np.uint8)
        return cls(kept, weights, {each: row for row, each in enumerate(kept)})

    def read(self, text: str) -> Read:
        """A text by its features."""
        words = [self._mended(word) for word in words_of(text)]
        found = dict.fromkeys(self.rows[each] for each in _features(words) if each in self.rows)
        rows = np.fromiter(found, dtype=np.int64)
        weights = self.weights[rows].astype(np.float32)
        known = sum(word in self.rows for word in words) / max(len(words), 1)
        return Read(rows, weights / np.float32(max(float(np.linalg.norm(weights)), 1e-9)), known)

    def _mended(self, word: str) -> str:
        """The most frequent word that is one slip away from one without a row; else the word itself."""
        if word in self.rows or len(word) < _LEAST_TO_MEND:
            return word
        return min((each for each in _slips(word) if each in self.rows), key=self.rows.__getitem__, default=word)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, compatible forms of letters as one."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _WORD.findall(plain)[:_MOST_WORDS]


def _least(feature: str) -> int:
    return _LEAST_PAIR if " " in feature else _LEAST_WORD


def _features(words: Sequence[str]) -> Iterator[str]:
    yield from words
    yield from map(" ".join, pairwise(words))


def _slips(word: str) -> Iterator[str]:
    """What a word may be with a letter less, two swapped, another one, or one more."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            if after:
                yield before + letter + after[1:]
            yield before + letter + after
