"""Whether a table holds the points that were sent, and whether its search finds what an exact one finds."""

from dataclasses import replace
from typing import Any

import numpy as np
from psycopg import Connection

from chatbot.arrays import StoredVectors
from chatbot.errors import IndexDamaged
from chatbot.matching.lexical import MappedFeatures
from chatbot.matching.neighbours import MIN_RECALL, least_cosines
from chatbot.postgres.database import Row, Statement, configure
from chatbot.postgres.points import MOST_EF_SEARCH, PointSet, PublishedPoints

_SAMPLE, _NEAREST = 200, 10
_TOLERANCE = 1e-6  # cosines nearer than this are the same


class _Written:
    """A connection that was written over, to read from as from a database."""

    def __init__(self, connection: "Connection[Row]", where: str) -> None:
        self._connection, self._where = connection, where

    def __str__(self) -> str:
        return self._where

    def read(self, *statements: Statement) -> list[list[Row]]:
        return [self._connection.execute(sql.encode(), values, binary=True).fetchall() for sql, values in statements]


def verified(
    connection: "Connection[Row]", points: PointSet, vectors: StoredVectors, features: MappedFeatures
) -> tuple[PointSet, float]:
    """A table of points with the least `ef_search` that finds of the ten nearest `MIN_RECALL` on average, and the
    recall measured against an exact search for a sample of the points themselves.

    Raises `IndexDamaged` for a table with other points, or a graph in which no effort finds enough.
    """
    counted = connection.execute(f"select count(*), min(row), max(row) from {points.table}".encode()).fetchone()
    if counted != (points.count, 0, points.count - 1):
        raise IndexDamaged(f"{points.table} has other points than were sent; publish the index again")
    configure(connection, points.settings)
    sample = np.sort(np.random.default_rng(0).choice(points.count, min(points.count, _SAMPLE), replace=False))
    queries = vectors[sample].astype(np.float32)
    stored = PublishedPoints(_Written(connection, points.table), points)
    same = zip(stored.of(sample), features.of(sample), strict=True)
    if not (np.array_equal(stored.at(sample), queries) and all(np.array_equal(own, sent) for own, sent in same)):
        raise IndexDamaged(f"the points in {points.table} are not those that were sent; publish the index again")
    recall = 0.0
    exact = least_cosines(vectors, queries, min(_NEAREST, points.count)) - _TOLERANCE
    for effort in sorted({points.ef_search, MOST_EF_SEARCH}):
        points = replace(points, ef_search=effort)
        recall = _recall(PublishedPoints(_Written(connection, points.table), points), queries, exact)
        if recall >= MIN_RECALL:
            return points, round(recall, 5)
    raise IndexDamaged(
        f"the search in {points.table} finds only {recall:.1%} of the ten nearest; publish the index again, or serve"
        " copies of its folder"
    )


def _recall(points: PublishedPoints, queries: Any, exact: Any) -> float:
    found = [cosines for _, cosines in points.nearest_to_each(queries, _NEAREST)]
    return float(np.mean([(own >= least).mean() for own, least in zip(found, exact, strict=True)]))
