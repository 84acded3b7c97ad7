"""The points that a query is compared with: what they hold, and which of them are near."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Flags, Rows, Vectors
from chatbot.matching.kernel_ridge import class_balance
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.neighbours import Search

# What a point is: a text that an entry answers (small talk, too), a warning sign, what may be one, what sounds like one
# and is none, what says that one was seen to, what sounds like that and does not, and what only tells that someone has
# something.
KINDS = ANSWER, SIGN, CAUTION, LOOK_ALIKE, ALL_CLEAR, NOT_CLEAR, PLAIN = range(7)
# Points that take part in the regression for a query: this many times what an entry has, within these bounds. Entries
# of thirty phrasings rank worse with only 96, those of ten do not; more than 192 rank none better.
_ENTRIES_NEAR, _FEWEST, _MOST = 6, 96, 192
_NO_ROWS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Points:
    """Everything a query is compared with: the phrasings, then the texts of answers that are matched as well, then what
    helps to tell warning signs.

    `entry_of` gives the row of each point's entry (`NONE` for what only sounds like one) and `kinds` what it is, both
    of the shape (points,); the first `phrasings` points are phrasings, in the order of their entries. `urgent` says
    which entries are, shape (entries,). `out_of_scope` holds the vectors of out-of-scope questions.
    """

    search: Search
    entry_of: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int8]
    phrasings: int
    urgent: Flags
    lexical: LexicalIndex
    out_of_scope: Vectors

    @cached_property
    def class_balance(self) -> Vectors:
        """See `kernel_ridge.class_balance`."""
        return class_balance(np.bincount(self.entry_of[self.entry_of != NONE], minlength=len(self.urgent)))

    @cached_property
    def neighbours(self) -> int:
        """How many points take part in the regression for a query."""
        return int(np.clip(_ENTRIES_NEAR * len(self.entry_of) / len(self.urgent), _FEWEST, _MOST))

    def phrasing_of(self, point: int, entry: int) -> int:
        """The row of the phrasing to show for a point: itself, or its entry's own question."""
        return point if point < self.phrasings else int(self.questions_of(np.array([entry]))[0])

    def questions_of(self, entries: Rows) -> Rows:
        """The rows of some entries' own questions, the first of their phrasings, shape (entries,)."""
        return np.searchsorted(self.entry_of[: self.phrasings], entries)

    def near(self, texts: Sequence[str], vectors: Vectors, exclusions: Sequence["Exclusion"] = ()) -> list["Near"]:
        """What is near some queries, as their texts and unit vectors, shape (texts, dimension).

        `exclusions`, one for each query or none at all, hold something out.
        """
        excluded: Sequence[Exclusion | None] = exclusions or [None] * len(texts)
        past = max((len(each.points) for each in exclusions), default=0)
        # Twice as many as take part, to find as many of those that may answer and of all.
        looked_at = 2 * self.neighbours
        found = self.search.nearest_to_each(vectors, looked_at + past)
        return [
            Near(text, vector, *_without(rows, cosines, exclusion, looked_at), exclusion)
            for text, vector, (rows, cosines), exclusion in zip(texts, vectors, found, excluded, strict=True)
        ]


@dataclass(frozen=True)
class Exclusion:
    """What a held-out query must not be compared with: rows of points, and the out-of-scope row that it is itself.

    `centroid`: the row of its entry, with its cosine to that entry's centroid as it is without the query. `coverage`:
    what a model of coverage says of it that does not know it.
    """

    points: Rows = field(default_factory=lambda: _NO_ROWS)
    out_of_scope: int = NONE
    centroid: tuple[int, float] | None = None
    coverage: float | None = None


@dataclass(frozen=True)
class Near:
    """A query, with the rows of the points near it, nearest first, and their cosines to it."""

    text: str
    vector: Vectors
    rows: Rows
    cosines: Vectors
    exclusion: Exclusion | None = None


def _without(rows: Rows, cosines: Vectors, exclusion: Exclusion | None, most: int) -> tuple[Rows, Vectors]:
    if exclusion is None:
        return rows, cosines
    near = slice(most + len(exclusion.points))
    kept = ~np.isin(rows[near], exclusion.points)
    return rows[near][kept], cosines[near][kept]
