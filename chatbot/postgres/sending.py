"""The points of an index -> a table on each server: sent, with the indexes that they are searched by, and verified."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from chatbot.arrays import StoredVectors
from chatbot.index.store import LEXICAL, Store
from chatbot.matching.lexical import MappedFeatures
from chatbot.postgres.dealing import count_of, rows_of
from chatbot.postgres.rows import NUMBERS, copied
from chatbot.postgres.schema import POINTS, table_of
from chatbot.postgres.table import EF_SEARCH, PointSet
from chatbot.postgres.verifying import verified
from chatbot.postgres.writing import Writing


@dataclass(frozen=True)
class Points:
    """The points of an index as they are published: whether every one is looked at (`exact`), and in how many parts."""

    store: Store
    exact: bool
    parts: int

    @cached_property
    def vectors(self) -> StoredVectors:
        return self.store.array("vectors")

    @cached_property
    def features(self) -> MappedFeatures:
        return MappedFeatures(*map(self.store.array, LEXICAL))

    @cached_property
    def key(self) -> str:
        """What tells a set of points from others: the files that it comes from, how it is searched and divided."""
        told = [self.store.files[name].sha256 for name in ("vectors", *LEXICAL)] + [str(self.exact)]
        if self.parts > 1:
            told.append(str(self.parts))
        return hashlib.sha256(" ".join(told).encode()).hexdigest()

    def part(self, number: int, server: Writing) -> PointSet:
        """The part that a server gets."""
        count, dimension = self.vectors.shape
        table, numbers = table_of(server.address, self.key, number, self.parts), NUMBERS[str(self.vectors.dtype)]
        own = count_of(number, self.parts, count)
        return PointSet(table, own, dimension, numbers, self.exact, EF_SEARCH, number, self.parts)


class Part:
    """One of the parts of some points, and the server that is to hold it."""

    def __init__(self, points: Points, number: int, server: Writing) -> None:
        self.server = server
        self._points = points
        self._set = points.part(number, server)
        self._rows = rows_of(number, points.parts, len(points.vectors))

    def recall(self) -> float:
        """The recall that was measured when it was sent; 0 where it is not there, or was never verified."""
        sql = "select recall from {schema}.point_sets where points = %s and part = %s"
        return sum(float(recall) for (recall,) in self.server.rows(sql, self._points.key, self._set.part))

    def send(self) -> int:
        """Have the server hold it, and return how many points were sent to it: all or, as they are there, none.

        Raises `IndexDamaged` for what does not arrive as it was sent, or is not found.
        """
        if self.recall():
            return 0
        with self.server.transaction():
            self._write(
                "delete from {schema}.point_sets where points = %s and part = %s", self._points.key, self._set.part
            )
            self._make()
        found, recall = verified(self.server, self._set, self._rows, self._points.vectors, self._points.features)
        self._write(
            "update {schema}.point_sets set ef_search = %s, recall = %s where points = %s and part = %s",
            found.ef_search, recall, self._points.key, self._set.part,
        )  # fmt: skip
        return self._set.count

    def _make(self) -> None:
        points = self._set
        self._write("drop table if exists {table}")
        self._write(POINTS)
        self.server.copy(points.table, copied(self._points.vectors, self._points.features, self._rows))
        self._write("alter table {table} add primary key (row)")
        self._write("create index on {table} using gin (words)")
        if not points.exact:
            self._write("create index on {table} using hnsw (v {numbers}_ip_ops)")
        self._write("analyze {table}")
        self._write(
            "insert into {schema}.point_sets values (%s, %s, %s, %s, %s, %s, %s, %s, 0)",
            self._points.key, points.part, points.parts, points.count, points.dimension, points.numbers, points.exact,
            points.ef_search,
        )  # fmt: skip

    def _write(self, sql: str, *values: object) -> None:
        points = self._set
        self.server.write(sql, *values, table=points.table, numbers=points.numbers, dimension=points.dimension)
