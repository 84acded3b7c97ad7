"""Figures of the scores behind the decisions, each as [value, low, high] of a bootstrap interval."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from scripts.evaluation.answers import Row
from scripts.evaluation.metrics import Array, auroc, bootstrap, calibration_error, right_at
from scripts.evaluation.outcomes import Outcome


def scores_row(inside: list[Outcome], judged: list[Outcome]) -> Row:
    """Where the right entry ranks, for questions in scope, and how true the confidence is, for all."""
    reciprocal = np.array([each.reciprocal_rank for each in inside])
    confidence = np.array([each.confidence for each in judged])
    right = np.array([each.right for each in judged], dtype=float)
    return {
        "MRR@10": with_interval(lambda rows: float(reciprocal[rows].mean()), len(inside)),
        "calibration error": with_interval(lambda rows: calibration_error(confidence[rows], right[rows]), len(judged)),
    }


def told_apart_row(inside: list[Outcome], outside: list[Outcome]) -> Row:
    """How well each score tells questions in scope from those out of it."""
    right = np.array([each.right for each in inside], dtype=float)
    row: Row = {"n": len(outside)}
    for name in ("confidence", "covered"):
        positive, negative = (np.array([getattr(each, name) for each in asked]) for asked in (inside, outside))
        row |= _told_apart(name, positive, negative, right)
    return row


def _told_apart(name: str, positive: Array, negative: Array, right: Array) -> Row:
    """How well a score tells questions in scope, which have the first match `right` or not, from those out of it."""
    size = len(positive) + len(negative)

    def split(rows: Any) -> tuple[Any, Any]:
        return rows[rows < len(positive)], rows[rows >= len(positive)] - len(positive)

    def area(rows: Any) -> float:
        inside, outside = split(rows)
        return auroc(positive[inside], negative[outside])

    def right_share(rows: Any) -> float:
        inside, outside = split(rows)
        return right_at(positive[inside], right[inside], negative[outside])

    return {f"AUROC, {name}": with_interval(area, size), f"right at 90, {name}": with_interval(right_share, size)}


def with_interval(figure: Callable[[Any], float], size: int) -> list[float]:
    """The figure of all rows with the interval of its resamples; nothing for no rows."""
    if not size:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a resample without any question of one kind
        low, high = bootstrap(figure, size)
    return [round(value, 4) for value in (figure(np.arange(size)), low, high)]
