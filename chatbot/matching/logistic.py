"""Signals -> probability: logistic models. `building.logistic` fits them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LogisticModel:
    """A fitted logistic model: a weight for each signal, and the intercept last."""

    weights: Array

    def probability(self, signals: npt.NDArray[np.floating[Any]]) -> Array:
        """The probability for each row of signals, shape (n, signals) -> (n,)."""
        return logistic(self.logit(signals))

    def logit(self, signals: npt.NDArray[np.floating[Any]]) -> Array:
        """Its logarithm of the odds, shape (..., signals) -> (...,)."""
        odds: Array = signals @ self.weights[:-1] + self.weights[-1]
        return odds


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    result: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result
