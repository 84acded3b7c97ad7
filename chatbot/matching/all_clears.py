"""Does a message say that a warning sign was seen to, or was none? A regression over all that says so and all that only
sounds like it."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from chatbot.arrays import Rows, Vectors
from chatbot.matching.kernel_ridge import kernel
from chatbot.matching.points import ALL_CLEAR, NOT_CLEAR, Near, Points

_SAME = 0.95  # the least cosine to what says so that needs no regression: but for a word or its ending the same text


def rows_of_all_clears(points: Points) -> Rows:
    """The rows of the points that say so or sound like it."""
    return np.flatnonzero((points.kinds == ALL_CLEAR) | (points.kinds == NOT_CLEAR))


class AllClears:
    """Reads messages after a warning sign. Stateless; any thread may use it. `weights`: of each of
    `rows_of_all_clears`, and the least score that is believed, which `building.all_clears` fits."""

    def __init__(self, points: Points, weights: Vectors) -> None:
        self._points = points
        self._weights, self._least = weights[:-1], float(weights[-1])

    @cached_property
    def _vectors(self) -> Vectors:
        return self._points.search.at(rows_of_all_clears(self._points))

    def entry(self, parts: Sequence[Near]) -> int | None:
        """The row of the all-clear that one of the parts of a message is most alike, when that part says so; None: no
        part does."""
        return next((entry for near in parts if (entry := self._of(near)) is not None), None)

    def _of(self, near: Near) -> int | None:
        places = np.flatnonzero(self._points.kinds[near.rows] == ALL_CLEAR)
        if not len(places):
            return None
        is_same = places[0] == 0 and near.cosines[0] >= _SAME
        says_so = is_same or self._score(near.vector) >= self._least
        return int(self._points.entry_of[near.rows[places[0]]]) if says_so else None

    def _score(self, vector: Vectors) -> float:
        return float(kernel(self._vectors @ vector) @ self._weights)
