"""Signals -> probability -> decision: a logistic fit on held-out questions, and thresholds from stated costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot import settings

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcomes:
    """Held-out questions of one kind: their signals, shape (n, signals), whether the first match was right, and the
    share of all questions that are to be expected of this kind."""

    signals: Array
    right: Array
    share: float


def fit_logistic(outcomes: list[Outcomes], prior: Array, strength: float) -> Array:
    """Weights of a logistic model, one a signal and the intercept last.

    Newton's method on the weighted log-likelihood, with a Gaussian prior of `strength` (in questions) around
    `prior`; a signal's weight never falls below 0, as each of them speaks for a match.
    """
    signals = np.concatenate([each.signals for each in outcomes])
    right = np.concatenate([each.right for each in outcomes])
    weight = question_weights(outcomes)
    design = np.column_stack((signals, np.ones(len(signals))))
    penalty = np.append(np.full(signals.shape[1], strength), strength * 0.1)
    beta = prior.astype(np.float64).copy()
    for _ in range(100):
        p = logistic(design @ beta)
        gradient = design.T @ (weight * (right - p)) - penalty * (beta - prior)
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        free = ~((beta <= 1e-9) & (gradient < 0))
        free[-1] = True
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        step *= min(1.0, 2 / max(1e-9, float(np.abs(step).max())))
        following = beta + step
        following[:-1] = following[:-1].clip(0)
        if np.abs(following - beta).max() < 1e-6:
            break
        beta = following
    return beta


def question_weights(outcomes: list[Outcomes]) -> Array:
    """A weight for each held-out question, so that each kind has its share of all."""
    present = [each for each in outcomes if len(each.right)]
    total = len(present[0].right) / present[0].share
    return np.concatenate([np.full(len(each.right), total * each.share / len(each.right)) for each in present])


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    result: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result


def thresholds(confidence: Array, right: Array, listed: Array, answerable: Array, weight: Array) -> dict[str, float]:
    """The confidences from which to answer and to clarify at the least cost on held-out questions.

    `right`: the first match is right; `listed`: the right one is among those a clarification would list;
    `answerable`: there is a right one at all. The costs are `settings.COSTS`.
    """
    costs = settings.COSTS
    answer_cost = np.where(right > 0, 0.0, costs["wrong answer"])
    clarify_cost = np.where(
        listed > 0,
        costs["clarification with the right one"],
        np.where(
            answerable > 0, costs["clarification without the right one"], costs["clarification of the unanswerable"]
        ),
    )
    decline_cost = np.where(answerable > 0, costs["no answer to the answerable"], 0.0)
    order = np.argsort(-confidence, kind="stable")
    grid = np.linspace(0.02, 0.98, 97)
    above = np.searchsorted(-confidence[order], -grid, side="right")
    answered, clarified, declined = (
        np.concatenate(([0.0], np.cumsum((cost * weight)[order]))) for cost in (answer_cost, clarify_cost, decline_cost)
    )
    # total[i, j]: answer from grid[i], clarify from grid[j], decline below
    total = (
        answered[above][:, None]
        + clarified[above][None, :]
        - clarified[above][:, None]
        + declined[-1]
        - declined[above][None, :]
    )
    total[np.triu_indices(len(grid), 1)] = np.inf  # clarifying begins no higher than answering
    answer, clarify = np.unravel_index(int(total.argmin()), total.shape)
    return {"answer": round(float(grid[answer]), 4), "clarify": round(float(grid[clarify]), 4)}
