"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.calibration import Array, logistic
from chatbot.encoder import Vectors
from chatbot.lexical import LexicalIndex
from chatbot.ridge import NO_ENTRY, balance, base, kernel

# Goes up when a fitted matcher would come out otherwise, so that indexes fitted before are refitted.
METHOD = 2
# Entries scored in full for a query: those whose best point is most alike.
_CANDIDATES = 64
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_TIGHTNESS = 0.5

SIGNALS = ("score", "centroid")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry ranked for a query, by row, with the row of its phrasing that is most alike."""

    entry: int
    score: float
    confidence: float
    phrasing: int
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Points:
    """Everything a query is compared with: the phrasings, then what else speaks for an entry or against it.

    `entry_of` gives the row of each point's entry (`NO_ENTRY`: none), shape (points,).
    """

    phrasings: Vectors
    extra: Vectors
    entry_of: npt.NDArray[np.int32]
    lexical: LexicalIndex

    def cosines(self, vector: Vectors) -> Vectors:
        """The cosine of a unit vector with each point, shape (points,)."""
        phrasings: Vectors = self.phrasings @ vector
        return np.concatenate((phrasings, self.extra @ vector)) if len(self.extra) else phrasings


class Matcher:
    """Ranks entries by a kernel ridge regression on the points, and says how likely the first is right.

    Stateless after construction; any thread may use it.
    """

    def __init__(self, points: Points, arrays: Mapping[str, npt.NDArray[Any]], beta: Array) -> None:
        self._points = points
        self._alphas = arrays["alphas"]
        self._centroids = arrays["centroids"]
        self._tightness = arrays["tightness"]
        self._beta = beta
        self._entries = len(self._centroids)
        self._balance = balance(points.entry_of, self._entries)
        # Sorted by entry, the points of one stand together, so that a maximum by entry is one reduction.
        order = np.argsort(points.entry_of, kind="stable")
        self._order = order[np.count_nonzero(points.entry_of == NO_ENTRY) :]
        self._starts = np.searchsorted(points.entry_of[self._order], np.arange(self._entries))

    def rank(self, text: str, vector: Vectors, k: int) -> list[Candidate]:
        """The `k` best entries for a query, best first, from its text and its unit vector."""
        cosines = self._points.cosines(vector)
        words = self._points.lexical.similarities(text)
        alike = kernel(cosines, words)
        best_point = np.maximum.reduceat(alike[self._order], self._starts)
        rows = np.argsort(-best_point)[:_CANDIDATES]
        scores = (self._alphas[rows] @ alike + base(self._entries)) * self._balance[rows]
        order = np.argsort(-scores, kind="stable")[:k]
        rows, scores = rows[order], scores[order]
        found = signals(scores, self._centroids[rows] @ vector, self._tightness[rows])
        confidence = probability(found, self._beta)
        return [
            self._candidate(row, score, sure, each, cosines, words)
            for row, score, sure, each in zip(rows, scores, confidence, found, strict=True)
        ]

    def first_signals(self, text: str, vector: Vectors) -> Array:
        """The signals of the best entry for a query, shape (signals,)."""
        evidence = self.rank(text, vector, 1)[0].evidence
        return np.array([evidence[name] for name in SIGNALS])

    def _candidate(
        self, row: np.intp, score: np.floating, confidence: float, found: Array, cosines: Vectors, words: Vectors
    ) -> Candidate:
        end = self._starts[row + 1] if row + 1 < self._entries else len(self._order)
        own = self._order[self._starts[row] : end]
        phrasings = own[own < len(self._points.phrasings)]
        nearest = phrasings[np.argmax(cosines[phrasings])]
        evidence = dict(zip(SIGNALS, found.tolist(), strict=True))
        evidence |= {"nearest phrasing": float(cosines[nearest]), "words in common": float(words[own].max() / 2)}
        return Candidate(int(row), float(score), float(confidence), int(nearest), evidence)


def signals(scores: Vectors, centroid: Vectors, tightness: Vectors) -> Array:
    """What tells whether entries are right, as columns named by `SIGNALS`: from their scores, their centroids'
    cosines to the query and their tightness, each of shape (n,)."""
    return np.column_stack((scores, centroid - _TIGHTNESS * tightness)).astype(np.float64)


def probability(found: Array, beta: Array) -> Array:
    """The probability that an entry with these signals is right, shape (n,)."""
    return logistic(np.column_stack((found, np.ones(len(found)))) @ beta)
