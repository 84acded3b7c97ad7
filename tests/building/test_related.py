"""The entries to go on with after each: worked out by hand for points on a circle, where nearer is a smaller angle."""

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building import related
from chatbot.building.related import nearest_entries
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.points import Points


def circle(angles, owners, phrasings=None, answers=None):
    """The nearest entries of points at these angles, in degrees. `answers`: the entries that are answers, or all."""
    radians = np.radians(np.array(angles, dtype=np.float64))
    vectors = np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)
    entry_of = np.array(owners, dtype=np.int32)
    entries = int(entry_of.max()) + 1
    lexical = LexicalIndex.fit(["."] * len(owners), entry_of, [])
    kinds, urgent = np.zeros(len(owners), dtype=np.int8), np.zeros(entries, dtype=bool)
    points = Points(NeighbourSearch(vectors), entry_of, kinds, phrasings or len(owners), urgent, lexical, vectors[:0])
    return nearest_entries(points, np.isin(np.arange(entries), range(entries) if answers is None else answers))


def rows(found):
    return [[other for other in row if other != NONE] for row in found.tolist()]


def test_the_nearest_come_first_and_never_the_entry_itself():
    found = circle([0, 10, 25, 60], [0, 1, 2, 3])
    # Distances from 10: 10, 15, 50; from 25: 15, 25, 35.
    assert rows(found) == [[1, 2, 3], [0, 2, 3], [1, 0, 3], [2, 1, 0]]
    assert (found.shape, found.dtype) == ((4, settings.MAX_RELATED), np.int32)
    assert found[0].tolist() == [1, 2, 3, NONE, NONE, NONE]


def test_it_goes_from_an_entry_s_own_question_to_the_nearest_phrasing_of_others():
    # Entry 0 asks at 0 and once more at 80; entry 1 asks at 90 and once more at 20; entry 2 asks at 30.
    # From 0: entry 1 at 20, entry 2 at 30. From 90: entry 0 at 80, entry 2 at 30. From 30: entry 1 at 20, 0 at 0.
    assert rows(circle([0, 80, 90, 20, 30], [0, 0, 1, 1, 2])) == [[1, 2], [0, 2], [1, 0]]


def test_only_answers_are_gone_on_with_and_everything_has_some_to_go_on_with():
    assert rows(circle([0, 10, 25, 60], [0, 1, 2, 3], answers=[0, 3])) == [[3], [0, 3], [0, 3], [0]]


def test_texts_of_answers_and_look_alikes_count_for_nothing():
    # After three phrasings: an answer of entry 2 right beside entry 0, and a look-alike.
    found = circle([0, 10, 60, 1, 2], [0, 1, 2, 2, NONE], phrasings=3)
    assert rows(found) == [[1, 2], [0, 2], [1, 0]]


def test_six_are_enough():
    found = circle(range(0, 90, 10), range(9))
    assert rows(found)[0] == [1, 2, 3, 4, 5, 6]
    assert rows(found)[8] == [7, 6, 5, 4, 3, 2]


@pytest.mark.parametrize("block", [1, 2, 3, 5])
def test_it_is_the_same_in_blocks(monkeypatch, block):
    angles, owners = [0, 80, 90, 20, 30, 47, 62], [0, 0, 1, 1, 2, 3, 4]
    whole = circle(angles, owners)
    monkeypatch.setattr(related, "_BATCH", block)
    assert circle(angles, owners).tolist() == whole.tolist()


def test_an_entry_alone_has_none():
    assert rows(circle([0, 10], [0, 0])) == [[]]
