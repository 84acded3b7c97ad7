"""Words in common: tf-idf cosines over words, word pairs and character n-grams.

Vectors miss what a short keyword or a misspelt word says; letters in common catch it. Features are hashed into a
fixed number of buckets, so that a new word needs no vocabulary; a document, for counting, is an entry.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Vectors
from chatbot.text.cleaning import words

BUCKETS = 1 << 18
WORD_BUCKETS = BUCKETS // 2  # words and pairs hash into the lower half, character n-grams into the upper
_NGRAMS = (3, 4, 5)
_RARE = 0.01  # share of the documents
_WORDS_KEPT = 1 << 14

Buckets = npt.NDArray[np.int32]
Rows = npt.NDArray[Any]


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % WORD_BUCKETS


def _features(text: str) -> tuple[Buckets, npt.NDArray[np.int64]]:
    """The buckets of a text's features, each once and in order, and how often each occurs."""
    tokens = words(text)
    buckets = [_bucket(f"{first}_{second}") for first, second in pairwise(tokens)]
    for word in tokens:
        buckets += _of_word(word)
    return np.unique(np.array(buckets, dtype=np.int32), return_counts=True)


@lru_cache(_WORDS_KEPT)
def _of_word(word: str) -> tuple[int, ...]:
    """The buckets of a word and of its character n-grams. A build meets most words many times."""
    marked = f"<{word.replace(chr(39), '').replace('’', '')}>"
    ngrams = (
        _bucket(marked[start : start + length]) + WORD_BUCKETS
        for length in _NGRAMS
        for start in range(len(marked) - length + 1)
    )
    return (_bucket(word), *ngrams)


class Features(Protocol):
    """The weighted features of some texts, wherever these are."""

    def of(self, rows: Rows) -> tuple[Rows, npt.NDArray[Any], npt.NDArray[Any]]:
        """How many features each of some texts has, shape (rows,), and the buckets and weights of all of them, in the
        order of the rows."""

    def texts_in(self, bucket: int) -> list[int]:
        """The texts that have a feature in a bucket of words, in order."""


@dataclass(frozen=True)
class MappedFeatures:
    """The features of text i lie at `starts[i]:starts[i + 1]` of the other two."""

    starts: npt.NDArray[Any]
    buckets: npt.NDArray[Any]
    weights: npt.NDArray[Any]

    def of(self, rows: Rows) -> tuple[Rows, npt.NDArray[Any], npt.NDArray[Any]]:
        """See `Features`."""
        begins, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        places = np.repeat(begins - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        return lengths, self.buckets[places], self.weights[places]

    def texts_in(self, bucket: int) -> list[int]:
        """See `Features`."""
        places = np.flatnonzero(self.buckets == bucket)
        rows: list[int] = (np.searchsorted(self.starts, places, side="right") - 1).tolist()
        return rows


@dataclass(frozen=True)
class LexicalIndex:
    """The weighted features of some texts, with how much each bucket tells, shape (BUCKETS,)."""

    idf: Vectors
    features: Features

    @classmethod
    def fit(cls, texts: Sequence[str], document_of: Rows, others: Iterable[str]) -> "LexicalIndex":
        """Index `texts`: see `weighted_features`."""
        return cls(*weighted_features(texts, document_of, others))

    def rare_words(self, text: str) -> set[str]:
        """The words of `text` that fewer than one in a hundred documents use."""
        return {word for word in words(text) if np.exp(-self.idf[_bucket(word)]) < _RARE}

    def weight(self, word: str) -> float:
        """How much a word tells: the rarer, the more."""
        return float(self.idf[_bucket(word)])

    def texts_with(self, word: str) -> list[int]:
        """The indexed texts that have a word in lower case, or something that falls into its bucket."""
        return self.features.texts_in(_bucket(word))

    def similarities(self, text: str, rows: Rows) -> Vectors:
        """Half the word cosine plus the character cosine of `text` with each indexed text in `rows`, in [0, 1]."""
        asked, counts = _features(text)
        weight_of = np.zeros(BUCKETS, dtype=np.float32)
        weight_of[asked] = _weighted(asked, counts, self.idf)
        lengths, buckets, weights = self.features.of(rows)
        products = weight_of.take(buckets) * weights
        begins, has_words = np.cumsum(lengths) - lengths, lengths > 0
        shared = np.zeros(len(rows), dtype=np.float32)
        if len(products):
            shared[has_words] = np.add.reduceat(products, begins[has_words]) / 2
        return shared


def weighted_features(texts: Sequence[str], document_of: Rows, others: Iterable[str]) -> tuple[Vectors, MappedFeatures]:
    """What a `LexicalIndex` of `texts` consists of; `document_of[i]` says which document text i belongs to. `others`
    are texts that are only counted, each a document of its own."""
    features = [_features(text) for text in texts]
    idf = _inverse_document_frequency([buckets for buckets, _ in features], document_of, others)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(buckets) for buckets, _ in features], out=starts[1:])
    buckets, weights = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.float16)
    for row, (own, counts) in enumerate(features):
        place = slice(starts[row], starts[row + 1])
        buckets[place], weights[place] = own, _weighted(own, counts, idf)
    return idf, MappedFeatures(starts, buckets, weights)


def _inverse_document_frequency(features: Sequence[Buckets], document_of: Rows, others: Iterable[str]) -> Vectors:
    frequency = np.zeros(BUCKETS, dtype=np.int64)
    documents = 0
    order = np.argsort(document_of, kind="stable")
    begins = np.flatnonzero(np.diff(document_of[order], prepend=-1))
    for begin, end in pairwise([*begins.tolist(), len(order)]):
        frequency[np.unique(np.concatenate([features[row] for row in order[begin:end]]))] += 1
        documents += 1
    for line in others:
        frequency[_features(line)[0]] += 1
        documents += 1
    idf: Vectors = np.log((documents + 1) / (frequency + 0.5)).clip(0.05).astype(np.float32)
    return idf


def _weighted(buckets: Buckets, counts: npt.NDArray[np.int64], idf: Vectors) -> Vectors:
    """tf-idf weights of a text's buckets; words and characters each of unit length."""
    weights = ((1 + np.log(counts)) * idf[buckets]).astype(np.float32)
    for part in (buckets < WORD_BUCKETS, buckets >= WORD_BUCKETS):
        length = np.sqrt(np.square(weights[part]).sum())
        weights[part] /= max(float(length), 1e-9)
    return weights
