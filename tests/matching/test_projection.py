"""A scan that begins with a projection, against a full one."""

import numpy as np
import pytest

from chatbot.matching.neighbours import PROJECTED_FROM, NeighbourSearch, project
from chatbot.matching.projection import DIRECTIONS, Projection, principal_directions
from tests.builders import unit

FEW, MANY = DIRECTIONS
WIDE = MANY + 40


def of_few_directions(count, seed=3, shrinking=0.95):
    """Vectors as an encoder makes them: most of their length lies along few directions, turned by chance; along each
    they are so much shorter than along the one before."""
    random = np.random.default_rng(seed)
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(WIDE, WIDE)))
    return unit(random.normal(size=(count, WIDE)) * shrinking ** np.arange(WIDE) @ turned)


def test_vectors_of_few_directions_are_projected_onto_these():
    # Along the second axis they are longest, then along the third.
    vectors = np.zeros((4, WIDE), dtype=np.float32)
    vectors[:3, 1], vectors[3, 2] = [1, -1, 1], 1
    projection = Projection.onto(principal_directions(vectors)[:, :FEW], vectors)
    assert np.abs(projection.directions[:, 0]).tolist() == pytest.approx(np.eye(WIDE)[1], abs=1e-6)
    assert np.abs(projection.directions[:, 1]).tolist() == pytest.approx(np.eye(WIDE)[2], abs=1e-6)
    assert np.abs(projection.coordinates[:, :2]) == pytest.approx(np.array([[1, 0], [1, 0], [1, 0], [0, 1]]), abs=1e-6)


def test_it_finds_what_a_full_scan_finds_with_the_same_cosines():
    vectors, asked = of_few_directions(PROJECTED_FROM), of_few_directions(5, seed=8)
    projection, recall = project(vectors)
    assert projection is not None
    assert projection.coordinates.shape == (PROJECTED_FROM, FEW)
    assert 0.999 <= recall <= 1
    full = NeighbourSearch(vectors).nearest_to_each(asked, 100)
    begun = NeighbourSearch(vectors, projection=projection).nearest_to_each(asked, 100)
    for (rows, cosines), (own, near) in zip(full, begun, strict=True):
        assert own.tolist() == rows.tolist()
        assert near == pytest.approx(cosines, abs=1e-6)


def test_a_projection_that_would_miss_neighbours_is_not_used():
    alike_in_all_directions = unit(np.random.default_rng(2).normal(size=(PROJECTED_FROM, 400)))
    assert project(alike_in_all_directions) == (None, 1.0)


def test_few_or_short_vectors_are_scanned_as_they_are():
    assert project(of_few_directions(PROJECTED_FROM - 1)) == (None, 1.0)
    assert project(unit(np.random.default_rng(2).normal(size=(PROJECTED_FROM, FEW)))) == (None, 1.0)


def test_where_few_directions_would_miss_neighbours_more_are_taken():
    projection, recall = project(of_few_directions(PROJECTED_FROM, shrinking=0.995))
    assert projection is not None
    assert projection.coordinates.shape == (PROJECTED_FROM, MANY)
    assert 0.999 <= recall <= 1


def test_many_queries_are_looked_for_block_by_block_as_one_is(monkeypatch):
    vectors, asked = of_few_directions(1000), of_few_directions(7, seed=8)
    projection = Projection.onto(principal_directions(vectors)[:, :FEW], vectors)
    together = projection.likely(asked, 10)
    monkeypatch.setattr("chatbot.matching.projection._BLOCK", 96)  # 1,000 is no multiple of it
    assert [rows.tolist() for rows in projection.likely(asked, 10)] == [rows.tolist() for rows in together]
    assert [projection.likely(query[None], 10)[0].tolist() for query in asked] == [rows.tolist() for rows in together]
    assert {len(rows) for rows in together} == {40}


def test_many_queries_at_once_are_compared_in_full():
    vectors = of_few_directions(PROJECTED_FROM)
    wrong = Projection(np.zeros((WIDE, FEW), dtype=np.float32), np.zeros((len(vectors), FEW), dtype=np.float32))
    search = NeighbourSearch(vectors, projection=wrong)
    found = search.nearest_to_each(vectors[-17:], 1)
    assert [rows.tolist() for rows, _ in found] == [[row] for row in range(len(vectors) - 17, len(vectors))]
    assert search.nearest(vectors[-1], 1)[0].tolist() != [len(vectors) - 1]  # one by one, that projection misses them
