"""Held-out questions as a table: what a matcher said of each, and what was true of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import numpy as np

from chatbot import settings
from chatbot.arrays import Flags
from chatbot.matching.logistic import Array
from chatbot.matching.matcher import SIGNALS, Candidate, Matcher, signals
from chatbot.matching.scorer import Comparison


@dataclass(frozen=True)
class Samples:
    """Held-out questions, one a row of each array.

    `in_scope_signals` and `top1_signals` are those of the first match, shape (n, signals). The others have the shape
    (n,): whether the corpus covers the question (`in_scope`), whether the first match is right (`correct`), whether a
    right one is among those that a clarification would list (`listed`), and how many questions each stands for.
    """

    in_scope_signals: Array
    top1_signals: Array
    in_scope: Flags
    correct: Flags
    listed: Flags
    weight: Array

    def __len__(self) -> int:
        return len(self.weight)

    @classmethod
    def of(
        cls,
        matcher: Matcher,
        messages: Sequence[Sequence[Comparison]],
        expected: Sequence[Collection[int]],
        share: float,
    ) -> "Samples":
        """Messages of one kind, which is `share` of all that are to be expected, each as a whole and then by its
        sentences, with the rows of the entries that answer it. Those that nothing is near are left out."""
        ranked = [matcher.rank(whole, settings.MAX_SUGGESTIONS, sentences) for whole, *sentences in messages]
        rows = [(listed, right) for listed, right in zip(ranked, expected, strict=True) if listed]
        first = [listed[0] for listed, _ in rows]
        return cls(
            in_scope_signals=signals_of("in_scope", first),
            top1_signals=signals_of("top1_correct", first),
            in_scope=np.array([bool(right) for _, right in rows], dtype=bool),
            correct=np.array([listed[0].entry in right for listed, right in rows], dtype=bool),
            listed=np.array([any(each.entry in right for each in listed) for listed, right in rows], dtype=bool),
            weight=np.full(len(rows), share / max(1, len(rows))),
        )

    @classmethod
    def concat(cls, kinds: Sequence["Samples"]) -> "Samples":
        """Kinds of questions as one table, in which each has its share and a question of the first weighs 1."""
        arrays = {each.name: np.concatenate([getattr(kind, each.name) for kind in kinds]) for each in fields(cls)}
        return cls(**arrays | {"weight": arrays["weight"] / arrays["weight"][0]})

    @property
    def inside(self) -> "Samples":
        """Those that the corpus covers."""
        return Samples(**{each.name: getattr(self, each.name)[self.in_scope] for each in fields(self)})

    @property
    def accuracy(self) -> float:
        """The share of those that the corpus covers whose first match is right, to four places."""
        return round(float(self.inside.correct.mean()), 4)


def signals_of(model: str, candidates: Sequence[Candidate]) -> Array:
    """What a model of `matcher.SIGNALS` reads of some candidates, shape (candidates, signals)."""
    rows = [signals(model, candidate.evidence) for candidate in candidates]
    return np.array(rows).reshape(len(rows), len(SIGNALS[model]))
