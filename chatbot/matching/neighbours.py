"""Vectors -> nearest vectors. The only module that imports faiss.

Up to `FLAT_UP_TO` vectors every one is looked at: a scan of so many takes milliseconds, and loading faiss takes longer
than that. From `PROJECTED_FROM` on the scan for a few queries begins with a projection. Beyond `FLAT_UP_TO` the vectors
are kept in half the bytes, and an inverted file (IVF) of bytes (SQ8) proposes neighbours, whose cosines are then taken
from the vectors themselves. It is chosen over a graph (HNSW) because it is built in minutes rather than an hour for a
million vectors on two cores, and because a file of half the vectors' bytes is mapped, not read.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, StoredVectors, Vectors
from chatbot.matching.projection import DIRECTIONS, Projection, principal_directions
from chatbot.matching.selection import largest

FLAT_UP_TO = 65_536
PROJECTED_FROM = 8_192
MIN_RECALL = 0.98  # of the ten nearest, on average, against an exact search
_MIN_RECALL_PROJECTED, _PROJECTED_AT = 0.999, 200
_RECALL_AT, _RECALL_QUERIES = 10, 200
_TOLERANCE = 1e-6  # cosines nearer than this are the same
_TRAINED_ON = 40  # vectors for each list of the inverted file
_BATCH = 1 << 16  # vectors worked on at a time, to bound memory
_QUERIES = 64  # compared at a time
_SEQUENTIAL_UP_TO = 16  # queries


def storage_dtype(count: int) -> type[np.floating[Any]]:
    """In which numbers so many vectors are kept: beyond `FLAT_UP_TO` in float16, which moves no cosine by 0.001."""
    return np.float32 if count <= FLAT_UP_TO else np.float16


class Search(Protocol):
    """Finds the nearest of some unit vectors, wherever these are."""

    def at(self, rows: npt.NDArray[np.integer[Any]]) -> Vectors:
        """The vectors in some rows, shape (rows, dimension), in float32."""

    def nearest_to_each(self, queries: Vectors, k: int) -> list[tuple[Rows, Vectors]]:
        """The rows of the `k` vectors nearest to each query, shape (queries, dimension), best first, and their cosines;
        of all vectors where there are fewer."""


@dataclass(frozen=True)
class NeighbourSearch:
    """Finds the nearest of some unit vectors, shape (n, dimension), in any precision; `file` is the inverted file where
    there is one, and `probes` how many of its lists a search reads; `projection` is that of the vectors, where there is
    one."""

    vectors: StoredVectors
    file: Path | None = None
    probes: int = 0
    projection: Projection | None = None

    def at(self, rows: npt.NDArray[np.integer[Any]]) -> Vectors:
        """The vectors in some rows, shape (rows, dimension), in float32."""
        return _in_float32(self.vectors[rows])

    def nearest(self, query: Vectors, k: int) -> tuple[Rows, Vectors]:
        """The rows of the `k` vectors nearest to one query, shape (dimension,), best first, and their cosines."""
        return self.nearest_to_each(query[None, :], k)[0]

    def nearest_to_each(self, queries: Vectors, k: int) -> list[tuple[Rows, Vectors]]:
        """`nearest` of many queries, shape (queries, dimension): faster than one by one."""
        if self.file:
            near = _approximate(self._inverted, queries, k, self.probes)
            return [self._by_cosine(query, rows) for query, rows in zip(queries, near, strict=True)]
        if self.projection and len(queries) <= _SEQUENTIAL_UP_TO:
            likely = self.projection.likely(queries, k)
            return [self._by_cosine(query, rows, k) for query, rows in zip(queries, likely, strict=True)]
        cosines, rows = nearest(self.vectors, queries, k)
        return list(zip(rows, cosines, strict=True))

    def _by_cosine(self, query: Vectors, rows: Rows, k: int | None = None) -> tuple[Rows, Vectors]:
        cosines = np.vecdot(self.at(rows), query)
        order = np.argsort(-cosines, kind="stable")[:k]
        return rows[order], cosines[order]

    def opened(self) -> "NeighbourSearch":
        """This search with its file mapped, which stays readable when the file is removed. Raises `OSError`."""
        if self.file:
            _ = self._inverted
        return self

    @cached_property
    def _inverted(self) -> Any:
        import faiss

        try:
            return faiss.read_index(str(self.file), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise OSError(f"{self.file} is gone, or no inverted file") from error


def _in_float32(vectors: StoredVectors) -> Vectors:
    return np.ascontiguousarray(vectors, dtype=np.float32)


def nearest(vectors: StoredVectors, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
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
    if len(vectors) <= FLAT_UP_TO:
        return _by_scan(vectors, queries, k)
    import faiss

    scores, rows = faiss.knn(_in_float32(queries), _in_float32(vectors), k, metric=faiss.METRIC_INNER_PRODUCT)
    return scores, rows


def _by_scan(vectors: StoredVectors, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
    """Without faiss, whose threads a process that forks later does not pass on."""
    scores, rows = np.empty((len(queries), k), dtype=np.float32), np.empty((len(queries), k), dtype=np.int64)
    for start in range(0, len(queries), _QUERIES):
        batch = queries[start : start + _QUERIES].astype(np.float32)
        # `@` wakes other threads: for the few texts of a message that costs those who ask beside it more than it gains.
        cosines = np.vecdot(batch[:, None], vectors) if len(batch) <= _SEQUENTIAL_UP_TO else batch @ vectors.T
        for place, row in enumerate(cosines, start):
            rows[place] = largest(row, k)
            scores[place] = row[rows[place]]
    return scores, rows


def project(vectors: StoredVectors) -> tuple[Projection | None, float]:
    """The projection of `vectors` onto the fewest directions where it finds what a full scan finds, and the share of
    the `_PROJECTED_AT` nearest to some of them that it finds; none where it would spare no time, or miss too many."""
    counts = [count for count in DIRECTIONS if count < vectors.shape[1]]
    if len(vectors) < PROJECTED_FROM or not counts:
        return None, 1.0
    drawn = np.random.default_rng(0).choice(len(vectors), min(len(vectors), _RECALL_QUERIES), replace=False)
    sample = vectors[drawn]
    exact = nearest(vectors, sample, _PROJECTED_AT)[0][:, -1] - _TOLERANCE
    directions = principal_directions(vectors)
    for count in counts:
        projection = Projection.onto(np.ascontiguousarray(directions[:, :count]), vectors)
        search = NeighbourSearch(vectors, projection=projection)
        found = [search.nearest(query, _PROJECTED_AT)[1] for query in sample]
        recall = float(np.mean([(own >= least).mean() for own, least in zip(found, exact, strict=True)]))
        if recall >= _MIN_RECALL_PROJECTED:
            return projection, recall
    return None, 1.0


def write_inverted_file(vectors: StoredVectors, path: Path) -> dict[str, Any]:
    """Build the inverted file of `vectors` at `path`.

    Returns what the manifest says of it: `kind`, `probes` (the fewest with which the ten nearest are found with a
    recall of `MIN_RECALL`) and the `recall` measured with them against an exact search.
    """
    import faiss

    count, dimension = vectors.shape
    lists = 1 << int(np.log2(4 * np.sqrt(count)))
    kind = f"IVF{lists},SQ8"
    inverted: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.seed = 0
    draw = np.random.default_rng(0)
    sample = np.sort(draw.choice(count, min(count, _TRAINED_ON * lists), replace=False))
    inverted.train(_in_float32(vectors[sample]))
    for start in range(0, count, _BATCH):
        inverted.add(_in_float32(vectors[start : start + _BATCH]))
    probes, recall = _enough_probes(inverted, vectors, draw.choice(count, min(count, _RECALL_QUERIES), replace=False))
    faiss.write_index(inverted, str(path))
    return {"kind": kind, "probes": probes, "recall": round(recall, 4)}


def _enough_probes(inverted: Any, vectors: StoredVectors, sample: Rows) -> tuple[int, float]:
    """The fewest lists to read for `MIN_RECALL`, doubling, and the recall reached; each sampled vector asks."""
    queries = _in_float32(vectors[sample])
    exact = least_cosines(vectors, queries, _RECALL_AT) - _TOLERANCE
    probes = 8
    while True:
        probes = min(probes, inverted.nlist)
        search = _approximate(inverted, queries, _RECALL_AT * 10, probes)
        # By how near they are, not by which they are: a question that appears twice may be either.
        cosines = [
            -np.sort(-_in_float32(vectors[rows]) @ query)[:_RECALL_AT]
            for rows, query in zip(search, queries, strict=True)
        ]
        recall = float(np.mean([(own >= least).sum() / _RECALL_AT for own, least in zip(cosines, exact, strict=True)]))
        if recall >= MIN_RECALL or probes == inverted.nlist:
            return probes, recall
        probes *= 2


def least_cosines(vectors: StoredVectors, queries: Vectors, k: int, among: Rows | None = None) -> Vectors:
    """The cosine of each query to the last of its `k` nearest `among` some rows, or all, from batches of the vectors to
    bound memory."""
    rows = np.arange(len(vectors)) if among is None else among
    batches = (_in_float32(vectors[rows[start : start + _BATCH]]) for start in range(0, len(rows), _BATCH))
    cosines = np.concatenate([nearest(batch, queries, k)[0] for batch in batches], axis=1)
    least: Vectors = -np.sort(-cosines, axis=1)[:, k - 1]
    return least


def _approximate(inverted: Any, queries: Vectors, k: int, probes: int) -> list[Rows]:
    """About the `k` nearest to each query, by the bytes of the inverted file."""
    import faiss

    # Parameters of this one search, as the index is shared between threads.
    how: Any = faiss.SearchParametersIVF
    _, near = inverted.search(_in_float32(queries), k, params=how(nprobe=probes))
    return [rows[rows >= 0] for rows in near]
