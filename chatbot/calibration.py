"""Signals -> probability -> decision: logistic fits on held-out questions, and thresholds from stated costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot import settings

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcomes:
    """Held-out questions of one kind: their signals, shape (n, signals), what came true of each (1 or 0), and the share
    of all questions that are to be expected of this kind."""

    signals: Array
    right: Array
    share: float


@dataclass(frozen=True)
class Model:
    """A fitted logistic model: a weight for each signal, and the intercept last."""

    weights: Array

    def probability(self, signals: Array) -> Array:
        """The probability for each row of signals, shape (n, signals) -> (n,)."""
        return logistic(self.logit(signals))

    def logit(self, signals: Array) -> Array:
        """Its logarithm of the odds, shape (n, signals) -> (n,)."""
        odds: Array = signals @ self.weights[:-1] + self.weights[-1]
        return odds

    def rescaled(self, slope: float, shift: float) -> "Model":
        """The model whose logit is `slope` times this one's, plus `shift`."""
        return Model(np.append(self.weights[:-1] * slope, self.weights[-1] * slope + shift))


def fit_logistic(outcomes: list[Outcomes], prior: Model, strength: float) -> Model:
    """A logistic model of what came true.

    Newton's method on the weighted log-likelihood, with a Gaussian prior of `strength` (in questions) around
    `prior`; a signal's weight never falls below 0, as each of them speaks for it.
    """
    signals = np.concatenate([each.signals for each in outcomes])
    right = np.concatenate([each.right for each in outcomes])
    weight = question_weights(outcomes)
    design = np.column_stack((signals, np.ones(len(signals))))
    penalty = np.append(np.full(signals.shape[1], strength), strength * 0.1)
    expected = prior.weights
    beta = expected.copy()
    for _ in range(100):
        p = logistic(design @ beta)
        gradient = design.T @ (weight * (right - p)) - penalty * (beta - expected)
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
    return Model(beta)


def question_weights(outcomes: list[Outcomes]) -> Array:
    """A weight for each held-out question, so that each kind has its share of all."""
    present = [each for each in outcomes if len(each.right)]
    total = len(present[0].right) / present[0].share
    return np.concatenate([np.full(len(each.right), total * each.share / len(each.right)) for each in present])


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    result: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result


@dataclass(frozen=True)
class Judged:
    """Held-out questions with what came of them, each array of shape (n,).

    `confidence` that the first match is right, `covered`: the probability that the corpus answers the question at
    all; `listed`: the right one is among those a clarification would list; `answerable`: there is a right one;
    `weight`: how many questions each stands for.
    """

    confidence: Array
    covered: Array
    listed: npt.NDArray[np.bool_]
    answerable: npt.NDArray[np.bool_]
    weight: Array


def thresholds(judged: Judged) -> dict[str, float]:
    """From which confidence to answer, and from which probability of being covered to ask what was meant otherwise, at
    the least cost on held-out questions. The costs are `settings.COSTS`.

    What answering costs is expected from the confidence, which was fitted on the same questions. Counted instead, a few
    hundred of them make the threshold jump.
    """
    costs = settings.COSTS
    answering = costs["wrong answer"] * (1 - judged.confidence)
    unlisted = np.where(
        judged.answerable, costs["clarification without the right one"], costs["clarification of the unanswerable"]
    )
    clarifying = np.where(judged.listed, costs["clarification with the right one"], unlisted)
    declining = np.where(judged.answerable, costs["no answer to the answerable"], 0.0)
    grid = np.linspace(0.02, 0.98, 97)
    # cell[i, j]: how many grid points the confidence and the probability of being covered reach
    cell = np.searchsorted(grid, judged.confidence, side="right"), np.searchsorted(grid, judged.covered, side="right")

    def below_and_above(cost: Array) -> tuple[Array, Array]:
        """The cost of all with a lower confidence, by how they are covered; and of all with at least that one."""
        table = np.zeros((len(grid) + 1, len(grid) + 1))
        np.add.at(table, cell, cost * judged.weight)
        below = np.cumsum(table, axis=0)[:-1]
        return below, table.sum() - below.sum(axis=1)

    clarified, _ = below_and_above(clarifying)
    declined, _ = below_and_above(declining)
    _, answered = below_and_above(answering)
    # total[i, j]: answer from grid[i], otherwise clarify from grid[j], otherwise decline
    not_covered = np.cumsum(declined, axis=1)[:, :-1]
    covered = clarified.sum(axis=1, keepdims=True) - np.cumsum(clarified, axis=1)[:, :-1]
    total = answered[:, None] + covered + not_covered
    answer, clarify = np.unravel_index(int(total.argmin()), total.shape)
    return {"answer": round(float(grid[answer]), 4), "clarify": round(float(grid[clarify]), 4)}
