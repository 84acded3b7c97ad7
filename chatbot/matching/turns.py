"""What a message that follows an answer does: a regression among what people said next to answers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Rows, Vectors
from chatbot.matching.kernel_ridge import kernel_matrix, kernel_weights
from chatbot.records import TURNS, Turn

_NEIGHBOURS = 96  # messages that take part
_PART = 0.25  # of what is near, the least share of one part; seven in ten of those are that part


@dataclass(frozen=True)
class TurnReading:
    """How much a message is each kind of turn, 0 not at all and 1 wholly, and the row of the part of the answer that it
    asks about, `NONE` where it names none."""

    shares: Mapping[Turn, float]
    part: int


@dataclass(frozen=True)
class Turns:
    """Messages that people sent after an answer: their unit vectors, shape (messages, dimension), and of each its kind
    as its place in `TURNS` and the row of the part of the answer that it asks about (`NONE`: no part), shape
    (messages,)."""

    vectors: Vectors
    kinds: npt.NDArray[np.int8]
    parts: npt.NDArray[np.int16]

    def read(self, vector: Vectors, among: Rows | None = None) -> TurnReading:
        """What a message does, by its unit vector; `among`: by these messages only."""
        rows = np.arange(len(self.kinds)) if among is None else among
        cosines = self.vectors[rows] @ vector
        nearest = np.argsort(-cosines, kind="stable")[:_NEIGHBOURS]
        near = rows[nearest]
        no_words = np.zeros(len(near), dtype=np.float32)
        weights = kernel_weights(kernel_matrix(self.vectors[near]), cosines[nearest], no_words)
        shares = np.bincount(self.kinds[near], weights, minlength=len(TURNS))
        return TurnReading(dict(zip(TURNS, shares.tolist(), strict=True)), self._part(near, weights))

    def _part(self, rows: Rows, weights: Vectors) -> int:
        parts = self.parts[rows]
        shares = np.bincount(parts[parts != NONE], weights[parts != NONE], minlength=1)
        return int(shares.argmax()) if shares.max() >= _PART else NONE
