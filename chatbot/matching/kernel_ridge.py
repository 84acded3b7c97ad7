"""Kernel ridge regression among the nearest neighbours of a query: how much each of them says for its entry.

Local learning (Bottou & Vapnik, Local Learning Algorithms, 1992) with the kernel ridge of Saunders, Gammerman & Vovk
(1998). It is solved when a question is asked, so there is nothing to fit beforehand, an edit counts at once, the cost
is the same for a thousand phrasings and a million, and what leaves a point out is simply not given that point.
"""

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Vectors

_SHARPNESS = 3.0  # of the kernel exp(sharpness * (cosine - 1))
_WORDS = 0.2  # what all words and letters in common with the query add to it
# More multiplications at a time wake BLAS's threads, which takes longer than they save, and far longer where several
# questions are asked at once.
_MULTIPLICATIONS = 460_000
# How much of the right side a solution may leave over, both squared. So much moves no score by 0.0001.
_TOLERANCE = 1e-10
_NOISE = 0.3  # how far a point may be from saying exactly what its entry answers
_UNLIKELY = 10  # entries that are not there, to share in what nothing is known of
_HANDICAP = 4.0  # few phrasings reach fewer questions; this many more an entry would have had


def base(entries: int) -> float:
    """The score of an entry for a query that is like nothing known."""
    return 1 / (entries + _UNLIKELY)


def balance(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """What to multiply each entry's score with, from how many points it has, so that few are no handicap beside many;
    1 on average."""
    usual = counts.mean()
    owned = np.maximum(counts, 1)
    factors: npt.NDArray[np.float32] = ((owned + _HANDICAP) / owned * usual / (usual + _HANDICAP)).astype(np.float32)
    return factors


def likeness(neighbours: Vectors) -> Vectors:
    """How alike the neighbours of a query are by the kernel, shape (n, n), from their unit vectors, (n, dimension)."""
    among = np.empty((len(neighbours), len(neighbours)), dtype=np.float32)
    rows = max(1, _MULTIPLICATIONS // max(1, neighbours.size))
    for start in range(0, len(neighbours), rows):
        # What is alike is so both ways, so each strip begins at itself.
        strip = neighbours[start : start + rows] @ neighbours[start:].T
        among[start : start + rows, start:] = strip
        among[start:, start : start + rows] = strip.T
    return _kernel(among)


def influence(alike: Vectors, cosines: Vectors, words: Vectors) -> Vectors:
    """What each neighbour of a query counts in the regression's prediction for it, shape (n,).

    `alike` is their `likeness`, `cosines` theirs to the query, and `words` their words in common with it, in [0, 1].
    The predicted score of an entry is `base + sum of influence * (target - base)`, where the target is 1 for a
    neighbour of that entry, else 0.
    """
    noisy = alike.copy()
    noisy[np.diag_indices_from(noisy)] += _NOISE
    return _solved(noisy, _kernel(cosines) + np.float32(_WORDS) * words)


def _solved(matrix: Vectors, right: Vectors) -> Vectors:
    """What `matrix`, symmetric and positive definite, takes to `right`: by conjugate gradients (Hestenes & Stiefel,
    1952), in half the time of an exact solution and without waking BLAS's threads."""
    solution, rest = np.zeros_like(right), right
    direction, left = rest, np.vecdot(rest, rest)
    enough = _TOLERANCE * left
    for _ in range(len(right)):
        if left <= enough:
            break
        turned = np.vecdot(matrix, direction)
        step = left / np.vecdot(direction, turned)
        solution, rest = solution + step * direction, rest - step * turned
        before, left = left, np.vecdot(rest, rest)
        direction = rest + left / before * direction
    return solution


def _kernel(cosines: Vectors) -> Vectors:
    alike: Vectors = np.exp(np.float32(_SHARPNESS) * (cosines - np.float32(1)))
    return alike
