"""Searching a table of points, and reading what it holds of them."""

from dataclasses import replace

import numpy as np
import psycopg
import pytest

from chatbot import IndexDamaged, IndexMissing
from chatbot.addresses import Address
from chatbot.matching.lexical import WORD_BUCKETS
from chatbot.matching.neighbours import NeighbourSearch, nearest
from chatbot.postgres.database import Database, configure
from chatbot.postgres.points import PublishedPoints
from chatbot.postgres.table import Table
from chatbot.postgres.verifying import verified
from chatbot.postgres.writing import Writing
from tests.postgres.tables import clusters, features_of, table

COUNT = 3000
VECTORS, FEATURES = clusters(COUNT), features_of(COUNT)
QUERIES = clusters(7, seed=1).astype(np.float32)


class Counting(Database):
    """Keeps the queries that were asked."""

    def __init__(self, server, points):
        super().__init__(Address(server.url(), "t"), points.settings)
        self.asked = []

    def ask(self, *statements):
        self.asked.append(statements)
        return super().ask(*statements)


@pytest.fixture(scope="module")
def graph(server):
    yield table(server, "graph", VECTORS, FEATURES)
    server.execute("drop table graph")


@pytest.fixture(scope="module")
def scan(server):
    yield table(server, "scan", VECTORS.astype(np.float32), FEATURES, exact=True)
    server.execute("drop table scan")


def test_a_scan_finds_what_a_scan_on_disk_finds(server, scan):
    found = PublishedPoints(Table(Counting(server, scan), scan)).nearest_to_each(QUERIES, 200)
    wanted = NeighbourSearch(VECTORS.astype(np.float32)).nearest_to_each(QUERIES, 200)
    for (rows, cosines), (others, theirs) in zip(found, wanted, strict=True):
        assert rows.tolist() == others.tolist()
        assert cosines == pytest.approx(theirs, abs=1e-6)


def test_equal_points_come_in_the_order_of_their_rows(server):
    same = np.repeat(VECTORS[:1].astype(np.float32), 50, axis=0)
    points = table(server, "same", same, features_of(50), exact=True)
    ((rows, _),) = PublishedPoints(Table(Counting(server, points), points)).nearest_to_each(QUERIES[:1], 20)
    assert rows.tolist() == list(range(20))
    server.execute("drop table same")


@pytest.mark.parametrize("k", [10, 384, 1000, COUNT, 9999])
def test_a_graph_gives_as_many_as_are_asked_for(server, graph, k):
    found = PublishedPoints(Table(Counting(server, graph), graph)).nearest_to_each(QUERIES, k)
    exact = nearest(VECTORS.astype(np.float32), QUERIES, k)[1]
    for (rows, cosines), others in zip(found, exact, strict=True):
        assert len(set(rows.tolist())) == len(rows) == min(k, COUNT)
        assert (np.diff(cosines) <= 0).all()
        assert np.isin(rows, others).mean() > 0.95


def test_why_the_effort_is_set(server, graph):
    """The server's default gives 40 rows for 200, and says nothing."""
    vector = QUERIES[0].tolist()
    sql = f"select row from graph order by v <#> %s::float8[]::vector({graph.dimension})::halfvec limit 200"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        configure(connection, {"enable_seqscan": "off"})
        assert len(connection.execute(sql, (vector,)).fetchall()) == 40


def test_the_graph_is_used(server, graph):
    database = Counting(server, graph)
    sql = Table(database, graph)._nearest(384)
    for _ in range(7):  # from the sixth time on the plan is one for any vector
        (plan,) = database.read((f"explain {sql}", (QUERIES[0].tolist(),)))
        assert "Index Scan using graph_v_idx" in "".join(line for (line,) in plan)


def test_fewer_points_than_were_asked_for_are_an_error(server, graph):
    points = PublishedPoints(Table(Counting(server, graph), replace(graph, count=COUNT + 1)))
    with pytest.raises(IndexDamaged, match=r"found 3,000 of 3,001 points; publish the index again"):
        points.nearest_to_each(QUERIES, COUNT + 1)


@pytest.mark.parametrize("numbers", ["graph", "scan"])
def test_vectors_and_features_are_those_that_were_sent(server, numbers, request):
    of = request.getfixturevalue(numbers)
    points = PublishedPoints(Table(Counting(server, of), of))
    rows = np.array([2999, 0, 17, 17, 10])
    assert np.array_equal(points.at(rows), VECTORS[rows].astype(np.float32))
    for own, sent in zip(points.of(rows), FEATURES.of(rows), strict=True):
        assert np.array_equal(own, sent)
    assert points.at(rows[:0]).shape == (0, VECTORS.shape[1])
    assert points.of(rows[:0])[0].tolist() == []


