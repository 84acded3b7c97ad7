"""A table of points: all those of an index, or the part of them that one of several servers holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from psycopg import errors

from chatbot.arrays import Vectors
from chatbot.errors import IndexDamaged, IndexMissing
from chatbot.postgres.database import Answer, Row, Statement

EF_SEARCH, MOST_EF_SEARCH = 400, 1000


@dataclass(frozen=True)
class PointSet:
    """A table of points: how many there are, of which dimension, in which of pgvector's types, and whether they are all
    looked at (`exact`) or searched by a graph (HNSW), with how many candidates (`ef_search`). Of points that are
    divided in `parts` it has those of `part` (see `dealing`); each keeps the row that it has among all."""

    table: str
    count: int
    dimension: int
    numbers: str
    exact: bool
    ef_search: int
    part: int = 0
    parts: int = 1

    @property
    def settings(self) -> Mapping[str, str]:
        """What a connection is told that searches it: a planner would rather read a small table from end to end."""
        return {} if self.exact else {"enable_seqscan": "off", "hnsw.iterative_scan": "relaxed_order"}


class Asked(Protocol):
    """What answers queries; as text, where it is."""

    def ask(self, *statements: Statement) -> Answer:
        """Send some queries, and return what waits for the rows of each."""


class Table:
    """What is asked of a table of points, at its server: each is sent at once, and what is returned waits for the
    answer. Any number of threads may use it."""

    def __init__(self, database: Asked, points: PointSet) -> None:
        self.database, self.points = database, points

    def nearest(self, queries: Vectors, k: int) -> Callable[[], list[list[Row]]]:
        """Row, vector and features, as they travel, of the `k` points nearest to each query, shape (queries,
        dimension); of all where there are fewer."""
        k = min(k, self.points.count)
        if not k:
            return lambda: [[] for _ in queries]
        answer = self._ask(*self._effort(k), *((self._nearest(k), (query.tolist(),)) for query in queries))

        def found() -> list[list[Row]]:
            near = answer()[-len(queries) :]
            if (fewest := min(map(len, near))) < k:
                raise IndexDamaged(f"{self.database} found {fewest:,} of {k:,} points; publish the index again")
            return near

        return found

    def rows(self, wanted: Sequence[int]) -> Callable[[], list[Row]]:
        """Row, vector and features of some points, each once, in any order."""
        if not wanted:
            return list
        answer = self._ask((f"select row, v, features from {self.points.table} where row = any(%b)", (wanted,)))

        def found() -> list[Row]:
            (rows,) = answer()
            if len(rows) < len(wanted):
                raise IndexDamaged(f"{self.database} lacks some of {len(wanted):,} points; publish the index again")
            return rows

        return found

    def texts_in(self, bucket: int) -> Callable[[], list[int]]:
        """The rows of the points that have a feature in a bucket of words, in order."""
        sql = f"select row from {self.points.table} where words @> array[%s]::int[] order by row"
        answer = self._ask((sql, (bucket,)))
        return lambda: [row for (row,) in answer()[0]]

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

    def _ask(self, *statements: Statement) -> Answer:
        with self._gone_is_told():
            answer = self.database.ask(*statements)

        def rows() -> list[list[Row]]:
            with self._gone_is_told():
                return answer()

        return rows

    @contextmanager
    def _gone_is_told(self) -> Iterator[None]:
        try:
            yield
        except errors.UndefinedTable as error:
            raise IndexMissing(f"the revision that was opened is gone from {self.database}; load it again") from error
