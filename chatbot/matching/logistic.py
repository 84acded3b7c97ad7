"""Signals -> probability -> decision: logistic fits on held-out questions, and thresholds from stated costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcomes:
    """Held-out questions of one kind: their signals, shape (n, signals), what came true of each (1 or 0), and the share
    of all questions that are to be expected of this kind."""

    signals: Array
    right: Array
    share: float


@dataclass(frozen=True)
class LogisticModel:
    """A fitted logistic model: a weight for each signal, and the intercept last."""

    weights: Array

    def probability(self, signals: Array) -> Array:
        """The probability for each row of signals, shape (n, signals) -> (n,)."""
        return logistic(self.logit(signals))

    def logit(self, signals: Array) -> Array:
        """Its logarithm of the odds, shape (n, signals) -> (n,)."""
        odds: Array = signals @ self.weights[:-1] + self.weights[-1]
        return odds

    def rescaled(self, slope: float, shift: float) -> "LogisticModel":
        """The model whose logit is `slope` times this one's, plus `shift`."""
        return LogisticModel(np.append(self.weights[:-1] * slope, self.weights[-1] * slope + shift))


def fit_logistic(outcomes: list[Outcomes], prior: LogisticModel, strength: float) -> LogisticModel:
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
    return LogisticModel(beta)


def question_weights(outcomes: list[Outcomes]) -> Array:
    """A weight for each held-out question, so that each kind has its share of all."""
    present = [each for each in outcomes if len(each.right)]
    total = len(present[0].right) / present[0].share
    return np.concatenate([np.full(len(each.right), total * each.share / len(each.right)) for each in present])


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    result: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result
