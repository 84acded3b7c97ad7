"""Kernel ridge regression onto the entries, with its held-out predictions in closed form.

Each point (a phrasing; the answer of an entry that has few of them; a look-alike of a warning sign) pulls its
entry's score towards 1 and the others' towards 0. Scores of a query are `alphas @ kernel(query, points) + base`.
Leaving out a point, or all points of an entry, needs no second fit: see Rasmussen & Williams, Gaussian Processes for
Machine Learning (2006), 5.4.2, and for groups of points, Ginsbourger & Schärer, Fast calculation of Gaussian process
multiple-fold cross-validation residuals (2021).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.encoder import Vectors

_SHARPNESS = 3.0  # of the kernel exp(sharpness * (cosine - 1))
_WORDS = 0.05  # weight of words in common beside it
_NOISE = 0.3  # how far a point may be from saying exactly what its entry answers
_UNLIKELY = 10  # entries that are not there, to share in what nothing is known of
_HANDICAP = 4.0  # few phrasings reach fewer questions; this many more an entry would have had
_BLOCK = 1024  # rows worked on at a time, to bound memory
NO_ENTRY = -1  # the entry of a point that belongs to none


def base(entries: int) -> float:
    """The score of an entry for a query that is like nothing known."""
    return 1 / (entries + _UNLIKELY)


def balance(entry_of: npt.NDArray[np.int32], entries: int) -> npt.NDArray[np.float32]:
    """What to multiply each entry's score with, so that few phrasings are no handicap beside many; 1 on average."""
    counts = np.bincount(entry_of[entry_of != NO_ENTRY], minlength=entries)
    usual = counts.mean()
    factors: npt.NDArray[np.float32] = ((counts + _HANDICAP) / counts * usual / (usual + _HANDICAP)).astype(np.float32)
    return factors


def kernel(cosines: npt.NDArray[np.float32], lexical: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How alike texts are, from the cosines of their vectors and their words in common."""
    alike: npt.NDArray[np.float32] = np.exp(_SHARPNESS * (cosines - 1)) + _WORDS * lexical
    return alike


@dataclass(frozen=True)
class RidgeFit:
    """`alphas`: shape (points, entries). `without_point` and `without_entry`: the scores of each point by a fit that
    never saw it, and by one that never saw its entry (which then scores -inf), shape (points, entries)."""

    alphas: Vectors
    without_point: Vectors
    without_entry: Vectors


def fit_ridge(gram: Vectors, entry_of: npt.NDArray[np.int32], entries: int, urgent: npt.NDArray[np.bool_]) -> RidgeFit:
    """Fit from the kernel between all points, shape (points, points); `gram` is overwritten.

    Look-alikes (`entry_of` is `NO_ENTRY`) speak against the `urgent` entries only: an answer's score is that of a
    fit without them. They stand last.
    """
    points = len(gram)
    each = np.arange(points)
    gram[each, each] += _NOISE
    inverse = _inverse(gram)
    targets = np.full((points, entries), -base(entries), dtype=np.float32)
    own = entry_of != NO_ENTRY
    targets[each[own], entry_of[own]] += 1
    known = int(own.sum())
    with_all = _solve(inverse, targets, entry_of)
    without = _solve(_without_last(inverse, known), targets[:known], entry_of[:known]) if known < points else with_all
    return RidgeFit(*(_joined(all_, some, urgent) for all_, some in zip(with_all, without, strict=True)))


def _solve(inverse: Vectors, targets: Vectors, entry_of: npt.NDArray[np.int32]) -> tuple[Vectors, Vectors, Vectors]:
    """Alphas by point, scores without each point and scores without each point's entry, each (points, entries)."""
    entries = targets.shape[1]
    alphas: Vectors = inverse @ targets
    without_point: Vectors = targets - alphas / np.diag(inverse)[:, None] + np.float32(base(entries))
    without_entry = without_point.copy()
    for entry in range(entries):
        own = np.flatnonzero(entry_of == entry)
        residual = np.linalg.solve(inverse[np.ix_(own, own)], alphas[own])
        without_entry[own] = targets[own] - residual + np.float32(base(entries))
        without_entry[own, entry] = -np.inf
    return alphas, without_point, without_entry


def _inverse(matrix: Vectors) -> Vectors:
    """The inverse of a symmetric positive definite matrix, in its place: half the work and memory of a general one."""
    from scipy.linalg import lapack

    # LAPACK counts by columns, so it is given the transpose, which is the same matrix; `lower` there is upper here.
    factor, failed = lapack.spotrf(matrix.T, lower=1, overwrite_a=1)
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ArithmeticError("the kernel between the phrasings is not positive definite")
    whole: Vectors = inverse.T
    for row in range(1, len(whole)):
        whole[row, :row] = whole[:row, row]
    return whole


def _without_last(inverse: Vectors, kept: int) -> Vectors:
    """The inverse of the first `kept` rows and columns, from the inverse of all (Schur complement), in its place."""
    edge, corner = inverse[kept:, :kept].copy(), inverse[kept:, kept:]
    weighted = np.linalg.solve(corner, edge)
    first = inverse[:kept, :kept]
    for start in range(0, kept, _BLOCK):
        rows = slice(start, min(start + _BLOCK, kept))
        first[rows] -= edge[:, rows].T @ weighted
    return first


def _joined(with_all: Vectors, without: Vectors, urgent: npt.NDArray[np.bool_]) -> Vectors:
    """Columns of urgent entries from `with_all`, the others from `without`, which says nothing of the last points."""
    joined = with_all.copy()
    joined[: len(without), ~urgent] = without[:, ~urgent]
    joined[len(without) :, ~urgent] = 0
    return joined
