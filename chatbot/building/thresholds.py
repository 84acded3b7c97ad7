"""From which confidence the bot answers, asks back or declines: at the least cost on held-out questions, and so that
few answers are to another question than the one that was asked."""

import math

import numpy as np

from chatbot import settings
from chatbot.building.samples import Samples
from chatbot.matching.logistic import Array

_GRID = np.linspace(0.02, 0.98, 97)
_ENOUGH_ANSWERED = 50
_Z = 1.2816  # of the normal distribution, for a bound that holds nine times in ten


def thresholds(samples: Samples, confidence: Array, in_scope: Array, *, keep_promise: bool) -> dict[str, float]:
    """From which confidence to answer, and from which probability of being in scope to ask what was meant otherwise, at
    the least cost on held-out questions. The costs are `settings.COSTS`.

    `confidence` is the probability that the first match is right and `in_scope` that the corpus covers the question,
    both of the shape (samples,). What answering costs is expected from the confidence, which was fitted on the same
    questions. Counted instead, a few hundred of them make the threshold jump. `keep_promise`: see `promised`; it is not
    for held-out phrasings, which are harder than what people ask.
    """
    costs = settings.COSTS
    answering = costs.wrong_answer * (1 - confidence)
    unlisted = np.where(
        samples.in_scope, costs.clarification_without_the_right_one, costs.clarification_of_the_unanswerable
    )
    clarifying = np.where(samples.listed, costs.clarification_with_the_right_one, unlisted)
    declining = np.where(samples.in_scope, costs.no_answer_to_the_answerable, 0.0)
    grid = _GRID
    # cell[i, j]: how many grid points the confidence and the probability of being in scope reach
    cell = np.searchsorted(grid, confidence, side="right"), np.searchsorted(grid, in_scope, side="right")

    def below_and_above(cost: Array) -> tuple[Array, Array]:
        """The cost of all with a lower confidence, by their probability of being in scope; and of all with at least
        that confidence."""
        table = np.zeros((len(grid) + 1, len(grid) + 1))
        np.add.at(table, cell, cost * samples.weight)
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
    kept = promised(samples, confidence) if keep_promise else 0.0
    return {"answer": round(max(float(grid[answer]), kept), 4), "clarify": round(float(grid[clarify]), 4)}


def promised(samples: Samples, confidence: Array) -> float:
    """The least confidence from which on no more of the answers are wrong than `settings.PROMISE`; 0 where too few
    questions would be answered to tell.

    Thresholds are tested from the highest down, and the first that fails ends it (Angelopoulos et al., Learn then test,
    2021), each by the upper end of Wilson's interval (Wilson, Probable inference, 1927).
    """
    wrong = ~(samples.correct & samples.in_scope) * samples.weight
    least = 0.0
    for threshold in _GRID[::-1]:
        answered = confidence >= threshold
        count = int(answered.sum())
        if count < _ENOUGH_ANSWERED:
            continue
        share = float(wrong[answered].sum() / samples.weight[answered].sum())
        if upper_bound(share, count) > settings.PROMISE:
            return least or float(threshold)
        least = float(threshold)
    return least


def upper_bound(share: float, count: int) -> float:
    """The upper end of Wilson's interval for a share that was seen among `count`, at nine times in ten."""
    spread = _Z**2 / count
    return (share + spread / 2 + _Z * math.sqrt(share * (1 - share) / count + spread / 4 / count)) / (1 + spread)
