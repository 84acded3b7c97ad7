"""Held-out questions as a table: who ranks first, and how much each question counts."""

import numpy as np
import pytest

from chatbot.building.samples import Samples
from tests.matching.points import X, Y, Z, matcher, points, said


@pytest.fixture
def four():
    return matcher(points([X, Y, Z, [0.6, 0.8, 0]], [0, 1, 2, 3]))


def test_a_row_tells_of_the_first_match_and_of_what_would_be_listed(four):
    near = said({0: 0.5, 1: 0.8, 2: 0.3, 3: 0.1})
    found = Samples.of(four, [[near]] * 4, [{1}, {0, 3}, {3}, ()], 0.8)
    # Three are listed: entries 1, 0 and 2. The query is X, where the centroid of entry 1 has a cosine of 0.
    assert found.in_scope.tolist() == [True, True, True, False]
    assert found.correct.tolist() == [True, False, False, False]
    assert found.listed.tolist() == [True, True, False, False]
    assert found.in_scope_signals == pytest.approx(np.array([[0.8, 0.8, 0, 0, 0]] * 4))
    assert found.top1_signals == pytest.approx(np.array([[0.3, 0.3, 0.8]] * 4))
    assert found.weight == pytest.approx([0.2] * 4)
    assert found.accuracy == 0.3333  # one of the three that have an answer
    assert (len(found), len(found.inside)) == (4, 3)


def test_sentences_rank_with_the_whole(four):
    whole, sentence = said({0: 0.5, 1: 0.4}), said({1: 0.4, 2: 0.9})
    found = Samples.of(four, [[whole], [whole, sentence]], [{1}, {1}], 1.0)
    assert found.correct.tolist() == [False, True]
    # The second leads in total, with 0.6 to 0.5, and lags by the whole.
    assert found.top1_signals == pytest.approx(np.array([[0.1, 0.1, 0.5], [-0.1, 0.1, 0.4]]))


def test_what_nothing_is_near_is_left_out(four):
    found = Samples.of(four, [[said({})], [said({2: 0.4})]], [{0}, {2}], 0.6)
    assert (found.correct.tolist(), found.weight.tolist()) == ([True], [0.6])
    none = Samples.of(four, [], [], 0.6)
    assert (len(none), none.in_scope_signals.shape, none.top1_signals.shape) == (0, (0, 5), (0, 3))


def test_each_kind_has_its_share_and_the_first_counts_one_each(four):
    kinds = [
        Samples.of(four, [[said({0: 0.5})]] * count, [expected] * count, share)
        for count, expected, share in ((4, {0}, 0.8), (0, (), 0.1), (2, (), 0.1))
    ]
    table = Samples.concat(kinds)
    assert table.weight == pytest.approx([1, 1, 1, 1, 0.25, 0.25])
    assert table.in_scope.tolist() == [True] * 4 + [False] * 2
    assert table.inside.weight.tolist() == [1] * 4
