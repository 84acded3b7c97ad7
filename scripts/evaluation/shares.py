"""Shares of a count, and how far they may be trusted."""

from collections.abc import Iterable

from scipy.stats import binomtest

_CONFIDENCE = 0.95


def share(hits: Iterable[bool]) -> list[float]:
    """The share of hits and its 95 % interval (Wilson); nothing for none asked."""
    counted = list(hits)
    if not counted:
        return []
    test = binomtest(sum(counted), len(counted))
    low, high = test.proportion_ci(_CONFIDENCE, method="wilson")
    return [round(float(value), 4) for value in (test.statistic, low, high)]


def upper_bound(hits: Iterable[bool]) -> float:
    """What the share of hits is at most, with 95 % confidence: the one-sided bound of Clopper and Pearson, which holds
    for the smallest counts too. 1 for none asked."""
    counted = list(hits)
    if not counted:
        return 1.0
    test = binomtest(sum(counted), len(counted), alternative="less")
    return round(float(test.proportion_ci(_CONFIDENCE, method="exact").high), 4)
