"""Whether a table holds the points that were sent, and whether its search finds what an exact one finds."""

from dataclasses import replace
from typing import Any

import numpy as np

from chatbot.arrays import Rows, StoredVectors
from chatbot.errors import IndexDamaged
from chatbot.matching.lexical import MappedFeatures
from chatbot.matching.neighbours import MIN_RECALL, least_cosines
from chatbot.postgres.points import PublishedPoints
from chatbot.postgres.table import MOST_EF_SEARCH, PointSet, Table
from chatbot.postgres.writing import Writing

_SAMPLE, _NEAREST = 200, 10
_TOLERANCE = 1e-6  # cosines nearer than this are the same


def verified(
    server: Writing, points: PointSet, rows: Rows, vectors: StoredVectors, features: MappedFeatures
) -> tuple[PointSet, float]:
    """A table of points with the least `ef_search` that finds of the ten nearest `MIN_RECALL` on average, and the
    recall measured against an exact search for a sample of the points themselves. `rows` are those
    that it should have, and `vectors` and `features` those of all points, be they in several parts.

    Raises `IndexDamaged` for a table with other points, or a graph in which no effort finds enough.
    """
    sql = f"select count(*), min(row), max(row), sum(row)::bigint from {points.table}"
    if server.rows(sql) != [(len(rows), rows[0], rows[-1], rows.sum())]:
        raise IndexDamaged(f"{points.table} has other points than were sent; publish the index again")
    server.configure(points.settings)
    sample = np.sort(np.random.default_rng(0).choice(rows, min(points.count, _SAMPLE), replace=False))
    queries = vectors[sample].astype(np.float32)
    stored = PublishedPoints(Table(server, points))
    same = zip(stored.of(sample), features.of(sample), strict=True)
    if not (np.array_equal(stored.at(sample), queries) and all(np.array_equal(own, sent) for own, sent in same)):
        raise IndexDamaged(f"the points in {points.table} are not those that were sent; publish the index again")
    recall = 0.0
    exact = least_cosines(vectors, queries, min(_NEAREST, points.count), rows) - _TOLERANCE
    for effort in sorted({points.ef_search, MOST_EF_SEARCH}):
        points = replace(points, ef_search=effort)
        recall = _recall(PublishedPoints(Table(server, points)), queries, exact)
        if recall >= MIN_RECALL:
            return points, round(recall, 5)
    raise IndexDamaged(
        f"the search in {points.table} finds only {recall:.1%} of the ten nearest; publish the index again, or serve"
        " copies of its folder"
    )


def _recall(points: PublishedPoints, queries: Any, exact: Any) -> float:
    found = [cosines for _, cosines in points.nearest_to_each(queries, _NEAREST)]
    return float(np.mean([(own >= least).mean() for own, least in zip(found, exact, strict=True)]))
