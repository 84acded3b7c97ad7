"""A query beside the points: which entries those near it speak for, and how strongly."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Flags, Rows, Vectors
from chatbot.matching.kernel_ridge import class_balance, kernel_matrix, kernel_weights, prior_score
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.neighbours import NeighbourSearch

# Points that take part in the regression for a query: this many times what an entry has, within these bounds. Entries
# of thirty phrasings rank worse with only 96, those of ten do not; more than 192 rank none better.
_ENTRIES_NEAR, _FEWEST, _MOST = 6, 96, 192
_OOS_NEIGHBOURS = 3  # so many out-of-scope questions tell how near a query is to them
_NO_ROWS, _NO_VALUES = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)


@dataclass(frozen=True)
class Points:
    """Everything a query is compared with: the phrasings, then the texts of answers that are matched as well.

    `entry_of` gives the row of each point's entry, shape (points,); the first `phrasings` points are phrasings, in the
    order of their entries. `urgent` says which entries are, shape (entries,): these are screened for, not ranked.
    `out_of_scope` holds the vectors of out-of-scope questions.
    """

    search: NeighbourSearch
    entry_of: npt.NDArray[np.int32]
    phrasings: int
    urgent: Flags
    lexical: LexicalIndex
    out_of_scope: Vectors

    @cached_property
    def class_balance(self) -> Vectors:
        """See `kernel_ridge.class_balance`."""
        return class_balance(np.bincount(self.entry_of, minlength=len(self.urgent)))

    @cached_property
    def neighbours(self) -> int:
        """How many points take part in the regression for a query."""
        return int(np.clip(_ENTRIES_NEAR * len(self.entry_of) / len(self.urgent), _FEWEST, _MOST))

    @property
    def candidate_count(self) -> int:
        """How many points near a query are looked at, to find as many neighbours of each sort."""
        return 2 * self.neighbours

    def phrasing_of(self, point: int, entry: int) -> int:
        """The row of the phrasing to show for a point: itself, or its entry's own question."""
        return point if point < self.phrasings else int(np.searchsorted(self.entry_of[: self.phrasings], entry))


@dataclass(frozen=True)
class Exclusion:
    """What a held-out query must not be compared with: rows of points, and the out-of-scope row that it is itself.

    `centroid`: the row of its entry, with its cosine to that entry's centroid as it is without the query.
    """

    points: Rows = field(default_factory=lambda: _NO_ROWS)
    out_of_scope: int = NONE
    centroid: tuple[int, float] | None = None


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
        if not len(self.entries):
            return np.zeros(len(entries), dtype=np.float32)
        place = np.searchsorted(self.entries, entries).clip(max=len(self.entries) - 1)
        scores: Vectors = np.where(self.entries[place] == entries, self.scores[place], 0)
        return scores


NOTHING = Ranking(_NO_ROWS, _NO_VALUES, _NO_ROWS, _NO_VALUES, _NO_VALUES)


@dataclass(frozen=True)
class Comparison:
    """A query beside the points: the answers and the small talk near it, and the mean cosine to the nearest
    out-of-scope questions."""

    text: str
    vector: Vectors
    answers: Ranking
    oos_similarity: float
    exclusion: Exclusion | None = None


class Scorer:
    """Compares queries with points. Stateless; any thread may use it."""

    def __init__(self, points: Points) -> None:
        self.points = points

    def compare(self, text: str, vector: Vectors) -> Comparison:
        """A query, as its text and its unit vector, beside the points."""
        return self.compare_all([text], vector[None])[0]

    def compare_all(
        self, texts: Sequence[str], vectors: Vectors, exclusions: Sequence[Exclusion] = ()
    ) -> list[Comparison]:
        """`compare` of many queries, with their unit vectors of shape (texts, dimension): faster than one by one.

        `exclusions`, one for each query or none at all, hold something out.
        """
        excluded: Sequence[Exclusion | None] = exclusions or [None] * len(texts)
        past = max((len(each.points) for each in exclusions), default=0)
        found = self.points.search.nearest_to_each(vectors, self.points.candidate_count + past)
        return [
            self._compared(text, vector, rows, cosines, exclusion)
            for text, vector, (rows, cosines), exclusion in zip(texts, vectors, found, excluded, strict=True)
        ]

    def _compared(
        self, text: str, vector: Vectors, rows: Rows, cosines: Vectors, exclusion: Exclusion | None
    ) -> Comparison:
        points = self.points
        if exclusion:
            near = slice(points.candidate_count + len(exclusion.points))
            kept = ~np.isin(rows[near], exclusion.points)
            rows, cosines = rows[near][kept], cosines[near][kept]
        may_answer = np.flatnonzero(~points.urgent[points.entry_of[rows]])[: points.neighbours]
        answers = self._ranking(text, rows[may_answer], cosines[may_answer])
        return Comparison(text, vector, answers, self._oos_similarity(vector, exclusion), exclusion)

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
