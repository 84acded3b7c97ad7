"""A first look at many vectors that reads less than half of their bytes.

The vectors are projected onto the directions along which they are longest (principal components without centring, the
best that so few numbers can say of inner products: Eckart & Young, 1936). What looks nearest there is then compared in
full, so that a neighbour can be missed but none gets another cosine.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, StoredVectors, Vectors
from chatbot.matching.selection import largest

DIRECTIONS = 160
_MORE = 3  # times as many as asked for are compared in full


@dataclass(frozen=True)
class Projection:
    """Some vectors by their `coordinates`, shape (n, DIRECTIONS), along `directions`, shape (dimension, DIRECTIONS)."""

    directions: npt.NDArray[Any]
    coordinates: npt.NDArray[Any]

    @classmethod
    def fit(cls, vectors: StoredVectors) -> "Projection":
        """The projection of vectors of shape (n, dimension), in float32."""
        _, along = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))  # the longest last
        directions = np.ascontiguousarray(along[:, : -DIRECTIONS - 1 : -1], dtype=np.float32)
        return cls(directions, vectors @ directions)

    def likely(self, query: Vectors, k: int) -> Rows:
        """The rows of vectors among which the `k` nearest to a query, shape (dimension,), very likely are."""
        return np.sort(largest(np.vecdot(self.coordinates, query @ self.directions), _MORE * k))
