"""Signals and what came true -> logistic models (Cox, The regression analysis of binary sequences, 1958).

A few signals, each of which speaks for what is told, by Newton's method; many features by their gradient.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.matching.logistic import Array, LogisticModel, logistic


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


def fit_many_features(design: Any, truth: npt.NDArray[np.bool_], weight: Array, strength: float) -> Array:
    """The weights, shape (features,), of a logistic model of what came true of some messages: their features, shape
    (n, features), dense or sparse, whether it did, shape (n,), and how many messages each stands for, shape (n,).

    The weighted log-likelihood at its highest (L-BFGS), with a Gaussian prior of `strength` around 0.
    """
    from scipy.optimize import minimize  # what needs no fit shall not wait for it

    def loss(weights: Array) -> tuple[float, Array]:
        """The negative log-likelihood, less the prior's, and its gradient."""
        odds = (design @ weights.astype(design.dtype)).astype(np.float64)
        margin = np.where(truth, 1, -1) * odds
        slope = design.T @ (weight * (logistic(odds) - truth)).astype(design.dtype) + strength * weights
        return float(weight @ np.logaddexp(0, -margin) + strength * weights @ weights / 2), slope

    fitted: Array = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    return fitted
