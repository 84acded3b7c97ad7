"""Does a message describe a warning sign? Two planes among the vectors of texts; `building.screening` learns them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.arrays import StoredVectors, Vectors
from chatbot.matching.logistic import logistic
from chatbot.records import Thresholds

_ALL_CLEAR = 0.5
Planes = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sign:
    """The warning sign that a message is about, by the row of its entry, with the row of the phrasing of that entry
    that is most alike and its cosine; the probabilities that the message describes a sign, and that it may."""

    entry: int
    phrasing: int
    similarity: float
    urgent: float
    caution: float
    is_urgent: bool


class Screen:
    """Judges messages by the vectors of their passages. Stateless; any thread may use it.

    `planes` has the shape (3, dimension + 1): for a sign, for what may be one, and for what says that one was seen to,
    a weight for each number of a vector and the intercept last. `phrasings` are the unit vectors of all phrasings, shape (phrasings, dimension), `rows` the
    rows of urgent entries' phrasings in it and `entries` the row of each one's entry, both of the shape (n,).
    `cautions` and `caution_entries` are likewise what may be a sign.
    """

    def __init__(
        self,
        planes: Planes,
        phrasings: StoredVectors,
        rows: Owners,
        entries: Owners,
        cautions: StoredVectors,
        caution_entries: Owners,
    ) -> None:
        self._planes = planes
        self._phrasings = phrasings
        self._rows = rows
        self._entries = entries
        self._cautions = cautions
        self._caution_entries = caution_entries

    def judge(self, passages: Sequence[Vectors], thresholds: Thresholds) -> Sign | None:
        """The sign that a message describes or may describe, by the unit vectors of its passages; None: neither."""
        if not len(self._rows):
            return None
        stacked = np.stack(passages)
        urgent, caution, _ = probabilities(self._planes, stacked)
        is_urgent = bool(urgent.max() >= thresholds.urgent)
        if not is_urgent and caution.max() < thresholds.caution:
            return None
        vector = stacked[int((urgent if is_urgent else caution).argmax())]
        cosines = np.asarray(self._phrasings[self._rows]) @ vector
        entry = self._most_alike(vector, cosines, is_urgent)
        nearest = int(np.where(self._entries == entry, cosines, -1.0).argmax())
        return Sign(
            entry,
            int(self._rows[nearest]),
            float(cosines[nearest]),
            float(urgent.max()),
            float(caution.max()),
            is_urgent,
        )

    def says_all_clear(self, passages: Sequence[Vectors]) -> bool:
        """Whether one of some passages, by their unit vectors, says that a warning sign was seen to."""
        return bool(len(self._rows) and probabilities(self._planes, np.stack(passages))[2].max() >= _ALL_CLEAR)

    def _most_alike(self, vector: Vectors, cosines: Vectors, is_urgent: bool) -> int:
        """The entry of the nearest phrasing; for a caution, of the nearest of those and of what may be a sign."""
        nearest = int(self._entries[cosines.argmax()])
        if is_urgent or not len(self._cautions):
            return nearest
        maybes = np.asarray(self._cautions) @ vector
        return int(self._caution_entries[maybes.argmax()]) if maybes.max() > cosines.max() else nearest


def probabilities(planes: Planes, vectors: Vectors) -> npt.NDArray[np.float64]:
    """How likely each of some texts, by its unit vector, describes a warning sign, may describe one, and says that one
    was seen to, shape (3, texts)."""
    return logistic((vectors @ planes[:, :-1].T + planes[:, -1]).T.astype(np.float64))
