"""What says that a warning sign was seen to, told from what only sounds like it: on directions known beforehand."""

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building import all_clears as module
from chatbot.building.all_clears import fit_all_clears
from chatbot.matching.points import ALL_CLEAR, ANSWER, NOT_CLEAR, SIGN
from tests.builders import unit
from tests.matching.points import X, Y, Z, points

SEEN, NOT_SEEN, ELSEWHERE = np.eye(3)


def around(random, direction, count):
    return unit(direction + 0.1 * random.normal(size=(count, 3)))


def fitted(clear=60, alike=60, doubtful=0):
    """Fitted weights; so many of what sounds like an all-clear are one by their vectors."""
    random = np.random.default_rng(4)
    vectors = [
        around(random, SEEN, clear),
        around(random, NOT_SEEN, alike - doubtful),
        around(random, SEEN, doubtful),
        around(random, ELSEWHERE, 20),
    ]
    kinds = np.repeat([ALL_CLEAR, NOT_CLEAR, NOT_CLEAR, ANSWER], list(map(len, vectors)))
    return fit_all_clears(points(np.concatenate(vectors), np.where(kinds == NOT_CLEAR, NONE, 0), kinds=kinds))


def test_weights_by_hand(monkeypatch):
    # Two at right angles, and a sign that does not count. With a kernel of k between them, 1.3 a + k b = 1 and
    # k a + 1.3 b = -1, so a = 1 / (1.3 - k). Without itself the second is -a k, as the first alone weighs 1 / 1.3.
    monkeypatch.setattr(module, "ENOUGH", 1)
    k = np.exp(-3)
    weights = fit_all_clears(points([X, Z, Y], [0, 1, NONE], urgent=[1], kinds=[ALL_CLEAR, SIGN, NOT_CLEAR]))
    assert weights[:-1] == pytest.approx([1 / (1.3 - k), -1 / (1.3 - k)], abs=1e-6)
    assert weights[-1] == pytest.approx(k / 1.3, abs=1e-6)


def test_where_all_can_be_told_what_speaks_more_for_it_than_against_is_believed():
    assert fitted()[-1] == 0


def test_the_less_may_be_believed_wrongly_the_higher_is_the_least_score(monkeypatch):
    # A quarter of what sounds like an all-clear looks like one.
    monkeypatch.setattr(settings, "FALSE_ALL_CLEARS", 0.3)
    assert fitted(doubtful=15)[-1] == 0
    monkeypatch.setattr(settings, "FALSE_ALL_CLEARS", 0.05)
    assert 0.4 < fitted(doubtful=15)[-1] < 1


@pytest.mark.parametrize(("clear", "alike"), [(29, 60), (60, 29)])
def test_where_too_few_are_known_nothing_is_believed(clear, alike):
    assert fitted(clear, alike).tolist() == [*[0] * 89, 1]
    assert np.count_nonzero(fitted(30, 30)[:-1]) == 60
