"""What says that a warning sign was seen to, parted from what only sounds like it: on directions known beforehand."""

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building.all_clears import fit_all_clears
from chatbot.matching.points import ALL_CLEAR, ANSWER, CAUTION, NOT_CLEAR, SIGN
from tests.builders import unit
from tests.matching.points import points

SEEN, NOT_SEEN, A_SIGN, ELSEWHERE = np.eye(4)


def around(random, *directions, count):
    return unit(sum(directions) + 0.1 * random.normal(size=(count, 4)))


def told(clear=60, alike=60, doubtful=0):
    """What a fitted model tells: of all-clears, of what sounds like them, of signs and of answers. So many of what
    sounds like an all-clear are one by their vectors."""
    random = np.random.default_rng(4)
    vectors = [
        around(random, SEEN, count=clear),
        around(random, NOT_SEEN, count=alike - doubtful),
        around(random, SEEN, count=doubtful),
        around(random, A_SIGN, count=80),
        around(random, A_SIGN, ELSEWHERE, count=40),
        around(random, ELSEWHERE, count=40),
    ]
    kinds = np.repeat([ALL_CLEAR, NOT_CLEAR, NOT_CLEAR, SIGN, CAUTION, ANSWER], list(map(len, vectors)))
    owners = np.where(kinds == NOT_CLEAR, NONE, 0)
    of = points(np.concatenate(vectors), owners, kinds=kinds, out_of_scope=np.eye(4))
    model = fit_all_clears(of)
    return [model.logit(np.array(each)) for each in (*vectors, [SEEN, NOT_SEEN, A_SIGN])]


def test_all_clears_are_parted_from_what_sounds_like_them_and_from_signs():
    seen, alike, _, signs, cautions, _, _ = told()
    assert (seen > 0).all()
    assert max(each.max() for each in (alike, signs, cautions)) < 0


def test_where_some_of_what_sounds_like_one_cannot_be_told_fewer_are_believed(monkeypatch):
    # A quarter looks like an all-clear: to believe at most 5 % of all, only a few of these may pass.
    monkeypatch.setattr(settings, "FALSE_ALL_CLEARS", 0.05)
    seen, alike, doubtful, *_ = told(doubtful=15)
    assert np.concatenate([alike, doubtful]).size == 60
    assert 1 <= np.count_nonzero(doubtful > 0) <= 5
    monkeypatch.setattr(settings, "FALSE_ALL_CLEARS", 0.5)
    more, *_ = told(doubtful=15)
    assert np.count_nonzero(more > 0) > np.count_nonzero(seen > 0) + 20


@pytest.mark.parametrize(("clear", "alike"), [(29, 60), (60, 29)])
def test_where_too_few_are_known_nothing_is_believed_by_the_model(clear, alike):
    assert [each.tolist() for each in told(clear, alike)[-1:]] == [[-1, -1, -1]]
    assert told(30, 30)[-1].tolist() != [-1, -1, -1]
