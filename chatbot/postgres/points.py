"""The points of a published revision: searched in the database, with what is read of each kept for a while."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from psycopg import errors

from chatbot.arrays import Rows, Vectors
from chatbot.errors import IndexDamaged, IndexMissing
from chatbot.postgres.database import Row, Statement
from chatbot.postgres.rows import features_from, vectors_from

EF_SEARCH, MOST_EF_SEARCH = 400, 1000
_TOGETHER = 16  # queries in one round trip, which all have to be answered in time
_KEPT = 16_384  # rows, of some two kilobytes each


@dataclass(frozen=True)
class PointSet:
    """A table of points: how many there are, of which dimension, in which of pgvector's types, and whether they are all
    looked at (`exact`) or searched by a graph (HNSW), with how many candidates (`ef_search`)."""

    table: str
    count: int
    dimension: int
    numbers: str
    exact: bool
    ef_search: int

    @property
    def settings(self) -> Mapping[str, str]:
        """What a connection is told that searches it: a planner would rather read a small table from end to end."""
        return {} if self.exact else {"enable_seqscan": "off", "hnsw.iterative_scan": "relaxed_order"}


class Asked(Protocol):
    """What answers queries; as text, where it is."""

    def read(self, *statements: Statement) -> list[list[Row]]:
        """The rows of each query."""


class PublishedPoints:
    """A `Search` among the points of a table, and their `Features`. Any number of threads may use it."""

    def __init__(self, database: Asked, points: PointSet) -> None:
        self._database, self._points = database, points
        self._kept: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def nearest_to_each(self, queries: Vectors, k: int) -> list[tuple[Rows, Vectors]]:
        """See `Search`. The database finds them, one round trip for the queries of a message; the cosines are taken
        here."""
        k = min(k, self._points.count)
        if not (k and len(queries)):
            return [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)) for _ in queries]
        found: list[tuple[Rows, Vectors]] = []
        for start in range(0, len(queries), _TOGETHER):
            some = queries[start : start + _TOGETHER]
            statements = [(self._nearest(k), (query.tolist(),)) for query in some]
            rows = self._read(*self._effort(k), *statements)[-len(some) :]
            found += [self._by_cosine(query, near, k) for query, near in zip(some, rows, strict=True)]
        return found

    def at(self, rows: npt.NDArray[np.integer[Any]]) -> Vectors:
        """See `Search`."""
        return self._vectors([vector for vector, _ in self._of(rows)])

    def of(self, rows: Rows) -> tuple[Rows, npt.NDArray[Any], npt.NDArray[Any]]:
        """See `Features`."""
        return features_from([features for _, features in self._of(rows)])

    def texts_in(self, bucket: int) -> list[int]:
        """See `Features`."""
        sql = f"select row from {self._points.table} where words @> array[%s]::int[] order by row"
        return [row for (row,) in self._read((sql, (bucket,)))[0]]

    def _vectors(self, travelled: Sequence[bytes]) -> Vectors:
        return vectors_from(travelled, self._points.numbers, self._points.dimension)

    def _nearest(self, k: int) -> str:
        """The query for the `k` nearest. `k` stands in it, for the planner to see; rows break ties where all are looked
        at, as on disk, while a graph cannot be read in such an order."""
        points = self._points
        ties = ", row" if points.exact else ""
        asked = f"%b::float8[]::vector({points.dimension})::{points.numbers}({points.dimension})"
        return f"select row, v, features from {points.table} order by v <#> {asked}{ties} limit {k}"

    def _effort(self, k: int) -> list[Statement]:
        """How many candidates a graph is to look at: no fewer than are asked for, or it gives fewer, and half as many
        again, or it misses one in a hundred of them rather than one in 250."""
        if self._points.exact:
            return []
        candidates = min(max(self._points.ef_search, k + k // 2), MOST_EF_SEARCH)
        return [("select set_config('hnsw.ef_search', %s, false)", (str(candidates),))]

    def _by_cosine(self, query: Vectors, found: Sequence[Row], k: int) -> tuple[Rows, Vectors]:
        if len(found) < k:
            raise IndexDamaged(f"{self._database} found {len(found):,} of {k:,} points; publish the index again")
        self._keep(found)
        found = sorted(found)
        rows = np.array([row for row, _, _ in found], dtype=np.int64)
        cosines = np.vecdot(self._vectors([vector for _, vector, _ in found]), query)
        order = np.argsort(-cosines, kind="stable")
        return rows[order], cosines[order]

    def _of(self, rows: npt.NDArray[np.integer[Any]]) -> list[tuple[bytes, bytes]]:
        """The vectors and the features of some rows, asked for where they are not kept."""
        wanted = rows.tolist()
        with self._lock:
            known = {row: self._kept[row] for row in wanted if row in self._kept}
        if missing := sorted(set(wanted) - set(known)):
            sql = f"select row, v, features from {self._points.table} where row = any(%b)"
            (found,) = self._read((sql, (missing,)))
            self._keep(found)
            known |= {row: (vector, features) for row, vector, features in found}
            if not known.keys() >= set(wanted):
                raise IndexDamaged(f"{self._database} lacks some of {len(missing):,} points; publish the index again")
        return [known[row] for row in wanted]

    def _keep(self, found: Sequence[Row]) -> None:
        with self._lock:
            for row, vector, features in found:
                self._kept[row] = (vector, features)
                self._kept.move_to_end(row)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def _read(self, *statements: Statement) -> list[list[Row]]:
        try:
            return self._database.read(*statements)
        except errors.UndefinedTable as error:
            raise IndexMissing(f"the revision that was opened is gone from {self._database}; load it again") from error
