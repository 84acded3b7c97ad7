"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.calibration import Array, logistic
from chatbot.encoder import Vectors
from chatbot.lexical import LexicalIndex
from chatbot.ridge import NO_ENTRY, balance, base, kernel

# Goes up when a fitted matcher would come out otherwise, so that indexes fitted before are refitted.
METHOD = 7
# Entries scored in full for a query: those whose best point is most alike.
_CANDIDATES = 32
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_TIGHTNESS = 0.5
# A follow-up: what being related to the entry before is worth, and from which score on another entry is called for.
_RELATED_BONUS, _CALLED_FOR = 0.05, 0.25

Floats = npt.NDArray[np.floating[Any]]
SIGNALS = ("score", "centroid")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry ranked for a query, by row, with the row of its phrasing that is most alike."""

    entry: int
    score: float
    confidence: float
    phrasing: int
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A query beside every point and what follows for the entries.

    `cosines`, `words` (in common) and `alike` (the kernel of the two) have the shape (points,). `rows` are the entries
    nearest to the query that are not urgent, `scores` what the regression gives them, `urgent_scores` what it gives
    the urgent ones.
    """

    vector: Vectors
    cosines: Vectors
    words: Vectors
    alike: Vectors
    rows: npt.NDArray[np.intp]
    scores: Vectors
    urgent_scores: Vectors


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
        # vecdot, as `@` would wake other threads for what takes a fraction of a millisecond on one.
        cosines: Vectors = np.vecdot(self.phrasings, vector)
        return np.concatenate((cosines, np.vecdot(self.extra, vector))) if len(self.extra) else cosines


