"""What a corpus covers and what it does not, parted by vectors: by hand."""

import numpy as np
import pytest

from chatbot.building import coverage as module
from chatbot.building.coverage import fit_coverage
from tests.building.clusters import Clusters
from tests.matching.points import X, Y


def corpus(covered, others):
    """Answers with these vectors, and such out-of-scope questions."""
    found = Clusters([len(covered)], out_of_scope=len(others))
    found.vectors = np.array(covered, dtype=np.float32).reshape(-1, 3)
    found.out_of_scope = np.array(others, dtype=np.float32).reshape(-1, 3)
    return found


def fitted(covered, others):
    made = corpus(covered, others)
    return fit_coverage(made.points, made.training)


def weight(count):
    """Of `count` messages at X that are covered and as many at Y that are not: w at X and -w at Y, where the loss of
    2 count log(1 + e^-w) + w^2 is least, which is where w = count / (1 + e^w)."""
    found = 0.0
    for _ in range(200):
        found += 0.1 * (count / (1 + np.exp(found)) - found)
    return found


def test_what_is_covered_is_parted_from_what_is_not():
    model = fitted([X, X], [Y, Y]).model
    assert weight(2) == pytest.approx(0.6748, abs=1e-4)  # 2 / (1 + e^0.6748) = 0.6748
    assert model.weights == pytest.approx([weight(2), -weight(2), 0, 0], abs=1e-3)


def test_both_count_as_much_in_all():
    assert fitted([X] * 4, [Y]).model.weights == pytest.approx([weight(4), -weight(4), 0, 0], abs=1e-3)


def test_each_is_judged_by_the_half_that_it_is_not_in():
    # The odd ones say the opposite of the even ones.
    found = fitted([X, Y, X, Y], [Y, X, Y, X])
    assert found.model.weights == pytest.approx([0, 0, 0, 0], abs=1e-3)
    assert found.of_points == pytest.approx([-weight(2)] * 4, abs=1e-3)
    assert found.of_out_of_scope == pytest.approx([weight(2)] * 4, abs=1e-3)


def test_it_is_the_same_in_batches(monkeypatch):
    whole = fitted([X, Y, X, Y, X], [Y, X, Y])
    monkeypatch.setattr(module, "_BATCH", 3)
    again = fitted([X, Y, X, Y, X], [Y, X, Y])
    assert again.of_points.tolist() == whole.of_points.tolist()
    assert again.of_out_of_scope.tolist() == whole.of_out_of_scope.tolist()


def test_of_very_many_points_some_count(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    # Every third of five: the first and the fourth, as two of them.
    assert fitted([X, Y, Y, X, Y], [Y]).model.weights == pytest.approx([weight(2), -weight(2), 0, 0], abs=1e-3)


@pytest.mark.parametrize(("covered", "others"), [([X, X], []), ([X], [Y])])
def test_without_any_of_a_kind_nothing_is_said(covered, others):
    # Of one of each, a half has none of either.
    found = fitted(covered, others)
    assert found.of_points.tolist() == [0] * len(covered)


def test_warning_signs_and_what_sounds_like_them_do_not_count():
    made = Clusters([2], [2], look_alikes=2, cautions=1, out_of_scope=2)
    made.vectors = np.array([X, X, *[Y] * 6], dtype=np.float32)
    made.out_of_scope = np.array([Y, Y], dtype=np.float32)
    model = fit_coverage(made.points, made.training).model
    assert model.weights == pytest.approx([weight(2), -weight(2), 0, 0], abs=1e-3)
