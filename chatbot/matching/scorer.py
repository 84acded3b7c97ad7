"""A query beside the points: which entries those near it speak for, and how strongly."""

from dataclasses import dataclass

import numpy as np

from chatbot.arrays import NONE, Rows, Vectors
from chatbot.matching.kernel_ridge import kernel_matrix, kernel_weights, prior_score
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ANSWER, Exclusion, Near, Points

_OOS_NEIGHBOURS = 3  # so many out-of-scope questions tell how near a query is to them
_NO_ROWS, _NO_VALUES = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)


@dataclass(frozen=True)
class Ranking:
    """The entries near a query, by row in rising order, and for each: its score, the row of its nearest point with its
    cosine, and the greatest share of words in common. All arrays have the shape (entries,)."""

    entries: Rows
    scores: Vectors
    points: Rows
    cosines: Vectors
    words: Vectors

    def scores_of(self, entries: Rows) -> Vectors:
        """The scores of any entries, shape (n,); 0 for those that are not near."""
        return self._of(self.scores, entries)

    def words_of(self, entries: Rows) -> Vectors:
        """The greatest share of words in common of any entries, shape (n,); 0 for those that are not near."""
        return self._of(self.words, entries)

    def _of(self, values: Vectors, entries: Rows) -> Vectors:
        if not len(self.entries):
            return np.zeros(len(entries), dtype=np.float32)
        place = np.searchsorted(self.entries, entries).clip(max=len(self.entries) - 1)
        found: Vectors = np.where(self.entries[place] == entries, values[place], 0)
        return found


NOTHING = Ranking(_NO_ROWS, _NO_VALUES, _NO_ROWS, _NO_VALUES, _NO_VALUES)


@dataclass(frozen=True)
class Comparison:
    """A query beside the points: the answers and the small talk near it, the mean cosine to the nearest out-of-scope
    questions, and whether it is of a kind that the corpus covers, as the logarithm of the odds."""

    text: str
    vector: Vectors
    answers: Ranking
    oos_similarity: float
    exclusion: Exclusion | None = None
    coverage: float = 0.0


class Scorer:
    """Compares queries with points. Stateless; any thread may use it."""

    def __init__(self, points: Points, coverage: LogisticModel) -> None:
        self.points = points
        self._coverage = coverage

    def compare(self, near: Near) -> Comparison:
        """A query beside the points near it; warning signs and all-clears stand aside, as `screen` reads them."""
        points = self.points
        may_answer = np.flatnonzero(points.kinds[near.rows] == ANSWER)[: points.neighbours]
        answers = self._ranking(near.text, near.rows[may_answer], near.cosines[may_answer])
        known = near.exclusion.coverage if near.exclusion else None
        coverage = float(self._coverage.logit(near.vector)) if known is None else known
        similarity = self._oos_similarity(near.vector, near.exclusion)
        return Comparison(near.text, near.vector, answers, similarity, near.exclusion, coverage)

    def _ranking(self, text: str, rows: Rows, cosines: Vectors) -> Ranking:
        """The entries of some points near the query, nearest first, by a regression among these; `cosines` are theirs
        to it."""
        if not len(rows):
            return NOTHING
        points, prior = self.points, prior_score(len(self.points.urgent))
        words = points.lexical.similarities(text, rows)
        weights = kernel_weights(kernel_matrix(points.search.at(rows)), cosines, words)
        entries, first, place = np.unique(points.entry_of[rows], return_index=True, return_inverse=True)
        scores = prior * (1 - weights.sum()) + np.bincount(place, weights, minlength=len(entries))
        scores = (scores * points.class_balance[entries]).astype(np.float32)
        in_common = np.zeros(len(entries), dtype=np.float32)
        np.maximum.at(in_common, place, words)
        return Ranking(entries.astype(np.int64), scores, rows[first], cosines[first], in_common)

    def _oos_similarity(self, vector: Vectors, exclusion: Exclusion | None) -> float:
        cosines = np.vecdot(self.points.out_of_scope, vector)
        if exclusion and exclusion.out_of_scope != NONE:
            cosines[exclusion.out_of_scope] = -1.0
        count = min(_OOS_NEIGHBOURS, len(cosines))
        return float(np.partition(cosines, len(cosines) - count)[-count:].mean()) if count else 0.0
