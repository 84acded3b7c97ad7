"""Where the phrasings of an entry lie: their centroid, and how close to it they are."""

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, StoredVectors, Vectors, unit

_BATCH = 1 << 16  # vectors worked on at a time, to bound memory
_USUAL = 0.6  # similarity where no entry has two points to tell


def centroids_of(
    vectors: StoredVectors, entry_of: npt.NDArray[np.int32], entries: int
) -> tuple[Vectors, Vectors, Vectors]:
    """Each entry's centroid, shape (entries, dimension); its intra-entry similarity: the mean cosine of its points to
    the centroid of its others, shape (entries,); and that cosine for each point (0 where it is alone, or of no entry),
    shape (points,)."""
    sums = np.zeros((entries, vectors.shape[1]), dtype=np.float32)
    known = np.flatnonzero(entry_of != NONE)
    for rows in np.array_split(known, len(known) // _BATCH + 1):
        np.add.at(sums, entry_of[rows], vectors[rows])
    paired = known[np.bincount(entry_of[known], minlength=entries)[entry_of[known]] > 1]
    held_out = np.zeros(len(vectors), dtype=np.float32)
    for rows in np.array_split(paired, len(paired) // _BATCH + 1):
        own = np.asarray(vectors[rows], dtype=np.float32)
        held_out[rows] = np.einsum("ij,ij->i", unit(sums[entry_of[rows]] - own), own)
    usual = float(held_out[paired].mean()) if len(paired) else _USUAL
    total = np.bincount(entry_of[paired], held_out[paired], minlength=entries)
    number = np.bincount(entry_of[paired], minlength=entries)
    # As if two points of usual similarity came with each entry, so that a pair by chance alike counts for little.
    similarity = ((total + 2 * usual) / (number + 2)).astype(np.float32)
    return unit(sums), similarity, held_out
