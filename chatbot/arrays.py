"""The arrays that the rooms hand each other: what they hold, and in which shape."""

from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
StoredVectors = npt.NDArray[np.floating[Any]]  # vectors in the precision that they are stored in
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NONE = -1  # the row of nothing: a point that speaks for no entry, a place that is not filled


def unit(vectors: Vectors) -> Vectors:
    """`vectors`, shape (..., dimension), each scaled to length 1; zeros stay zeros."""
    units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return units
