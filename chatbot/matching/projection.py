"""A first look at many vectors that reads a quarter of their bytes, or somewhat more.

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

DIRECTIONS = (96, 160)  # how many are tried, fewest first
_MORE = 4  # times as many as asked for are compared in full
# Vectors that all queries are compared with before the next, while they are in the processor's cache; with more at a
# time BLAS would wake other threads.
_BLOCK = 2048


@dataclass(frozen=True)
class Projection:
    """Some vectors by their `coordinates`, shape (n, directions), along `directions`, shape (dimension, directions)."""

    directions: npt.NDArray[Any]
    coordinates: npt.NDArray[Any]

    @classmethod
    def onto(cls, directions: Vectors, vectors: StoredVectors) -> "Projection":
        """The projection of vectors of shape (n, dimension), in float32, onto `directions`."""
        return cls(directions, vectors @ directions)

    def likely(self, queries: Vectors, k: int) -> list[Rows]:
        """For each of some queries, shape (queries, dimension), the rows of vectors among which the `k` nearest to it
        very likely are."""
        projected = [query @ self.directions for query in queries]
        cosines = np.empty((len(projected), len(self.coordinates)), dtype=np.float32)
        for start in range(0, len(self.coordinates), _BLOCK):
            block = slice(start, start + _BLOCK)
            for row, query in zip(cosines, projected, strict=True):
                np.matmul(self.coordinates[block], query, out=row[block])
        return [np.sort(largest(row, _MORE * k)) for row in cosines]


def principal_directions(vectors: StoredVectors) -> Vectors:
    """The directions along which vectors of shape (n, dimension) are longest, the longest first, as columns of an array
    of the shape (dimension, dimension)."""
    _, along = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))  # the longest last
    return along[:, ::-1].astype(np.float32)
