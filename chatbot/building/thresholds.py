"""From which confidence the bot answers, asks back or declines: at the least cost on held-out questions."""

import numpy as np

from chatbot import settings
from chatbot.building.samples import Samples
from chatbot.matching.logistic import Array


def thresholds(samples: Samples, confidence: Array, in_scope: Array) -> dict[str, float]:
    """From which confidence to answer, and from which probability of being in scope to ask what was meant otherwise, at
    the least cost on held-out questions. The costs are `settings.COSTS`.

    `confidence` is the probability that the first match is right and `in_scope` that the corpus covers the question,
    both of the shape (samples,). What answering costs is expected from the confidence, which was fitted on the same
    questions. Counted instead, a few hundred of them make the threshold jump.
    """
    costs = settings.COSTS
    answering = costs.wrong_answer * (1 - confidence)
    unlisted = np.where(
        samples.in_scope, costs.clarification_without_the_right_one, costs.clarification_of_the_unanswerable
    )
    clarifying = np.where(samples.listed, costs.clarification_with_the_right_one, unlisted)
    declining = np.where(samples.in_scope, costs.no_answer_to_the_answerable, 0.0)
    grid = np.linspace(0.02, 0.98, 97)
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
    return {"answer": round(float(grid[answer]), 4), "clarify": round(float(grid[clarify]), 4)}
