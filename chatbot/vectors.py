"""Vectors -> nearest vectors. The only module that imports faiss, and the place that knows its odd answers."""

import numpy as np
import numpy.typing as npt

from chatbot.encoder import Vectors

Rows = npt.NDArray[np.int64]

# Up to so many vectors, loading faiss takes far longer than one search without it.
_FEW = 50_000


def nearest(vectors: Vectors, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
    """The `k` rows of `vectors` nearest to each query, exactly: their cosines and row numbers, best first.

    Both arrays hold unit vectors, of shape (n, dimension) and (queries, dimension). `k` is cut at n, so the results
    have shape (queries, min(k, n)). Raises `ValueError` for another shape or values that are not finite.
    """
    if queries.ndim != 2 or queries.shape[1] != vectors.shape[1]:
        raise ValueError(f"queries of shape {queries.shape} do not fit vectors of shape {vectors.shape}")
    if not np.isfinite(queries).all():
        raise ValueError("a query vector holds values that are not finite")
    k = min(k, len(vectors))
    if k == 0:
        empty = (len(queries), 0)
        return np.empty(empty, dtype=np.float32), np.empty(empty, dtype=np.int64)
    if len(queries) == 1 and len(vectors) <= _FEW:
        return _nearest_to_one(vectors, queries[0], k)
    import faiss

    scores, rows = faiss.knn(
        np.ascontiguousarray(queries, dtype=np.float32), vectors, k, metric=faiss.METRIC_INNER_PRODUCT
    )
    return scores, rows


def _nearest_to_one(vectors: Vectors, query: Vectors, k: int) -> tuple[Vectors, Rows]:
    cosines = np.vecdot(vectors, query)
    best = np.argpartition(-cosines, k - 1)[:k]
    rows = best[np.argsort(-cosines[best], kind="stable")]
    return cosines[rows][None, :], rows[None, :]
