"""Which messages say that a warning sign was seen to: with weights written by hand."""

from math import exp

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.all_clears import AllClears
from chatbot.matching.points import ALL_CLEAR, ANSWER, NOT_CLEAR, SIGN
from tests.matching.points import X, Y, Z, near, points

# Two all-clears and what sounds like one, at right angles; an answer stands between them.
OF = points([X, Z, Y, Z], [3, 4, 5, NONE], kinds=[ALL_CLEAR, ANSWER, ALL_CLEAR, NOT_CLEAR])


def entry(of, weights, *vectors):
    return AllClears(of, np.array(weights, dtype=np.float32)).entry([near(of, "?", vector) for vector in vectors])


@pytest.mark.parametrize(("least", "found"), [(-0.001, 5), (0.001, None)])
def test_a_part_says_so_from_the_least_score_on(least, found):
    # At cosines of 0.48, 0.64 and 0.6 to X, Y and Z.
    score = 2 * exp(-3 * 0.52) + 3 * exp(-3 * 0.36) - exp(-3 * 0.4)
    assert entry(OF, [2, 3, -1, score + least], [0.48, 0.64, 0.6]) == found


def test_one_part_of_a_message_is_enough():
    weights = [1, 0, 0, 0.5]  # exp(3 (0.8 - 1)) = 0.549 and exp(3 (0.6 - 1)) = 0.301
    assert entry(OF, weights, [0.6, 0, 0.8], [0.8, 0, 0.6]) == 3
    assert entry(OF, weights, [0.6, 0, 0.8], [0.6, 0.8, 0]) is None
    assert entry(OF, weights) is None


@pytest.mark.parametrize(("cosine", "found"), [(0.951, 3), (0.949, None)])
def test_nearly_the_same_words_need_no_regression(cosine, found):
    assert entry(OF, [0, 0, 0, 1], [cosine, 0, (1 - cosine**2) ** 0.5]) == found


def test_nearly_the_same_words_count_only_where_nothing_is_nearer():
    of = points([X, [0.99, 0.1411, 0]], [3, NONE], kinds=[ALL_CLEAR, NOT_CLEAR])
    assert entry(of, [0, 0, 1], [0.995, 0.0999, 0]) is None
    assert entry(of, [0, 0, 1], X) == 3


def test_without_an_all_clear_there_is_no_entry():
    of = points([X, Z], [0, 1], urgent=[0], kinds=[SIGN, NOT_CLEAR])
    assert entry(of, [9, 0], X) is None
