"""Centroids and how close to them points lie, worked out by hand."""

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.building import centroids
from chatbot.building.centroids import centroids_of

# An entry of two points, one of three, one of a single point, and a look-alike, all mixed.
VECTORS = np.array([[1, 0], [1, 0], [0, -1], [0.6, 0.8], [1, 0], [-1, 0], [0, 1]], dtype=np.float32)
ENTRY_OF = np.array([0, 1, 2, 0, 1, NONE, 1], dtype=np.int32)
HALF = 0.5**0.5
# The cosine of each to the others of its entry: 0.6 for the pair; for the three (2, 1) or (1, 1) or (2, 0) in turn.
HELD_OUT = [0.6, HALF, 0, 0.6, HALF, 0, 0]
USUAL = (0.6 + 0.6 + HALF + HALF + 0) / 5


def of(vectors, entry_of, entries):
    found, similarity, held_out = centroids_of(vectors, entry_of, entries)
    return found.tolist(), similarity.tolist(), held_out.tolist()


def check(found, similarity, held_out):
    length = 5**0.5
    wanted = [[1.6 / (1.6**2 + 0.8**2) ** 0.5, 0.8 / (1.6**2 + 0.8**2) ** 0.5], [2 / length, 1 / length], [0, -1]]
    assert found == [pytest.approx(each, abs=1e-6) for each in wanted]
    assert held_out == pytest.approx(HELD_OUT, abs=1e-6)
    # Two points of usual similarity come with each entry.
    assert similarity == pytest.approx([(1.2 + 2 * USUAL) / 4, (2 * HALF + 2 * USUAL) / 5, USUAL], abs=1e-6)


def test_by_hand():
    check(*of(VECTORS, ENTRY_OF, 3))


def test_in_blocks_it_is_the_same(monkeypatch):
    monkeypatch.setattr(centroids, "_BATCH", 2)
    check(*of(VECTORS, ENTRY_OF, 3))


def test_where_no_entry_has_two_points_what_is_usual_stands_in():
    found, similarity, held_out = of(np.eye(3, dtype=np.float32), np.array([0, 1, NONE], dtype=np.int32), 2)
    assert found == [[1, 0, 0], [0, 1, 0]]
    assert similarity == pytest.approx([0.6, 0.6])
    assert held_out == [0, 0, 0]
