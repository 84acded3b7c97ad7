"""Does a message say that a warning sign was seen to, or was none? A linear model of the vectors of its parts."""

from collections.abc import Sequence

import numpy as np

from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ALL_CLEAR, Near, Points

_SAME = 0.95  # the least cosine to what says so that needs no model: but for a word or its ending the same text


class AllClears:
    """Reads messages after a warning sign. Stateless; any thread may use it. The model tells 1/2 or more of a part that
    says so; see `building.all_clears`."""

    def __init__(self, points: Points, model: LogisticModel) -> None:
        self._points = points
        self._model = model

    def entry(self, parts: Sequence[Near]) -> int | None:
        """The row of the all-clear that one of the parts of a message is most alike, when that part says so; None: no
        part does."""
        return next((entry for near in parts if (entry := self._of(near)) is not None), None)

    def _of(self, near: Near) -> int | None:
        places = np.flatnonzero(self._points.kinds[near.rows] == ALL_CLEAR)
        if not len(places):
            return None
        is_same = places[0] == 0 and near.cosines[0] >= _SAME
        says_so = is_same or float(self._model.logit(near.vector)) >= 0
        return int(self._points.entry_of[near.rows[places[0]]]) if says_so else None
