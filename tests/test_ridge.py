"""Held-out predictions in closed form, against fitting again without what is held out."""

import numpy as np
import pytest

from chatbot import ridge
from chatbot.ridge import NO_ENTRY, balance, base, fit_ridge, kernel

ENTRIES = 4
ENTRY_OF = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, NO_ENTRY, NO_ENTRY], dtype=np.int32)
URGENT = np.array([False, False, True, False])
KNOWN = 9  # points before the look-alikes


@pytest.fixture
def gram():
    random = np.random.default_rng(7)
    vectors = random.normal(size=(len(ENTRY_OF), 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return kernel((vectors @ vectors.T).astype(np.float32), np.zeros((11, 11), dtype=np.float32)).astype(np.float64)


def refit(gram, kept):
    """The alphas of a fit on the points `kept` alone, shape (kept, entries), from the definition."""
    targets = np.array([[float(entry == owner) for entry in range(ENTRIES)] for owner in ENTRY_OF[kept]]) - base(
        ENTRIES
    )
    return np.linalg.solve(gram[np.ix_(kept, kept)] + ridge._NOISE * np.eye(len(kept)), targets)


def score(gram, kept, point):
    return gram[point, kept] @ refit(gram, kept) + base(ENTRIES)


def wanted(gram, left_out, point):
    """Scores of a point by a fit without some: urgent entries also learn from look-alikes, the others do not."""
    everything = [row for row in range(len(ENTRY_OF)) if row not in left_out]
    known = [row for row in everything if row < KNOWN]
    return np.where(URGENT, score(gram, everything, point), score(gram, known, point))


def test_alphas_are_those_of_the_definition(gram):
    fitted = fit_ridge(gram.copy(), ENTRY_OF, ENTRIES, URGENT)
    with_look_alikes = refit(gram, list(range(len(ENTRY_OF))))
    without = np.vstack((refit(gram, list(range(KNOWN))), np.zeros((2, ENTRIES))))
    assert fitted.alphas == pytest.approx(np.where(URGENT, with_look_alikes, without), abs=1e-5)


def test_leaving_a_point_out_equals_fitting_without_it(gram):
    fitted = fit_ridge(gram.copy(), ENTRY_OF, ENTRIES, URGENT)
    for point in range(KNOWN):
        assert fitted.without_point[point] == pytest.approx(wanted(gram, {point}, point), abs=1e-5)


def test_leaving_a_look_alike_out_equals_fitting_without_it(gram):
    fitted = fit_ridge(gram.copy(), ENTRY_OF, ENTRIES, URGENT)
    for point in (9, 10):
        assert fitted.without_point[point, URGENT] == pytest.approx(wanted(gram, {point}, point)[URGENT], abs=1e-5)


def test_leaving_an_entry_out_equals_fitting_without_it(gram):
    fitted = fit_ridge(gram.copy(), ENTRY_OF, ENTRIES, URGENT)
    for point in range(KNOWN):
        own = ENTRY_OF[point]
        expected = wanted(gram, set(np.flatnonzero(own == ENTRY_OF).tolist()), point)
        others = np.arange(ENTRIES) != own
        assert fitted.without_entry[point, others] == pytest.approx(expected[others], abs=1e-5)
        assert fitted.without_entry[point, own] == -np.inf


def test_look_alikes_change_urgent_entries_only(gram):
    with_them = fit_ridge(gram.copy(), ENTRY_OF, ENTRIES, URGENT)
    without = fit_ridge(gram[:KNOWN, :KNOWN].copy(), ENTRY_OF[:KNOWN], ENTRIES, URGENT)
    for field in ("alphas", "without_point"):
        some, none = getattr(with_them, field)[:KNOWN], getattr(without, field)
        assert some[:, ~URGENT] == pytest.approx(none[:, ~URGENT], abs=1e-5)
        assert np.abs(some[:, URGENT] - none[:, URGENT]).max() > 0.001
    # They speak against the urgent entry, and are nothing to the others.
    assert (with_them.alphas[KNOWN:, 2] < 0).all()
    assert (with_them.alphas[KNOWN:, ~URGENT] == 0).all()


def test_base_shares_what_nothing_is_known_of_with_ten_more_entries():
    assert base(10) == 1 / 20


def test_kernel():
    assert kernel(np.float32([1, 0]), np.float32([2, 0])) == pytest.approx([1 + 0.05 * 2, np.exp(-3)])


def test_balance_makes_up_for_few_phrasings():
    # 6 and 2 phrasings, 4 as a handicap: (10/6) and (6/2), times 4/8 for an average of 4.
    factors = balance(np.array([0] * 6 + [1] * 2 + [NO_ENTRY], dtype=np.int32), 2)
    assert factors == pytest.approx([10 / 6 / 2, 6 / 2 / 2])
    assert balance(np.array([0, 0, 1, 1], dtype=np.int32), 2) == pytest.approx([1, 1])
