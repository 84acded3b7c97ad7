"""Figures of merit for a question set, and their bootstrap intervals. Pure functions of arrays."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_RESAMPLES = 1000
_BINS = 10


def auroc(positive: Array, negative: Array) -> float:
    """The chance that a positive scores above a negative (ties count half)."""
    if not len(positive) or not len(negative):
        return float("nan")
    everything = np.concatenate((positive, negative))
    _, inverse, counts = np.unique(everything, return_inverse=True, return_counts=True)
    rank_of_value = np.cumsum(counts) - (counts - 1) / 2
    ranks = rank_of_value[inverse][: len(positive)]
    return float((ranks.sum() - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative)))


def right_at(positive: Array, right: Array, negative: Array, turned_away: float = 0.9) -> float:
    """The share of in-scope questions answered right at the score that turns `turned_away` of the others away."""
    if not len(negative):
        return float("nan")
    threshold = np.quantile(negative, turned_away)
    return float(np.mean(right * (positive > threshold)))


def calibration_error(confidence: Array, right: Array) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(np.mean(confidence[bins == b] - right[bins == b]))) * np.mean(bins == b) for b in np.unique(bins)]
    return float(sum(gaps))


def bootstrap(figure: Callable[[npt.NDArray[np.intp]], float], size: int, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of `figure`, a function of the rows drawn, over resamples of `size` rows with replacement."""
    draw = np.random.default_rng(seed)
    values = [figure(draw.integers(0, size, size)) for _ in range(_RESAMPLES)]
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)