def test_words_are_found_by_their_buckets(server, graph):
    points = PublishedPoints(Table(Counting(server, graph), graph))
    assert points.texts_in(3) == FEATURES.texts_in(3) == [row for row in range(COUNT) if row % 7 == 3 and row % 10]
    assert points.texts_in(6_000) == []
    assert FEATURES.buckets.max() > WORD_BUCKETS  # of letters nobody asks


def test_one_round_trip_for_all_queries_and_none_for_what_came_along(server, graph):
    database = Counting(server, graph)
    points = PublishedPoints(Table(database, graph))
    found = points.nearest_to_each(QUERIES, 100)
    assert len(database.asked) == 1
    for rows, _ in found:
        points.at(rows)
        points.of(rows)
    assert len(database.asked) == 1
    strange = np.setdiff1d(np.arange(COUNT), np.concatenate([rows for rows, _ in found]))[:5]
    points.at(np.concatenate([found[0][0], strange]))
    points.of(strange)
    assert len(database.asked) == 2
    assert database.asked[1][0][1] == (strange.tolist(),)


def test_very_many_queries_take_several_round_trips(server, graph):
    database = Counting(server, graph)
    many = np.repeat(QUERIES, 5, axis=0)
    found = PublishedPoints(Table(database, graph)).nearest_to_each(many, 10)
    assert [len(statements) for statements in database.asked] == [17, 17, 4]  # 35 queries, and the effort
    assert [rows.tolist() for rows, _ in found[::5]] == [
        rows.tolist() for rows, _ in PublishedPoints(Table(database, graph)).nearest_to_each(QUERIES, 10)
    ]


def test_what_is_kept_of_points_has_an_end(server, graph, monkeypatch):
    monkeypatch.setattr("chatbot.postgres.points._KEPT", 50)
    points = PublishedPoints(Table(Counting(server, graph), graph))
    rows = np.arange(120)
    assert np.array_equal(points.at(rows), VECTORS[rows].astype(np.float32))
    assert len(points._kept) == 50


def test_no_queries_no_points(server, graph):
    database = Counting(server, graph)
    assert PublishedPoints(Table(database, graph)).nearest_to_each(QUERIES[:0], 10) == []
    ((rows, cosines),) = PublishedPoints(Table(database, replace(graph, count=0))).nearest_to_each(QUERIES[:1], 10)
    assert (len(rows), len(cosines), database.asked) == (0, 0, [])


def test_a_row_that_is_gone(server):
    points = table(server, "gone", VECTORS[:100], features_of(100))
    held = PublishedPoints(Table(Counting(server, points), points))
    server.execute("delete from gone where row = 7")
    with pytest.raises(IndexDamaged, match="lacks some of 2 points"):
        held.at(np.array([7, 8]))
    server.execute("drop table gone")
    with pytest.raises(IndexMissing, match=r"the revision that was opened is gone from postgresql://.*; load it again"):
        held.nearest_to_each(QUERIES, 5)


def verify(server, points, vectors=VECTORS, features=FEATURES, count=COUNT):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return verified(Writing(connection, Address(server.url(), "t")), points, np.arange(count), vectors, features)


def test_the_recall_is_measured_with_the_least_effort_that_is_enough(server, graph):
    points, recall = verify(server, graph)
    assert points.ef_search == 400
    assert 0.98 < recall <= 1
    with pytest.raises(IndexDamaged, match="has other points than were sent"):
        verify(server, graph, count=COUNT - 1)
    with pytest.raises(IndexDamaged, match="are not those that were sent"):
        verify(server, graph, VECTORS[::-1])
    with pytest.raises(IndexDamaged, match="are not those that were sent"):
        verify(server, graph, features=replace(FEATURES, weights=FEATURES.weights[::-1]))


def test_a_graph_that_finds_too_little_is_refused(server, graph, monkeypatch):
    tried = []

    def poor(points, queries, exact):
        tried.append(points._tables[0].points.ef_search)
        return 0.97 + len(tried) / 1000

    monkeypatch.setattr("chatbot.postgres.verifying._recall", poor)
    with pytest.raises(IndexDamaged, match=r"the search in graph finds only 97.2% of the ten nearest"):
        verify(server, graph)
    assert tried == [400, 1000]
