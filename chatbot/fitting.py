"""Phrasings -> a fitted matcher. Runs when an index is built; nothing it is calibrated on was seen by the fit that
scored it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.calibration import Array, Outcomes, fit_logistic, question_weights, thresholds
from chatbot.encoder import Vectors
from chatbot.lexical import LexicalIndex
from chatbot.matcher import METHOD, SIGNALS, Comparison, Matcher, Points, probability, signals, urgent_signals
from chatbot.ridge import NO_ENTRY, RidgeFit, balance, fit_ridge, kernel

# An entry with fewer phrasings than this also matches by the text of its answers.
_FEW_PHRASINGS = 3
# And so does one whose answer is so short, in words, that it rather names the entry than explains it.
_SHORT_ANSWER = 12
# What is expected of users: questions with an answer here, near misses, and questions about other things.
_ANSWERABLE, _NEAR, _FAR = 0.8, 0.1, 0.1
# What confidence rests on while too little can be held out, and where a fit starts from: weights of the signals
# and an intercept. The prior counts as much as this many questions.
_PRIOR = np.array([6.0, 6.7, -2.9])
_PRIOR_STRENGTH = 1.0
# What is expected of messages where there are urgent entries, and the screen's own prior.
_SIGNS, _LOOK_ALIKES, _ORDINARY = 0.05, 0.05, 0.8
_SCREEN_PRIOR = np.array([8.0, 4.0, 3.0, -8.0])
_ENOUGH_HELD_OUT = 30


@dataclass(frozen=True)
class TrainingSet:
    """What a matcher is fitted on. `entry_of` and `answer_entry_of` give the row of each text's entry, `urgent` which
    entries are urgent; fragments are sentences out of longer harmless phrasings."""

    texts: Sequence[str]
    vectors: Vectors
    entry_of: npt.NDArray[np.int32]
    answer_texts: Sequence[str]
    answer_vectors: Vectors
    answer_entry_of: npt.NDArray[np.int32]
    look_alike_texts: Sequence[str]
    look_alike_vectors: Vectors
    fragment_texts: Sequence[str]
    fragment_vectors: Vectors
    background_texts: Sequence[str]
    background_vectors: Vectors
    urgent: npt.NDArray[np.bool_]

    @property
    def entries(self) -> int:
        return len(self.urgent)

    @cached_property
    def helpful_answers(self) -> list[int]:
        """Rows of the answers that are matched as well: of entries with few phrasings, and short ones."""
        phrasings_of = np.bincount(self.entry_of, minlength=self.entries)
        owned = zip(self.answer_texts, self.answer_entry_of, strict=True)
        return [
            row
            for row, (text, entry) in enumerate(owned)
            if phrasings_of[entry] < _FEW_PHRASINGS or len(text.split()) <= _SHORT_ANSWER
        ]

    def fingerprint(self) -> str:
        """What tells whether a fit on this would come out as one before: a hash of all that a fit reads."""
        helpful = self.helpful_answers
        texts = (self.texts, [self.answer_texts[row] for row in helpful], self.look_alike_texts, self.fragment_texts)
        content = [
            METHOD,
            settings.COSTS,
            *map(list, texts),
            list(self.background_texts),
            self.entry_of.tolist(),
            self.answer_entry_of[helpful].tolist(),
            self.urgent.tolist(),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class FittedMatcher:
    """A fitted matcher as an index stores it: arrays by name, and parameters for the manifest."""

    arrays: dict[str, npt.NDArray[Any]]
    parameters: dict[str, Any]


def fit(training: TrainingSet) -> FittedMatcher:
    """Fit a matcher on the phrasings and calibrate it on what was held out and on the background."""
    return _Fit(training).run()


class _Fit:
    def __init__(self, training: TrainingSet) -> None:
        self.training = training
        self.phrasings = len(training.texts)
        phrasings_of = np.bincount(training.entry_of, minlength=training.entries)
        helpful = training.helpful_answers
        extra_texts = [training.answer_texts[row] for row in helpful] + list(training.look_alike_texts)
        extra_vectors = np.concatenate((training.answer_vectors[helpful], training.look_alike_vectors))
        no_entry = np.full(len(training.look_alike_texts), NO_ENTRY, dtype=np.int32)
        self.texts = [*training.texts, *extra_texts]
        self.entry_of = np.concatenate((training.entry_of, training.answer_entry_of[helpful], no_entry)).astype(
            np.int32
        )
        self.vectors = np.concatenate((training.vectors, extra_vectors))
        document_of = np.where(self.entry_of == NO_ENTRY, training.entries, self.entry_of)
        self.lexical = LexicalIndex.fit(self.texts, document_of, training.background_texts)
        self.points = Points(training.vectors, extra_vectors, self.entry_of, self.lexical)
        self.held_out = np.flatnonzero(phrasings_of[training.entry_of] > 1)

    def run(self) -> FittedMatcher:
        entries = self.training.entries
        gram = kernel(self.vectors @ self.vectors.T, self.lexical.gram(self.texts))
        ridge = fit_ridge(gram, self.entry_of, entries, self.training.urgent)
        centroids, tightness, closeness = centroids_of(self.vectors, self.entry_of, entries)
        arrays: dict[str, npt.NDArray[Any]] = {
            "extra": self.points.extra,
            "entry-of": self.entry_of,
            "alphas": np.ascontiguousarray(ridge.alphas.T),
            "centroids": centroids,
            "tightness": tightness,
            "urgent": np.flatnonzero(self.training.urgent),
            **{f"lexical-{name}": array for name, array in self.lexical.arrays().items()},
        }
        matcher = Matcher(self.points, arrays, _PRIOR, _SCREEN_PRIOR)
        background = _comparisons(matcher, self.training.background_texts, self.training.background_vectors)
        if self.training.urgent.all():
            parameters = _calibrate([Outcomes(np.empty((0, len(SIGNALS))), np.empty(0), 1.0)], np.empty(0, dtype=bool))
        else:
            parameters = _calibrate(*self._outcomes(ridge, matcher, closeness, background))
        screen = {"beta": _SCREEN_PRIOR.tolist(), "threshold": 1.0}
        if self.training.urgent.any():
            screen = _calibrate_screen(self._screen_outcomes(ridge, matcher, closeness, background))
        parameters["urgent"] = screen
        return FittedMatcher(arrays, parameters)

    def _outcomes(
        self, ridge: RidgeFit, matcher: Matcher, closeness: Vectors, background: list[Comparison]
    ) -> tuple[list[Outcomes], npt.NDArray[np.bool_]]:
        """Held-out questions of three kinds: each phrasing without itself, each without its entry, the background;
        and for the first kind, whether the right entry was among the first that a clarification lists.

        Urgent entries stand aside: a message with a warning sign is answered before anything is ranked.
        """
        rows = self.held_out[~self.training.urgent[self.entry_of[self.held_out]]]
        own, vectors = self.entry_of[rows], self.vectors[rows]
        factors = np.where(self.training.urgent, np.nan, balance(self.entry_of, self.training.entries))

        def top_signals(scores: Vectors, own_closeness: Vectors | None) -> tuple[Array, npt.NDArray[np.intp]]:
            first = np.nanargmax(scores, axis=1)
            centroid = np.einsum("ij,ij->i", matcher.centroids[first], vectors)
            if own_closeness is not None:
                centroid = np.where(first == own, own_closeness, centroid)
            return signals(np.nanmax(scores, axis=1), centroid, matcher.tightness[first]), first

        seen = ridge.without_point[rows] * factors
        answerable, first = top_signals(seen, closeness[rows])
        rank = (seen > seen[np.arange(len(own)), own][:, None]).sum(axis=1)
        outcomes = [Outcomes(answerable, (first == own).astype(float), _ANSWERABLE)]
        if np.count_nonzero(~self.training.urgent) > 1:
            near, _ = top_signals(ridge.without_entry[rows] * factors, None)
            outcomes.append(Outcomes(near, np.zeros(len(near)), _NEAR))
        found = [candidate.evidence for query in background for candidate in matcher.rank(query, 1)]
        far = np.array([[evidence[name] for name in SIGNALS] for evidence in found])
        outcomes.append(Outcomes(far.reshape(-1, len(SIGNALS)), np.zeros(len(far)), _FAR))
        return outcomes, rank < settings.MAX_SUGGESTIONS

    def _screen_outcomes(
        self, ridge: RidgeFit, matcher: Matcher, closeness: Vectors, background: list[Comparison]
    ) -> list[Outcomes]:
        """Held-out messages with a warning sign, look-alikes, other phrasings and sentences out of them, and the
        background, each with the signals that `Matcher.urgent_signals` gives."""
        urgent = self.training.urgent
        scores = ridge.without_point * balance(self.entry_of, self.training.entries)
        first = np.flatnonzero(urgent)[scores[:, urgent].argmax(axis=1)]
        centroid = np.einsum("ij,ij->i", matcher.centroids[first], self.vectors)
        centroid = np.where(first == self.entry_of, closeness, centroid)
        rival = scores[:, ~urgent].max(axis=1) if not urgent.all() else np.zeros(len(scores))
        held_out = urgent_signals(scores[np.arange(len(scores)), first], rival, centroid, matcher.tightness[first])
        is_look_alike = self.entry_of == NO_ENTRY
        is_sign = ~is_look_alike & urgent[self.entry_of]
        is_sign[self.phrasings :] = False
        ordinary = ~is_look_alike & ~is_sign & (np.arange(len(scores)) < self.phrasings)
        fragments = _comparisons(matcher, self.training.fragment_texts, self.training.fragment_vectors)
        return [
            Outcomes(held_out[is_sign], np.ones(int(is_sign.sum())), _SIGNS),
            Outcomes(held_out[is_look_alike], np.zeros(int(is_look_alike.sum())), _LOOK_ALIKES),
            Outcomes(held_out[ordinary], np.zeros(int(ordinary.sum())), _ORDINARY / 2),
            *(
                Outcomes(np.array(found).reshape(-1, held_out.shape[1]), np.zeros(len(found)), share)
                for found, share in (
                    ([matcher.urgent_signals(query) for query in fragments], _ORDINARY / 2),
                    ([matcher.urgent_signals(query) for query in background], _FAR),
                )
            ),
        ]


def _comparisons(matcher: Matcher, texts: Sequence[str], vectors: Vectors) -> list[Comparison]:
    return [matcher.compare(text, vector) for text, vector in zip(texts, vectors, strict=True)]


def centroids_of(vectors: Vectors, entry_of: npt.NDArray[np.int32], entries: int) -> tuple[Vectors, Vectors, Vectors]:
    """Each entry's centroid, shape (entries, dimension); its tightness: the cosine of its points to the centroid of
    the others of it, on average; and that cosine for each point (0 where it is alone, or of no entry)."""
    known = np.flatnonzero(entry_of != NO_ENTRY)
    owner = entry_of[known]
    sums = np.zeros((entries, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, vectors[known])
    paired = known[np.bincount(owner, minlength=entries)[owner] > 1]
    closeness = np.zeros(len(vectors), dtype=np.float32)
    closeness[paired] = np.einsum("ij,ij->i", _unit(sums[entry_of[paired]] - vectors[paired]), vectors[paired])
    usual = float(closeness[paired].mean()) if len(paired) else 0.6
    total = np.bincount(entry_of[paired], closeness[paired], minlength=entries)
    number = np.bincount(entry_of[paired], minlength=entries)
    # As if two points of usual closeness came with each entry, so that a pair by chance alike counts for little.
    tightness = ((total + 2 * usual) / (number + 2)).astype(np.float32)
    return _unit(sums), tightness, closeness


def _unit(vectors: Vectors) -> Vectors:
    units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return units


def _calibrate(outcomes: list[Outcomes], listed: npt.NDArray[np.bool_]) -> dict[str, Any]:
    answerable = outcomes[0]
    enough = len(answerable.right) >= _ENOUGH_HELD_OUT
    beta = fit_logistic(outcomes, _PRIOR, _PRIOR_STRENGTH) if enough else _PRIOR
    fallback = {"answer": 0.8, "clarify": 0.4}
    return {
        "method": METHOD,
        "beta": [round(float(weight), 6) for weight in beta],
        "thresholds": _thresholds(outcomes, listed, beta) if enough else fallback,
        "held_out": {"questions": len(answerable.right), "accuracy": _mean(answerable.right)},
    }


def _calibrate_screen(outcomes: list[Outcomes]) -> dict[str, Any]:
    """The screen's probability, and from where on a message gets an urgent reply: where an alarm costs less than the
    chance of a missed sign."""
    signs = outcomes[0]
    enough = len(signs.right) >= _ENOUGH_HELD_OUT
    beta = fit_logistic(outcomes, _SCREEN_PRIOR, _PRIOR_STRENGTH) if enough else _SCREEN_PRIOR
    alarm, missed = settings.COSTS["false alarm"], settings.COSTS["missed warning sign"]
    threshold = alarm / (alarm + missed)
    caught = probability(signs.signals, beta) >= threshold
    return {
        "beta": [round(float(weight), 6) for weight in beta],
        "threshold": round(threshold, 4),
        "held_out": {"signs": len(signs.right), "caught": _mean(caught.astype(float))},
    }


def _thresholds(outcomes: list[Outcomes], listed: npt.NDArray[np.bool_], beta: Array) -> dict[str, float]:
    signals_of_all = np.concatenate([each.signals for each in outcomes])
    unanswerable = len(signals_of_all) - len(listed)
    return thresholds(
        confidence=probability(signals_of_all, beta),
        right=np.concatenate([each.right for each in outcomes]),
        listed=np.concatenate((listed, np.zeros(unanswerable))),
        answerable=np.concatenate((np.ones(len(listed)), np.zeros(unanswerable))),
        weight=question_weights(outcomes),
    )


def _mean(values: Array) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
