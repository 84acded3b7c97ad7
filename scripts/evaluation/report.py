"""The figures of a question set, every miss, and the curve of accuracy against coverage."""

import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from scripts.evaluation.metrics import Array, auroc, bootstrap, calibration_error, right_at
from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.picture import svg

DECISIONS = ("answered right", "answered wrong", "clarified, right one listed", "clarified without", "declined")


def report(outcomes: list[Outcome]) -> dict[str, Any]:
    """All figures of a set; each quality figure as [value, low, high]."""
    figures: dict[str, Any] = {"questions": len(outcomes)}
    inside = [outcome for outcome in outcomes if outcome.in_scope and not outcome.expected_kind]
    outside = [outcome for outcome in outcomes if not outcome.in_scope and not outcome.expected_kind]
    if inside:
        figures["in scope"] = _in_scope(inside)
    for kind in dict.fromkeys(outcome.kind for outcome in outside):
        figures[f"out of scope: {kind}"] = _out_of_scope(inside, [each for each in outside if each.kind == kind])
    judged = inside + outside
    if judged:
        confidence = np.array([each.confidence for each in judged])
        right = np.array([each.right for each in judged], dtype=float)
        figures["calibration error"] = _with_interval(
            lambda rows: calibration_error(confidence[rows], right[rows]), len(judged)
        )
    expecting = [outcome for outcome in outcomes if outcome.expected_kind]
    if expecting:
        figures["urgent"] = _urgent(expecting)
    milliseconds = np.array([outcome.seconds for outcome in outcomes]) * 1000
    figures["milliseconds"] = {
        "median": round(float(np.median(milliseconds)), 2),
        "p95": round(float(np.quantile(milliseconds, 0.95)), 2),
    }
    return figures


def _in_scope(inside: list[Outcome]) -> dict[str, Any]:
    right = np.array([each.right for each in inside], dtype=float)
    three = np.array([each.in_three for each in inside], dtype=float)
    reciprocal = np.array([each.reciprocal_rank for each in inside])
    return {
        "questions": len(inside),
        "accuracy": _mean(right),
        "in first three": _mean(three),
        "MRR@10": _mean(reciprocal),
        **_decisions(inside),
    }


def _out_of_scope(inside: list[Outcome], outside: list[Outcome]) -> dict[str, Any]:
    figures: dict[str, Any] = {"questions": len(outside)}
    if inside:
        right = np.array([each.right for each in inside], dtype=float)
        for name in ("confidence", "covered"):
            positive, negative = (np.array([getattr(each, name) for each in asked]) for asked in (inside, outside))
            figures |= _told_apart(name, positive, negative, right)
    return figures | _decisions(outside)


def _told_apart(name: str, positive: Array, negative: Array, right: Array) -> dict[str, Any]:
    """How well a score tells questions in scope, which have the first match `right` or not, from those out of it."""
    size = len(positive) + len(negative)

    def split(rows: Any) -> tuple[Any, Any]:
        return rows[rows < len(positive)], rows[rows >= len(positive)] - len(positive)

    def area(rows: Any) -> float:
        inside, outside = split(rows)
        return auroc(positive[inside], negative[outside])

    def share(rows: Any) -> float:
        inside, outside = split(rows)
        return right_at(positive[inside], right[inside], negative[outside])

    return {f"AUROC, {name}": _with_interval(area, size), f"right at 90, {name}": _with_interval(share, size)}


def _decisions(outcomes: list[Outcome]) -> dict[str, Any]:
    counts = Counter(outcome.decision for outcome in outcomes)
    return {
        decision: _mean(np.array([outcome.decision == decision for outcome in outcomes], dtype=float))
        for decision in DECISIONS
        if counts[decision]
    }


def _urgent(outcomes: list[Outcome]) -> dict[str, Any]:
    signs = [each for each in outcomes if each.expected_kind == "urgent"]
    others = [each for each in outcomes if each.expected_kind != "urgent"]
    return {
        "signs": len(signs),
        "look-alikes": len(others),
        "recall": _mean(np.array([each.action == "urgent" for each in signs], dtype=float)),
        "right sign": _mean(np.array([each.shown in each.expected for each in signs], dtype=float)),
        "false alarms": _mean(np.array([each.action == "urgent" for each in others], dtype=float)),
    }


def _mean(values: Any) -> list[float]:
    return _with_interval(lambda rows: float(values[rows].mean()), len(values))


def _with_interval(figure: Any, size: int) -> list[float]:
    if not size:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a resample without any question of one kind
        low, high = bootstrap(figure, size)
    return [round(value, 4) for value in (figure(np.arange(size)), low, high)]


def failures(outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """Every question that did not get what it should, with what was matched instead."""
    for each in outcomes:
        if each.expected_kind:
            failed = (each.action == "urgent") != (each.expected_kind == "urgent")
        else:
            failed = each.decision != ("answered right" if each.in_scope else "declined")
        if failed:
            yield {
                "query": each.query,
                "expected": each.expected,
                "kind": each.expected_kind or ("in scope" if each.in_scope else each.kind),
                "decision": each.action if each.expected_kind else each.decision,
                "confidence": round(each.confidence, 3),
                "matched": each.ranked[:3],
            }


def picture(outcomes: list[Outcome]) -> str:
    """Accuracy against coverage: the share of questions in scope that is right when only the surest are answered."""
    inside = sorted((each for each in outcomes if each.in_scope), key=lambda each: -each.confidence)
    right = np.cumsum([each.right for each in inside])
    answered = np.arange(1, len(inside) + 1)
    places = np.unique(np.linspace(len(inside) // 20, len(inside) - 1, 200).astype(int))
    curve = [(float(answered[at] / len(inside)), float(right[at] / answered[at])) for at in places]
    return svg(
        "Accuracy against coverage", "answered, of the questions in scope", "right, of those", {"flexbot": curve}
    )


def table(figures: dict[str, Any]) -> str:
    """The figures as lines of text."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(name)
            lines += [f"  {key:<32}{_shown(each)}" for key, each in value.items()]
        else:
            lines.append(f"{name:<34}{_shown(value)}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{value[0]:.3f}  ({value[1]:.3f} to {value[2]:.3f})" if value else "-"
    return f"{value:,}"
