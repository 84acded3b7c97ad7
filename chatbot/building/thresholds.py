"""From which confidence the bot answers, asks back or declines: at the least cost on held-out questions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.matching.logistic import Array


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