class Matcher:
    """Ranks entries by a kernel ridge regression on the points, and says how likely the first is right.

    Stateless after construction; any thread may use it.
    """

    def __init__(self, points: Points, arrays: Mapping[str, npt.NDArray[Any]], beta: Array, urgent_beta: Array) -> None:
        self._points = points
        self._alphas = arrays["alphas"]
        self.centroids = arrays["centroids"]
        self.tightness = arrays["tightness"]
        self._urgent = arrays["urgent"]
        self._beta = beta
        self._urgent_beta = urgent_beta
        self._entries = len(self.centroids)
        self._balance = balance(points.entry_of, self._entries)
        # Sorted by entry, the points of one stand together, so that a maximum by entry is one reduction.
        order = np.argsort(points.entry_of, kind="stable")
        self._order = order[np.count_nonzero(points.entry_of == NO_ENTRY) :]
        self._starts = np.searchsorted(points.entry_of[self._order], np.arange(self._entries))

    def compare(self, text: str, vector: Vectors) -> Comparison:
        """A query, as its text and its unit vector, beside every point: what the other methods ask for."""
        cosines = self._points.cosines(vector)
        words = self._points.lexical.similarities(text)
        alike = kernel(cosines, words)
        best_point = np.maximum.reduceat(alike[self._order], self._starts)
        best_point[self._urgent] = -np.inf
        rows = np.argsort(-best_point)[: min(_CANDIDATES, self._entries - len(self._urgent))]
        scores, urgent_scores = self._scores(alike, rows), self._scores(alike, self._urgent)
        return Comparison(vector, cosines, words, alike, rows, scores, urgent_scores)

    def rank(self, query: Comparison, k: int, sentences: Sequence[Comparison] = ()) -> list[Candidate]:
        """The `k` best entries for a query, best first; urgent ones stand aside, as they are screened for before.

        `sentences` are those of a longer message. Each adds half of what it says for an entry to what the whole
        says: a story drowns the question in the vector of the whole.
        """
        if not sentences:
            return self._candidates(query, query.rows, query.scores, k)
        said = [self._scores(sentence.alike, query.rows) for sentence in sentences]
        total = query.scores + sum(scores.clip(0) for scores in said) / 2
        best = query.rows[np.argsort(-total, kind="stable")[:k]]
        return self._agreed([query, *sentences], best)

    def follow_up(
        self, alone: Comparison, joined: Comparison, previous: int, related: Sequence[int], k: int
    ) -> list[Candidate]:
        """The `k` best entries for a message that leans on the entry `previous`, best first.

        `joined` is the message after that entry's question. What the two say together counts most, the message alone
        half as much, and the entry's own `related` ones are a little likelier. When nothing else is called for, it is
        the entry itself that was asked about.
        """
        rows = np.array(sorted({*alone.rows.tolist(), *joined.rows.tolist(), *related} - {previous}), dtype=np.intp)
        merged = self._scores(joined.alike, rows) + self._scores(alone.alike, rows) / 2
        merged += _RELATED_BONUS * np.isin(rows, related)
        order = np.argsort(-merged, kind="stable")
        called_for = [int(rows[place]) for place in order[:k] if merged[place] >= _CALLED_FOR]
        return self._agreed([joined, alone], np.array([*called_for, previous][:k], dtype=np.intp))

    def urgent_candidate(self, query: Comparison) -> Candidate | None:
        """The urgent entry that a query matches best, with the probability that the query puts a warning sign."""
        if not len(self._urgent):
            return None
        found = probability(self.urgent_signals(query)[None, :], self._urgent_beta)
        sign = self._candidates(query, self._urgent, query.urgent_scores, 1)[0]
        return replace(sign, confidence=float(found[0]))

    def urgent_signals(self, query: Comparison) -> Array:
        """What tells whether a query puts a warning sign; see `urgent_signals`."""
        best = int(query.urgent_scores.argmax())
        row = self._urgent[best : best + 1]
        rival = query.scores.max(initial=0.0)
        centroid = np.vecdot(self.centroids[row], query.vector)
        found: Array = urgent_signals(query.urgent_scores[best : best + 1], rival, centroid, self.tightness[row])[0]
        return found

    def _scores(self, alike: Vectors, rows: npt.NDArray[Any]) -> Vectors:
        scores: Vectors = (np.vecdot(self._alphas[rows], alike) + base(self._entries)) * self._balance[rows]
        return scores

    def _candidates(self, query: Comparison, rows: npt.NDArray[Any], scores: Vectors, k: int) -> list[Candidate]:
        order = np.argsort(-scores, kind="stable")[:k]
        rows, scores = rows[order], scores[order]
        found = signals(scores, np.vecdot(self.centroids[rows], query.vector), self.tightness[rows])
        confidence = probability(found, self._beta)
        return [
            self._candidate(row, score, sure, each, query)
            for row, score, sure, each in zip(rows, scores, confidence, found, strict=True)
        ]

    def _agreed(self, parts: Sequence[Comparison], rows: npt.NDArray[Any]) -> list[Candidate]:
        """Candidates in the order of `rows`, each as the part of the message shows it that speaks for it most."""
        views = [
            {each.entry: each for each in self._candidates(part, rows, self._scores(part.alike, rows), len(rows))}
            for part in parts
        ]
        return [max((view[int(row)] for view in views), key=lambda each: each.confidence) for row in rows]

    def _candidate(
        self, row: np.intp, score: np.floating, confidence: float, found: Array, query: Comparison
    ) -> Candidate:
        end = self._starts[row + 1] if row + 1 < self._entries else len(self._order)
        own = self._order[self._starts[row] : end]
        phrasings = own[own < len(self._points.phrasings)]
        nearest = phrasings[np.argmax(query.cosines[phrasings])]
        evidence = dict(zip(SIGNALS, found.tolist(), strict=True))
        evidence |= {
            "nearest phrasing": float(query.cosines[nearest]),
            "words in common": float(query.words[own].max() / 2),
        }
        return Candidate(int(row), float(score), float(confidence), int(nearest), evidence)


def signals(scores: Floats, centroid: Floats, tightness: Floats) -> Array:
    """What tells whether entries are right, as columns named by `SIGNALS`: from their scores, their centroids'
    cosines to the query and their tightness, each of shape (n,)."""
    return np.column_stack((scores, centroid - _TIGHTNESS * tightness)).astype(np.float64)


def urgent_signals(scores: Floats, rivals: Floats | float, centroid: Floats, tightness: Floats) -> Array:
    """What tells whether messages put a warning sign, as columns: the score of the best urgent entry, that of the
    best other one against it, and how near the urgent entry's centroid is. Each argument has shape (n,)."""
    against = np.broadcast_to(-np.asarray(rivals), scores.shape)
    return np.column_stack((scores, against, centroid - _TIGHTNESS * tightness)).astype(np.float64)


def probability(found: Array, beta: Array) -> Array:
    """The probability that an entry with these signals is right, shape (n,)."""
    return logistic(np.column_stack((found, np.ones(len(found)))) @ beta)
