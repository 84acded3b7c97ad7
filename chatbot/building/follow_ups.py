"""Trial messages of conversations -> the weights by which entries are ranked for what is said after an answer."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chatbot.arrays import Flags, Rows
from chatbot.building.exchanges import Exchanges
from chatbot.building.held_out import ENOUGH
from chatbot.matching.follow_ups import SIGNALS, Before, Choices, FollowUps, Readings
from chatbot.matching.logistic import Array
from chatbot.matching.matcher import Matcher
from chatbot.records import TURNS

# What ranks while too few exchanges are known to learn from: people mostly stay with what was shown unless they name
# something else.
_PRIORS = {
    "alone": 3.0,
    "joined": 2.0,
    "between": 2.0,
    "words_alone": 1.0,
    "title": 1.0,
    "other_alone": 3.0,
    "other_title": 1.0,
    "before": 1.5,
    "before_unsaid": -2.0,
    "related": 0.5,
    "small_talk": -1.0,
    "none": 2.5,
    "none_alone_in_scope": -1.0,
    "none_joined_in_scope": -1.0,
}
PRIORS = np.array([_PRIORS.get(name, 0.0) for name in SIGNALS])
_STRENGTH = 1.0  # of the prior, in exchanges
_BATCH = 64  # messages compared at a time


@dataclass(frozen=True)
class _Sample:
    """What a message might have asked for, what it asked for (shape (entries + 1,)), and how much it counts."""

    choices: Choices
    right: Flags
    weight: float


def fit_follow_ups(matcher: Matcher, topics: Rows, exchanges: Exchanges) -> Array:
    """The weights of `matching.follow_ups.SIGNALS`, shape (signals,), from exchanges, each of whose kind of turn was
    read by the half of them that it is not in."""
    from scipy.optimize import minimize  # what needs no fit shall not wait for it

    samples = _samples(FollowUps(matcher, topics, PRIORS), exchanges)
    if len(samples) < ENOUGH:
        return PRIORS

    # All choices of all messages in one table, each message's from a row of `begins` on.
    signals = np.concatenate([sample.choices.signals for sample in samples])
    right = np.concatenate([sample.right for sample in samples])
    sizes = np.array([len(sample.right) for sample in samples])
    begins = np.cumsum(sizes) - sizes
    counted = np.array([sample.weight for sample in samples])

    def loss(weights: Array) -> tuple[float, Array]:
        """The negative log-likelihood of what was asked for, less the prior's, and its gradient."""
        utility = signals @ weights
        odds = np.exp(utility - np.repeat(np.maximum.reduceat(utility, begins), sizes))
        likely = odds / np.repeat(np.add.reduceat(odds, begins), sizes)
        asked_for = np.add.reduceat(likely * right, begins)
        surprise = likely - likely * right / np.repeat(asked_for, sizes)
        away = weights - PRIORS
        value = -float(counted @ np.log(asked_for)) + _STRENGTH * float(away @ away) / 2
        return value, (np.repeat(counted, sizes) * surprise) @ signals + _STRENGTH * away

    fitted: Array = minimize(loss, PRIORS, jac=True, method="L-BFGS-B").x
    return fitted


def _samples(follow_ups: FollowUps, exchanges: Exchanges) -> list[_Sample]:
    """The exchanges after an answer whose right choice is among those near. Those about a part of it, which say little
    that is not known beforehand, count as much together as the other kinds of turn do on average."""
    counted = _weights(exchanges)
    found = []
    for row, choices in enumerate(_choices(follow_ups, exchanges)):
        asks = bool(exchanges.expected[row])
        right = np.append(np.isin(choices.entries, list(exchanges.expected[row])), not asks)
        if exchanges.before[row].kind == "answer" and right.any():
            found.append(_Sample(choices, right, counted[row]))
    return found


def _weights(exchanges: Exchanges) -> Array:
    kinds = exchanges.turns.kinds
    part = kinds == TURNS.index("part")
    about_part, others = int(part.sum()), int((~part).sum()) / max(len(np.unique(kinds[~part])), 1)
    weights: Array = np.where(part, min(others / max(about_part, 1), 1.0), 1.0)
    return weights


def _choices(follow_ups: FollowUps, exchanges: Exchanges) -> Iterator[Choices]:
    """What each message may ask for; the kind of turn is read by messages of the other half."""
    scorer, rows = follow_ups.scorer, np.arange(len(exchanges))
    half = np.array([zlib.crc32(text.encode("utf-8", "replace")) % 2 for text in exchanges.messages.texts], dtype=int)
    for start in range(0, len(exchanges), _BATCH):
        batch = rows[start : start + _BATCH]
        texts, vectors = exchanges.readings(batch)
        compared = [scorer.compare(near) for near in scorer.points.near(texts, vectors)]
        for place, row in enumerate(batch.tolist()):
            turn = exchanges.turns.read(exchanges.messages.vectors[row], np.flatnonzero(half != half[row]))
            alone, joined, between = compared[place :: len(batch)]
            before = Before(
                int(exchanges.before_rows[row]), exchanges.related[row], exchanges.unsaid(row, scorer.points.lexical)
            )
            yield follow_ups.choices(Readings(alone, joined, between, turn), before)
