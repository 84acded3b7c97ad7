"""What is near a query, and what is held out from it: on vectors small enough to work out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.neighbours import NeighbourSearch, write_inverted_file
from chatbot.matching.points import (
    ALL_CLEAR,
    ANSWER,
    CAUTION,
    KINDS,
    LOOK_ALIKE,
    NOT_CLEAR,
    PLAIN,
    SIGN,
    Exclusion,
)
from tests.matching.points import X, Y, Z, near, points, ring


def excluding(*rows):
    return Exclusion(np.array(rows, dtype=np.int64))


def test_a_query_with_the_points_near_it_nearest_first():
    found = near(points([Y, [0.6, 0.8, 0], X, Z], [0, 1, 1, 2]), "so stiff", [0.8, 0.6, 0])
    assert (found.text, found.exclusion) == ("so stiff", None)
    assert found.vector == pytest.approx([0.8, 0.6, 0])
    assert found.rows.tolist() == [1, 2, 0, 3]
    assert found.cosines == pytest.approx([0.96, 0.8, 0.6, 0])


def test_twice_as_many_are_found_as_take_part():
    # 300 points of one each: 96 take part, the fewest.
    of = points(ring(300), range(300))
    assert near(of, "?", X).rows.tolist() == list(range(192))


@pytest.mark.parametrize(("an_entry", "neighbours"), [(1, 96), (16, 96), (25, 150), (32, 192), (50, 192)])
def test_where_entries_have_many_points_more_of_them_take_part(an_entry, neighbours):
    # Six times what an entry has.
    assert points(ring(10 * an_entry), np.repeat(range(10), an_entry)).neighbours == neighbours


def test_points_of_no_entry_count_among_those_that_take_part():
    # 250 points, of which 100 of no entry, and ten entries.
    assert points(ring(250), [*np.repeat(range(10), 15), *[NONE] * 100]).neighbours == 150


def test_the_balance_of_entries_leaves_out_what_is_of_none():
    # Entries of 2 and 1, 1.5 on average, with 4 as a handicap.
    of = points([X, Y, X, Z, Z], [0, 1, 0, NONE, NONE])
    assert of.class_balance == pytest.approx([6 / 2 * 1.5 / 5.5, 5 / 1 * 1.5 / 5.5])


def test_points_that_are_no_phrasing_show_the_question_of_their_entry():
    of = points([X, Z, Y, Y], [0, 0, 1, 1], phrasings=3)
    assert [of.phrasing_of(point, entry) for point, entry in ((0, 0), (1, 0), (2, 1), (3, 1))] == [0, 1, 2, 2]


def test_the_kinds_of_points_stand_as_indexes_have_them():
    assert [ANSWER, SIGN, CAUTION, LOOK_ALIKE, ALL_CLEAR, NOT_CLEAR, PLAIN] == list(KINDS) == [0, 1, 2, 3, 4, 5, 6]


# Holding out.


def test_points_that_are_held_out_are_looked_past():
    of = points([X, [0.6, 0.8, 0], Y, Z], [0, 0, 1, 2])
    exclusion = excluding(0, 2)
    found = near(of, "?", X, exclusion)
    assert found.rows.tolist() == [1, 3]
    assert found.cosines == pytest.approx([0.6, 0])
    assert found.exclusion is exclusion


def test_as_many_are_near_as_when_nothing_is_held_out():
    of = points(ring(300), range(300))
    assert near(of, "?", X, excluding(*range(10))).rows.tolist() == list(range(10, 202))
    assert near(of, "?", X, excluding(0, 191)).rows.tolist() == [*range(1, 191), 192, 193]


def test_each_of_many_has_its_own_held_out():
    of = points(ring(300), range(300))
    exclusions = [excluding(*range(100)), excluding(1), excluding()]
    found = of.near(["a", "b", "c"], np.array([X, X, X]), exclusions)
    assert [each.text for each in found] == ["a", "b", "c"]
    assert [each.exclusion for each in found] == exclusions
    # That much is held out from the first shows the others nothing that is further.
    wanted = [[*range(100, 292)], [0, *range(2, 193)], [*range(192)]]
    assert [each.rows.tolist() for each in found] == wanted


def test_an_entry_of_very_many_points_held_out_leaves_the_others_in_sight():
    # Three times as many as take part.
    of = points([*[X] * 600, Y], [0] * 600 + [1])
    assert near(of, "?", X, excluding(*range(600))).rows.tolist() == [600]


@pytest.mark.parametrize("exclusions", [1, 3])
def test_there_are_as_many_exclusions_as_texts_or_none(exclusions):
    of = points([X, Y], [0, 1])
    with pytest.raises(ValueError, match="argument"):
        of.near(["a", "b"], np.array([X, Y]), [excluding(0)] * exclusions)


# Many at once.


@pytest.mark.parametrize("inverted", [False, True])
def test_what_is_near_many_at_once_is_near_each(inverted, tmp_path):
    random = np.random.default_rng(8)
    vectors = random.normal(size=(330, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    of = points(vectors, [*np.repeat(np.arange(20), 15), *[NONE] * 30], phrasings=300)
    if inverted:
        about = write_inverted_file(vectors, tmp_path / "search.ivf")
        of = replace(of, search=NeighbourSearch(vectors, tmp_path / "search.ivf", about["probes"]))
    asked = np.concatenate([vectors[5:300:40], 0.6 * vectors[3:17] + 0.4 * vectors[200:214]])
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    texts = [f"question {number}" for number in range(len(asked))]
    together = of.near(texts, asked)
    assert len(together) == 22
    for text, vector, found in zip(texts, asked, together, strict=True):
        alone = near(of, text, vector)
        assert (found.text, found.rows.tolist()) == (text, alone.rows.tolist())
        assert found.cosines == pytest.approx(alone.cosines, abs=1e-6)
        assert found.cosines == pytest.approx(vectors[found.rows] @ vector, abs=1e-6)
    assert of.near([], asked[:0]) == []
