"""Shares and their bounds, with values worked out by hand."""

import pytest

from scripts.evaluation.shares import share, upper_bound


def test_the_interval_is_wilsons():
    # z = 1.96: centre (0.9 + z²/20) / (1 + z²/10) = 0.7890, half width z √(0.009 + z²/400) / (1 + z²/10) = 0.1931.
    assert share([True] * 9 + [False]) == pytest.approx([0.9, 0.5958, 0.9821], abs=2e-4)
    # Of none, the upper end is z² / (n + z²) = 3.8415 / 63.8415.
    assert share([False] * 60) == pytest.approx([0, 0, 0.0602], abs=1e-4)
    assert share([]) == []


def test_the_upper_bound_is_one_sided_and_exact():
    # It solves P(at most so many hits) = 0.05: (1 - p)⁶⁰ for none of 60, 1 - p² for one of two.
    assert upper_bound([False] * 60) == pytest.approx(1 - 0.05 ** (1 / 60), abs=1e-4)
    assert upper_bound([True, False]) == pytest.approx(0.95**0.5, abs=1e-4)
    assert upper_bound([True, True]) == 1
    assert upper_bound([]) == 1
