"""Points -> a calibrated matcher. Runs when an index is built.

What a probability is fitted on was held out from the points that ranked it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.building.centroids import centroids_of
from chatbot.building.coverage import fit_coverage
from chatbot.building.follow_ups import fit_follow_ups
from chatbot.building.held_out import ENOUGH, HeldOut, compare_held_out
from chatbot.building.logistic import fit_logistic
from chatbot.building.samples import Samples
from chatbot.building.screening import fit_screen
from chatbot.building.thresholds import thresholds
from chatbot.building.training_set import LabelledMessage, TrainingSet
from chatbot.matching.follow_ups import FOLLOW_UPS
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.points import Points
from chatbot.matching.scorer import Scorer
from chatbot.records import Progress, Thresholds

Models = Mapping[str, LogisticModel]
MatcherOf = Callable[[Models], Matcher]

# What is expected of users: questions with an answer here, near misses, and out-of-scope questions.
_ANSWERABLE, _NEAR_MISSES, _OUT_OF_SCOPE = 0.8, 0.1, 0.1
# The same where people's questions without an answer say what these are like: hardly as if an entry were left out.
_LABELLED_NEAR_MISSES, _UNANSWERED = 0.02, 0.18
# What confidence rests on while too little can be held out, and where a fit starts from: then a model of coverage has
# learnt from too little, too, and nothing is left to it. A prior counts as much as so many questions.
PRIORS: Models = {
    "in_scope": LogisticModel(np.array([6.0, 0.0, 6.0, 6.0, 0.0, 0.0])),
    "top1_correct": LogisticModel(np.array([5.0, 0.0, 1.0, 0.5])),
}
_PRIOR_STRENGTH = 1.0
_FALLBACK = {"answer": 0.7, "clarify": 0.5}
# From so many labelled questions of a kind on, they say how sure the bot may be, rather than held-out phrasings.
_ENOUGH_LABELLED = 50


@dataclass(frozen=True)
class FittedMatcher:
    """A fitted matcher: arrays by name, and what `manifest.MatcherSpec` says of it."""

    arrays: Mapping[str, npt.NDArray[Any]]
    weights: Mapping[str, tuple[float, ...]]
    thresholds: Thresholds
    held_out: Mapping[str, float]


def fit(points: Points, training: TrainingSet, progress: Progress | None = None) -> FittedMatcher:
    """Calibrate a matcher of `points` on what was held out, on out-of-scope questions and on labelled ones.

    `progress` is told (done, total), in queries compared with the points.
    """
    centroids, intra_entry_similarity, similarity = centroids_of(training.vectors, points.entry_of, len(points.urgent))
    coverage = fit_coverage(points, training)
    scorer = Scorer(points, coverage.model)
    compared = compare_held_out(scorer, training, similarity, coverage, progress or (lambda *_: None))
    matcher_of = partial(Matcher, scorer, centroids, intra_entry_similarity)
    models, limits, reached = _calibrated(matcher_of, compared, training.labelled)
    screen = fit_screen(points, training)
    follow_ups = fit_follow_ups(matcher_of(models), training.topics, training.exchanges)
    return FittedMatcher(
        arrays={
            "centroids": centroids,
            "intra-entry-similarity": intra_entry_similarity,
            "coverage": coverage.model.weights,
        },
        weights={
            **{name: _rounded(model.weights) for name, model in {**models, **screen.models}.items()},
            FOLLOW_UPS: _rounded(follow_ups),
        },
        thresholds=Thresholds(**limits, **screen.thresholds),
        held_out={**reached, **screen.held_out},
    )


def _calibrated(
    matcher_of: MatcherOf, compared: HeldOut, messages: Sequence[LabelledMessage]
) -> tuple[Models, dict[str, float], dict[str, float]]:
    """The models of `in_scope` and `top1_correct`, the thresholds, and what was reached on what was held out."""
    matcher = matcher_of(PRIORS)
    owners = [{entry} for entry in compared.owners]
    held_out = Samples.of(matcher, [[query] for query in compared.phrasings], owners, _ANSWERABLE)
    if len(held_out) < ENOUGH:
        return PRIORS, dict(_FALLBACK), {"questions": len(held_out)}
    unanswerable = [
        Samples.of(matcher, [[query] for query in queries], [()] * len(queries), share)
        for queries, share in ((compared.near_misses, _NEAR_MISSES), (compared.out_of_scope, _OUT_OF_SCOPE))
    ]
    samples = Samples.concat([held_out, *unanswerable])
    models = _fitted(samples, PRIORS)
    reached: dict[str, float] = {"questions": len(held_out), "accuracy": samples.accuracy}
    if labelled := _labelled(matcher_of(models), compared, messages):
        models, samples = _fitted(labelled, models), labelled
        reached |= {"labelled_questions": len(labelled.inside), "labelled_accuracy": labelled.accuracy}
    in_scope = models["in_scope"].probability(samples.in_scope_signals)
    confidence = in_scope * models["top1_correct"].probability(samples.top1_signals)
    limits = thresholds(samples, confidence, in_scope, keep_promise=samples is labelled)
    return models, limits, reached


def _labelled(matcher: Matcher, compared: HeldOut, messages: Sequence[LabelledMessage]) -> Samples | None:
    """The labelled questions, those with an answer once more as near misses, or None where there are too few."""

    def samples(some: Sequence[LabelledMessage], share: float) -> Samples:
        parts = [[compared.labelled[text] for text in message.parts.texts] for message in some]
        return Samples.of(matcher, parts, [message.expected for message in some], share)

    misses = [[query] for query in compared.labelled_near_misses]
    kinds = [
        samples([message for message in messages if message.expected], _ANSWERABLE),
        samples([message for message in messages if not message.expected], _UNANSWERED),
        Samples.of(matcher, misses, [()] * len(misses), _LABELLED_NEAR_MISSES),
    ]
    return Samples.concat(kinds) if min(map(len, kinds[:2])) >= _ENOUGH_LABELLED else None


def _fitted(samples: Samples, priors: Models) -> dict[str, LogisticModel]:
    """What tells whether a question is in scope, and of those that are, whether the first match is right."""
    inside = samples.inside
    return {
        "in_scope": fit_logistic(
            samples.in_scope_signals, samples.in_scope, samples.weight, priors["in_scope"], _PRIOR_STRENGTH
        ),
        "top1_correct": fit_logistic(
            inside.top1_signals, inside.correct, inside.weight, priors["top1_correct"], _PRIOR_STRENGTH
        ),
    }


def _rounded(weights: Array) -> tuple[float, ...]:
    return tuple(round(float(weight), 6) for weight in weights)
