"""Kernel ridge regression onto the entries, with its held-out predictions in closed form.

Each point (a phrasing, or the answer of an entry that has few) pulls its entry's score towards 1 and the others'
towards 0. Scores of a query are `alphas @ kernel(query, points) + 1 / entries`. Leaving out a point, or all points
of an entry, needs no second fit: see Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), 5.4.2,
and for groups of points, Ginsbourger & Schärer, Fast calculation of Gaussian process multiple-fold
cross-validation residuals (2021).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.encoder import Vectors

_SHARPNESS = 3.0  # of the kernel exp(sharpness * (cosine - 1))
_WORDS = 0.05  # weight of words in common beside it
_NOISE = 0.3  # how far a phrasing may be from saying exactly what its entry answers
_ANSWER_NOISE = 1.0  # an answer says much else besides


def kernel(cosines: npt.NDArray[np.float32], lexical: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How alike texts are, from the cosines of their vectors and their words in common."""
    alike: npt.NDArray[np.float32] = np.exp(_SHARPNESS * (cosines - 1)) + _WORDS * lexical
    return alike


@dataclass(frozen=True)
class RidgeFit:
    """`alphas`: shape (entries, points). `without_point` and `without_entry`: the scores of each point by a fit that
    never saw it, and by one that never saw its entry (which then scores -inf), shape (points, entries)."""

    alphas: Vectors
    without_point: Vectors
    without_entry: Vectors


def fit_ridge(gram: Vectors, entry_of: npt.NDArray[np.int32], is_answer: npt.NDArray[np.bool_], entries: int) -> RidgeFit:
    """Fit from the kernel between all points, shape (points, points); `gram` is overwritten."""
    points = len(gram)
    each = np.arange(points)
    gram[each, each] += np.where(is_answer, _ANSWER_NOISE, _NOISE).astype(np.float32)
    inverse = np.linalg.inv(gram)
    targets = np.full((points, entries), -1 / entries, dtype=np.float32)
    targets[each, entry_of] += 1
    alphas = inverse @ targets
    without_point = targets - alphas / np.diag(inverse)[:, None] + 1 / entries
    without_entry = np.empty_like(targets)
    for entry in range(entries):
        own = np.flatnonzero(entry_of == entry)
        residual = np.linalg.solve(inverse[np.ix_(own, own)], alphas[own])
        without_entry[own] = targets[own] - residual + 1 / entries
        without_entry[own, entry] = -np.inf
    return RidgeFit(np.ascontiguousarray(alphas.T), without_point, without_entry)
