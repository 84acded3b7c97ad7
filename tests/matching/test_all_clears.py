"""Which messages say that a warning sign was seen to: with a model written by hand."""

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.all_clears import AllClears
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ALL_CLEAR, NOT_CLEAR, SIGN
from tests.matching.points import X, Y, Z, near, points

OF = points([X, Y], [3, 5], kinds=[ALL_CLEAR, ALL_CLEAR])
NEVER = LogisticModel(np.array([0, 0, 0, -1.0]))


def entry(of, weights, *vectors):
    model = LogisticModel(np.append(weights, -1.0))
    return AllClears(of, model).entry([near(of, "?", vector) for vector in vectors])


def test_a_part_says_so_from_odds_of_one_on():
    # 2 z - 1 is 0 at z = 0.5; the entry is the one of the nearest all-clear.
    more, less = ([0.6, (0.64 - z**2) ** 0.5, z] for z in (0.501, 0.499))
    assert entry(OF, [0, 0, 2], more) == 5
    assert entry(OF, [0, 0, 2], less) is None


def test_one_part_of_a_message_is_enough():
    assert entry(OF, [0, 0, 2], [0.6, 0.8, 0], [0.6, 0, 0.8]) == 3
    assert entry(OF, [0, 0, 2], [0.6, 0.8, 0], [0.8, 0.6, 0]) is None
    assert entry(OF, [0, 0, 2]) is None


@pytest.mark.parametrize(("cosine", "found"), [(0.951, 3), (0.949, None)])
def test_nearly_the_same_words_need_no_model(cosine, found):
    assert AllClears(OF, NEVER).entry([near(OF, "?", [cosine, 0, (1 - cosine**2) ** 0.5])]) == found


def test_nearly_the_same_words_count_only_where_nothing_is_nearer():
    of = points([X, [0.99, 0.1411, 0]], [3, NONE], kinds=[ALL_CLEAR, NOT_CLEAR])
    assert AllClears(of, NEVER).entry([near(of, "?", [0.995, 0.0999, 0])]) is None
    assert AllClears(of, NEVER).entry([near(of, "?", X)]) == 3


def test_without_an_all_clear_near_there_is_no_entry():
    of = points([X, Z], [0, 1], urgent=[0], kinds=[SIGN, NOT_CLEAR])
    assert entry(of, [9, 9, 9], X) is None
