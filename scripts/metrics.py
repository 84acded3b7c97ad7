"""Figures of merit for a question set, and their bootstrap intervals. Pure functions of arrays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_RESAMPLES = 1000
_BINS = 10


@dataclass(frozen=True)
class Outcome:
    """What the bot did with one question.

    `expected`: ids that answer it (none: it should not be answered); `kind`: the kind of question, for those without
    an answer; `ranked`: ids by rank; `confidence`: that the first is right; `covered`: that the corpus answers the
    question at all; `action`: the kind of reply; `shown`: id of the entry that was shown; `listed`: ids that a
    clarification offered.
    """

    query: str
    expected: tuple[str, ...]
    kind: str
    expected_kind: str
    ranked: tuple[str, ...]
    confidence: float
    covered: float
    action: str
    shown: str
    listed: tuple[str, ...]
    seconds: float

    @property
    def in_scope(self) -> bool:
        return bool(self.expected)

    @property
    def right(self) -> bool:
        return bool(self.ranked) and self.ranked[0] in self.expected

    @property
    def reciprocal_rank(self) -> float:
        """1 / rank of the first right entry among the first ten, else 0."""
        return next((1 / rank for rank, entry in enumerate(self.ranked[:10], 1) if entry in self.expected), 0.0)

    @property
    def in_three(self) -> bool:
        return any(entry in self.expected for entry in self.ranked[:3])

    @property
    def decision(self) -> str:
        """What happened, in words that the report counts."""
        if self.action in ("clarify", "no-answer"):
            if self.action == "no-answer":
                return "declined"
            return "clarified, right one listed" if set(self.listed) & set(self.expected) else "clarified without"
        return "answered right" if self.shown in self.expected else "answered wrong"


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
