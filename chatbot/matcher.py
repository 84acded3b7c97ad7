"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.calibration import Array, logistic
from chatbot.encoder import Vectors
from chatbot.lexical import LexicalIndex
from chatbot.ridge import kernel

# Entries scored in full for a query: those whose best point is most alike.
_CANDIDATES = 64
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_TIGHTNESS = 0.5

SIGNALS = ("score", "margin", "centroid")


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
    """Everything a query is compared with: the phrasings, then the answers of entries with few phrasings.

    `entry_of` gives the row of each point's entry, shape (points,).
    """

    phrasings: Vectors
    answers: Vectors
    entry_of: npt.NDArray[np.int32]
    lexical: LexicalIndex

    def cosines(self, vector: Vectors) -> Vectors:
        """The cosine of a unit vector with each point, shape (points,)."""
        phrasings: Vectors = self.phrasings @ vector
        return np.concatenate((phrasings, self.answers @ vector)) if len(self.answers) else phrasings


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
        # Points of an entry stand together when sorted by entry, so that a maximum by entry is one reduction.
        self._order = np.argsort(points.entry_of, kind="stable")
        self._starts = np.searchsorted(points.entry_of[self._order], np.arange(self._entries))

    def rank(self, text: str, vector: Vectors, k: int) -> list[Candidate]:
        """The `k` best entries for a query, best first, from its text and its unit vector."""
        cosines = self._points.cosines(vector)
        words = self._points.lexical.similarities(text)
        alike = kernel(cosines, words)
        best_point = np.maximum.reduceat(alike[self._order], self._starts)
        rows = np.argsort(-best_point)[:_CANDIDATES]
        scores = self._alphas[rows] @ alike + 1 / self._entries
        order = np.argsort(-scores, kind="stable")
        rows, scores = rows[order], scores[order]
        centroid = self._centroids[rows] @ vector
        signals = self._signals(rows, scores, centroid)
        confidence = logistic(np.column_stack((signals, np.ones(len(rows)))) @ self._beta)
        return [
            self._candidate(rows[place], scores[place], confidence[place], signals[place], cosines, words)
            for place in range(min(k, len(rows)))
        ]

    def first_signals(self, text: str, vector: Vectors) -> Array:
        """The signals of the best entry for a query, shape (signals,)."""
        return np.array([self.rank(text, vector, 1)[0].evidence[name] for name in SIGNALS])

    def _signals(self, rows: npt.NDArray[Any], scores: Vectors, centroid: Vectors) -> Array:
        """The signals of ranked entries; the margin of the first is over the second, of the others under the first."""
        rival = np.full(len(scores), scores[0])
        rival[0] = scores[1] if len(scores) > 1 else 0
        return signals(scores, rival, centroid, self._tightness[rows])

    def _candidate(
        self, row: np.intp, score: np.floating, confidence: float, signals: Array, cosines: Vectors, words: Vectors
    ) -> Candidate:
        end = self._starts[row + 1] if row + 1 < self._entries else len(self._order)
        own = self._order[self._starts[row] : end]
        phrasings = own[own < len(self._points.phrasings)]
        nearest = phrasings[np.argmax(cosines[phrasings])]
        evidence = dict(zip(SIGNALS, signals.tolist(), strict=True))
        evidence |= {"nearest phrasing": float(cosines[nearest]), "words in common": float(words[own].max() / 2)}
        return Candidate(int(row), float(score), float(confidence), int(nearest), evidence)


def signals(scores: Vectors, rivals: Vectors, centroid: Vectors, tightness: Vectors) -> Array:
    """What tells whether an entry is right, as columns named by `SIGNALS`.

    From its score, the score of its strongest rival, its cosine to the entry's centroid and the entry's tightness.
    """
    columns = (scores, scores - rivals, centroid - _TIGHTNESS * tightness)
    return np.column_stack(columns).astype(np.float64)
