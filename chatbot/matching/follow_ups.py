"""A message after an answer beside the entries: which of them it asks for in the light of what was before, if any.

A conditional logit (McFadden, Conditional logit analysis of qualitative choice behavior, 1974): each entry near the
message, and that it asks for none, is a choice, with signals that speak for it. The weights of these are learnt from
what people said next to answers, so that nothing here tells by its words what leans on what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Rows, Vectors
from chatbot.matching.logistic import Array
from chatbot.matching.matcher import Candidate, Matcher
from chatbot.matching.scorer import Comparison, Scorer
from chatbot.matching.turns import TurnReading
from chatbot.records import TURNS

FOLLOW_UPS = "follow_ups"  # the name of the weights, beside those of the logistic models
_LONG = 12  # words; from so many on a message says as much as a longer one

# What speaks for a choice: how well an entry fits the message by itself, together with the question before it, and by
# the mean of both; the words in common; that it is the entry before, one of its related ones or of its topic. Each of
# the first seven once more for entries other than the one before, and what is said of that one by the kind of turn.
_FIT = ("alone", "joined", "between", "words_alone", "words_joined", "title", "centroid")
SIGNALS: tuple[str, ...] = (
    *_FIT,
    *(f"other_{name}" for name in _FIT),
    *("alone_new", "joined_changed"),
    *("before", *(f"before_{turn}" for turn in TURNS), "before_unsaid", "before_long"),
    *("related", "related_changed", "topic", "topic_changed"),
    *("small_talk", "small_talk_aside", "answer_aside"),
    *("none", *(f"none_{turn}" for turn in TURNS), "none_alone_in_scope", "none_joined_in_scope"),
)


@dataclass(frozen=True)
class Before:
    """What stands before a message: the row of the entry that was shown, or is most likely meant (`NONE`: neither), and
    those of its related entries. `unsaid`: the message has a rare word that this entry has not."""

    entry: int
    related: Sequence[int] = ()
    unsaid: bool = False


@dataclass(frozen=True)
class Readings:
    """A message compared with the points by itself, behind the question before it, and by the mean of its vector and
    that question's; and the kind of turn that it is."""

    alone: Comparison
    joined: Comparison
    between: Comparison
    turn: TurnReading


@dataclass(frozen=True)
class Choices:
    """The entries that a message may ask for, by row in rising order, with the signals of each, and in the last line of
    those that it asks for none: shape (entries + 1, signals)."""

    entries: Rows
    signals: Array

    def probabilities(self, weights: Array) -> Array:
        """How likely each of them is, by the weights of the signals, shape (entries + 1,)."""
        utility = self.signals @ weights
        odds = np.exp(utility - utility.max())
        likely: Array = odds / odds.sum()
        return likely


def mean_of(messages: Vectors, questions: Vectors) -> Vectors:
    """The unit vectors between some messages and the questions before them, both of the shape (n, dimension)."""
    both = messages + questions
    between: Vectors = both / np.linalg.norm(both, axis=-1, keepdims=True).clip(1e-9)
    return between


class FollowUps:
    """Ranks entries for messages after an answer. Stateless; any thread may use it.

    `topics` holds the topic of each answer entry as a number, and `NONE` for other entries, shape (entries,).
    """

    def __init__(self, matcher: Matcher, topics: Rows, weights: Array) -> None:
        self._matcher = matcher
        self._topics = topics
        self._weights = weights

    @property
    def scorer(self) -> Scorer:
        return self._matcher.scorer

    def rank(self, readings: Readings, before: Before, k: int) -> list[Candidate]:
        """The `k` likeliest entries, best first, each with how likely it is as its confidence. Together with that it
        asks for none, all entries near the message would add up to 1."""
        choices = self.choices(readings, before)
        likely = choices.probabilities(self._weights)
        order = np.argsort(-likely[:-1], kind="stable")[:k]
        in_scope = 1 - float(likely[-1])
        return [
            replace(candidate, confidence=float(likely[place]), in_scope=in_scope)
            for candidate, place in zip(
                self._matcher.candidates(readings.alone, choices.entries[order]), order, strict=True
            )
        ]

    def choices(self, readings: Readings, before: Before) -> Choices:
        """What a message may ask for, with the signals of `SIGNALS`."""
        near = [comparison.answers.entries for comparison in (readings.alone, readings.joined, readings.between)]
        beside = [row for row in (before.entry, *before.related) if row != NONE]
        entries = np.unique(np.concatenate([*near, np.array(beside, dtype=np.int64)]))
        table = np.zeros((len(entries) + 1, len(SIGNALS)))
        for name, values in self._of_entries(entries, readings, before).items():
            table[:-1, SIGNALS.index(name)] = values
        for name, value in self._of_none(readings).items():
            table[-1, SIGNALS.index(name)] = value
        return Choices(entries, table)

    def _of_entries(self, entries: Rows, readings: Readings, before: Before) -> Mapping[str, npt.NDArray[Any]]:
        """The signals that speak for entries, by name, each of the shape (entries,)."""
        turn = readings.turn.shares
        fit = self._fit(entries, readings)
        topic = self._topics[before.entry] if before.entry != NONE else NONE
        is_before = entries == before.entry
        other, small_talk = ~is_before, self._topics[entries] == NONE
        related = np.isin(entries, np.array(before.related, dtype=np.int64)) & other
        same_topic = (self._topics[entries] == topic) & other & ~small_talk
        return {
            **fit,
            **{f"other_{name}": value * other for name, value in fit.items()},
            "alone_new": fit["alone"] * turn["new"],
            "joined_changed": fit["joined"] * turn["changed"],
            "before": is_before,
            **{f"before_{name}": is_before * share for name, share in turn.items()},
            "before_unsaid": is_before * before.unsaid,
            "before_long": is_before * min(len(readings.alone.text.split()) / _LONG, 1),
            "related": related,
            "related_changed": related * turn["changed"],
            "topic": same_topic,
            "topic_changed": same_topic * turn["changed"],
            "small_talk": small_talk,
            "small_talk_aside": small_talk * turn["aside"],
            "answer_aside": (other & ~small_talk) * turn["aside"],
        }

    def _fit(self, entries: Rows, readings: Readings) -> dict[str, Vectors]:
        """How well entries fit a message, by the names of `_FIT`, each of the shape (entries,)."""
        alone, joined = readings.alone.answers, readings.joined.answers
        points = self._matcher.scorer.points
        return {
            "alone": alone.scores_of(entries),
            "joined": joined.scores_of(entries),
            "between": readings.between.answers.scores_of(entries),
            "words_alone": alone.words_of(entries),
            "words_joined": joined.words_of(entries),
            "title": points.lexical.similarities(readings.alone.text, points.questions_of(entries)),
            "centroid": self._matcher.cosines_to_centroids(readings.alone.vector, entries),
        }

    def _of_none(self, readings: Readings) -> dict[str, float]:
        """The signals that speak for a message that no entry answers."""
        in_scope = {name: self._matcher.in_scope(getattr(readings, name)) for name in ("alone", "joined")}
        return {
            "none": 1.0,
            **{f"none_{name}": share for name, share in readings.turn.shares.items()},
            **{f"none_{name}_in_scope": value for name, value in in_scope.items()},
        }
