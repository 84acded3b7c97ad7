"""Signals -> probability: logistic models, and their fit on held-out questions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


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


def fit_logistic(
    signals: Array, truth: npt.NDArray[np.bool_], weight: Array, prior: LogisticModel, strength: float
) -> LogisticModel:
    """A logistic model of what came true of some questions: their signals, shape (n, signals), whether it did, shape
    (n,), and how many questions each stands for, shape (n,).

    Newton's method on the weighted log-likelihood, with a Gaussian prior of `strength` (in questions) around
    `prior`; a signal's weight never falls below 0, as each of them speaks for it.
    """
    design = np.column_stack((signals, np.ones(len(signals))))
    penalty = np.append(np.full(signals.shape[1], strength), strength * 0.1)
    beta = prior.weights.copy()
    for _ in range(100):
        p = logistic(design @ beta)
        gradient = design.T @ (weight * (truth - p)) - penalty * (beta - prior.weights)
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


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    result: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result
