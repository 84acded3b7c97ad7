"""A table of points: all those of an index, or the part of them that one of several servers holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from psycopg import errors

from chatbot.arrays import Rows, Vectors
from chatbot.errors import IndexDamaged, IndexMissing
from chatbot.postgres.database import Row, Statement

EF_SEARCH, MOST_EF_SEARCH = 400, 1000
_TOGETHER = 16  # queries in one round trip, which all have to be answered in time


@dataclass(frozen=True)
class PointSet:
    """A table of points: how many there are, of which dimension, in which of pgvector's types, and whether they are all
    looked at (`exact`) or searched by a graph (HNSW), with how many candidates (`ef_search`). Of points that are
    divided in `parts` it has every so many-th, from point `part` on; each keeps the row that it has among all."""

    table: str
    count: int
    dimension: int
    numbers: str
    exact: bool
    ef_search: int
    part: int = 0
    parts: int = 1

    @property
    def rows(self) -> Rows:
        """The rows of its points, shape (count,)."""
        return self.part + self.parts * np.arange(self.count)

    def holds(self, row: int) -> bool:
        """Whether a point is one of its own."""
        return row % self.parts == self.part

    @property
    def settings(self) -> Mapping[str, str]:
        """What a connection is told that searches it: a planner would rather read a small table from end to end."""
        return {} if self.exact else {"enable_seqscan": "off", "hnsw.iterative_scan": "relaxed_order"}


class Asked(Protocol):
    """What answers queries; as text, where it is."""

    def read(self, *statements: Statement) -> list[list[Row]]:
        """The rows of each query."""


class Table:
    """What is asked of a table of points, at its server. Any number of threads may use it."""

    def __init__(self, database: Asked, points: PointSet) -> None:
        self.database, self.points = database, points

    def nearest(self, queries: Vectors, k: int) -> list[list[Row]]:
        """Row, vector and features, as they travel, of the `k` points nearest to each query, shape (queries,
        dimension); of all where there are fewer. One round trip for the queries of a message."""
        k = min(k, self.points.count)
        if not k:
            return [[] for _ in queries]
        found: list[list[Row]] = []
        for start in range(0, len(queries), _TOGETHER):
            some = queries[start : start + _TOGETHER]
            statements = [(self._nearest(k), (query.tolist(),)) for query in some]
            found += self._read(*self._effort(k), *statements)[-len(some) :]
        if any(len(near) < k for near in found):
            fewest = min(map(len, found))
            raise IndexDamaged(f"{self.database} found {fewest:,} of {k:,} points; publish the index again")
        return found

    def rows(self, wanted: Sequence[int]) -> list[Row]:
        """Row, vector and features of some points, each once, in any order."""
        if not wanted:
            return []
        (found,) = self._read((f"select row, v, features from {self.points.table} where row = any(%b)", (wanted,)))
        if len(found) < len(wanted):
            raise IndexDamaged(f"{self.database} lacks some of {len(wanted):,} points; publish the index again")
        return found

    def texts_in(self, bucket: int) -> list[int]:
        """The rows of the points that have a feature in a bucket of words, in order."""
        sql = f"select row from {self.points.table} where words @> array[%s]::int[] order by row"
        return [row for (row,) in self._read((sql, (bucket,)))[0]]

    def _nearest(self, k: int) -> str:
        """The query for the `k` nearest. `k` stands in it, for the planner to see; rows break ties where all are looked
        at, as on disk, while a graph cannot be read in such an order."""
        points = self.points
        ties = ", row" if points.exact else ""
        asked = f"%b::float8[]::vector({points.dimension})::{points.numbers}({points.dimension})"
        return f"select row, v, features from {points.table} order by v <#> {asked}{ties} limit {k}"

    def _effort(self, k: int) -> list[Statement]:
        """How many candidates a graph is to look at: no fewer than are asked for, or it gives fewer, and half as many
        again, or it misses one in a hundred of them rather than one in 250."""
        if self.points.exact:
            return []
        candidates = min(max(self.points.ef_search, k + k // 2), MOST_EF_SEARCH)
        return [("select set_config('hnsw.ef_search', %s, false)", (str(candidates),))]

    def _read(self, *statements: Statement) -> list[list[Row]]:
        try:
            return self.database.read(*statements)
        except errors.UndefinedTable as error:
            raise IndexMissing(f"the revision that was opened is gone from {self.database}; load it again") from error
