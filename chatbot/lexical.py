"""Words in common: tf-idf cosines over words, word pairs and character n-grams, from postings.

Vectors miss what a short keyword or a misspelt word says; letters in common catch it. Features are hashed into a
fixed number of buckets, so that a new word needs no vocabulary; a document, for counting, is an entry.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.encoder import Vectors

_BUCKETS = 1 << 18
_HALF = _BUCKETS // 2  # words and pairs hash into the lower half, character n-grams into the upper
_NGRAMS = (3, 4, 5)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

Buckets = npt.NDArray[np.int64]


def words(text: str) -> list[str]:
    """The words of `text` in lower case."""
    return _WORD.findall(text.lower())


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % _HALF


def _features(text: str) -> Buckets:
    found = words(text)
    buckets = [_bucket(word) for word in found]
    buckets += [_bucket(f"{first}_{second}") for first, second in pairwise(found)]
    for word in found:
        marked = f"<{word.replace(chr(39), '').replace('’', '')}>"
        buckets += [
            _bucket(marked[start : start + length]) + _HALF
            for length in _NGRAMS
            for start in range(len(marked) - length + 1)
        ]
    return np.array(buckets, dtype=np.int64)


@dataclass(frozen=True)
class LexicalIndex:
    """Postings of some texts. `starts[b]:starts[b + 1]` are the places of bucket `b` in `rows` and `values`."""

    size: int
    idf: npt.NDArray[Any]
    starts: npt.NDArray[Any]
    rows: npt.NDArray[Any]
    values: npt.NDArray[Any]

    @classmethod
    def fit(cls, texts: Sequence[str], document_of: npt.NDArray[Any], background: Sequence[str]) -> "LexicalIndex":
        """Index `texts`; `document_of[i]` says which document text i belongs to, each background line is its own."""
        features = [_features(text) for text in texts]
        idf = _inverse_document_frequency(features, document_of, [_features(line) for line in background])
        weighted = [_weighted(each, idf) for each in features]
        columns = np.concatenate([buckets for buckets, _ in weighted])
        order = np.argsort(columns, kind="stable")
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(buckets) for buckets, _ in weighted])
        values = np.concatenate([value for _, value in weighted])
        starts = np.searchsorted(columns[order], np.arange(_BUCKETS + 1)).astype(np.int32)
        return cls(len(texts), idf, starts, rows[order], values[order])

    @classmethod
    def from_arrays(cls, size: int, arrays: Mapping[str, npt.NDArray[Any]]) -> "LexicalIndex":
        return cls(size, arrays["idf"], arrays["starts"], arrays["rows"], arrays["values"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"idf": self.idf, "starts": self.starts, "rows": self.rows, "values": self.values}

    def similarities(self, text: str) -> Vectors:
        """Word cosine plus character cosine of `text` with each indexed text, shape (size,), each in [0, 2]."""
        return self._products(*_weighted(_features(text), self.idf))

    def gram(self, texts: Sequence[str]) -> Vectors:
        """`similarities` of each of `texts`, shape (texts, size). Quick when they are the indexed texts themselves.

        Features that many texts share go through one dense product, the rare ones through their postings.
        """
        common = np.flatnonzero(np.diff(self.starts) > max(50, self.size // 50))
        column = np.full(_BUCKETS, -1)
        column[common] = np.arange(len(common))
        indexed = np.zeros((self.size, len(common)), dtype=np.float32)
        asked = np.zeros((len(texts), len(common)), dtype=np.float32)
        for bucket in common:
            places = slice(self.starts[bucket], self.starts[bucket + 1])
            indexed[self.rows[places], column[bucket]] = self.values[places]
        rare = np.empty((len(texts), self.size), dtype=np.float32)
        for row, text in enumerate(texts):
            buckets, weights = _weighted(_features(text), self.idf)
            shared = column[buckets] >= 0
            asked[row, column[buckets[shared]]] = weights[shared]
            rare[row] = self._products(buckets[~shared], weights[~shared])
        rare += asked @ indexed.T
        return rare

    def _products(self, buckets: Buckets, weights: Vectors) -> Vectors:
        begins, ends = self.starts[buckets], self.starts[buckets + 1]
        counts = ends - begins
        total = int(counts.sum())
        if not total:
            return np.zeros(self.size, dtype=np.float32)
        shift = np.repeat(begins - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        places = shift + np.arange(total)
        products = self.values[places] * np.repeat(weights, counts)
        return np.bincount(self.rows[places], products, minlength=self.size).astype(np.float32)


def _inverse_document_frequency(
    features: list[Buckets], document_of: npt.NDArray[Any], background: list[Buckets]
) -> Vectors:
    documents = int(document_of[-1]) + 1 if len(document_of) else 0
    owners = [*document_of.tolist(), *range(documents, documents + len(background))]
    pairs = [owner * _BUCKETS + each for owner, each in zip(owners, [*features, *background], strict=True)]
    seen = np.unique(np.concatenate(pairs)) % _BUCKETS
    frequency = np.bincount(seen, minlength=_BUCKETS)
    idf: Vectors = np.log((documents + len(background) + 1) / (frequency + 0.5)).clip(0.05).astype(np.float32)
    return idf


def _weighted(features: Buckets, idf: npt.NDArray[Any]) -> tuple[Buckets, Vectors]:
    """The buckets of a text, each once, with their tf-idf weights; words and characters each of unit length."""
    buckets, counts = np.unique(features, return_counts=True)
    weights = (1 + np.log(counts)) * idf[buckets]
    for part in (buckets < _HALF, buckets >= _HALF):
        length = np.sqrt(np.square(weights[part]).sum())
        weights[part] /= max(float(length), 1e-9)
    return buckets, weights.astype(np.float32)
