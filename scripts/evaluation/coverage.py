"""The curve of accuracy against coverage."""

from collections.abc import Mapping

import numpy as np

from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.picture import Point, svg


def picture(sets: Mapping[str, list[Outcome]]) -> str:
    """For each set, the share of questions in scope that is right when only the surest are answered, as SVG."""
    curves = {name: _curve(outcomes) for name, outcomes in sets.items() if any(o.question.in_scope for o in outcomes)}
    return svg("Accuracy against coverage", "answered, of the questions in scope", "right, of those", curves)


def _curve(outcomes: list[Outcome]) -> list[Point]:
    inside = sorted((each for each in outcomes if each.question.in_scope), key=lambda each: -each.confidence)
    right = np.cumsum([each.right for each in inside])
    answered = np.arange(1, len(inside) + 1)
    places = np.unique(np.linspace(len(inside) // 20, len(inside) - 1, 200).astype(int))
    return [(float(answered[at] / len(inside)), float(right[at] / answered[at])) for at in places]
