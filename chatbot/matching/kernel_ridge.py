"""Kernel ridge regression among the nearest neighbours of a query: how much each of them says for its entry.

Local learning (Bottou & Vapnik, Local Learning Algorithms, 1992) with the kernel ridge of Saunders, Gammerman & Vovk
(1998). It is solved when a question is asked: nothing is fitted beforehand, an edit counts at once, and the cost does
not grow with the corpus.
"""

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Vectors

_GAMMA = 3.0  # of the kernel exp(gamma * (cosine - 1))
RIDGE = 0.3  # how far a point may be from saying exactly what its entry answers
_WORDS_IN_COMMON = 0.2  # what all words and letters in common with the query add to the kernel
# More multiplications at a time wake BLAS's threads, which takes longer than they save, and far longer where several
# questions are asked at once.
_MULTIPLICATIONS = 460_000
# How much of the right side a solution may leave over, both squared. So much moves no score by 0.0001.
_TOLERANCE = 1e-10
_ABSENT_ENTRIES = 10  # entries that are not there, to share in what nothing is known of
_MORE_PHRASINGS = 4.0  # few phrasings reach fewer questions; this many more an entry would have had


def prior_score(entries: int) -> float:
    """The score of an entry for a query that is like nothing known."""
    return 1 / (entries + _ABSENT_ENTRIES)


def class_balance(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """What to multiply each entry's score with, from how many points it has, so that few are no handicap beside many;
    1 on average."""
    mean = counts.mean()
    owned = np.maximum(counts, 1)
    factors: npt.NDArray[np.float32] = ((owned + _MORE_PHRASINGS) / owned * mean / (mean + _MORE_PHRASINGS)).astype(
        np.float32
    )
    return factors


def kernel_matrix(vectors: Vectors) -> Vectors:
    """The kernel of every two of some unit vectors, shape (n, dimension) -> (n, n)."""
    cosines = np.empty((len(vectors), len(vectors)), dtype=np.float32)
    rows = max(1, _MULTIPLICATIONS // max(1, vectors.size))
    for start in range(0, len(vectors), rows):
        # The matrix is symmetric, so each strip begins at the diagonal.
        strip = vectors[start : start + rows] @ vectors[start:].T
        cosines[start : start + rows, start:] = strip
        cosines[start:, start : start + rows] = strip.T
    return kernel(cosines)


def kernel_weights(matrix: Vectors, cosines: Vectors, words: Vectors) -> Vectors:
    """The weight of each neighbour of a query in the regression's prediction for it, shape (n,).

    `matrix` is the neighbours' `kernel_matrix`, `cosines` are theirs to the query, and `words` their words in common
    with it, in [0, 1]. The predicted score of an entry is `prior + sum of weight * (target - prior)`, where the target
    is 1 for a neighbour of that entry, else 0.
    """
    ridge = matrix.copy()
    ridge[np.diag_indices_from(ridge)] += RIDGE
    return _conjugate_gradient(ridge, kernel(cosines) + np.float32(_WORDS_IN_COMMON) * words)


def _conjugate_gradient(matrix: Vectors, right: Vectors) -> Vectors:
    """What `matrix`, symmetric and positive definite, takes to `right` (Hestenes & Stiefel, 1952): in half the time of
    an exact solution and without waking BLAS's threads."""
    solution, residual = np.zeros_like(right), right
    direction, size = residual, np.vecdot(residual, residual)
    small = _TOLERANCE * size
    for _ in range(len(right)):
        if size <= small:
            break
        image = np.vecdot(matrix, direction)
        step = size / np.vecdot(direction, image)
        solution, residual = solution + step * direction, residual - step * image
        size_before, size = size, np.vecdot(residual, residual)
        direction = residual + size / size_before * direction
    return solution


def kernel(cosines: Vectors) -> Vectors:
    """How much unit vectors with these cosines are alike, in (0, 1]."""
    value: Vectors = np.exp(np.float32(_GAMMA) * (cosines - np.float32(1)))
    return value
