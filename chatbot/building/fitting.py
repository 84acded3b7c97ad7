"""Points -> a calibrated matcher. Runs when an index is built.

What a probability is fitted on was held out from the points that ranked it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building.centroids import centroids_of
from chatbot.building.thresholds import Judged, thresholds
from chatbot.building.training_set import Texts, TrainingSet
from chatbot.matching.logistic import Array, LogisticModel, Outcomes, fit_logistic, question_weights
from chatbot.matching.matcher import COVERED, RIGHT, SIGN, Comparison, Matcher, Points
from chatbot.records import Progress

# What is expected of users: questions with an answer here, near misses, and questions about other things; and where
# there are urgent entries, of messages: those with a warning sign, look-alikes and ordinary ones.
_ANSWERABLE, _NEAR, _FAR = 0.8, 0.1, 0.1
_SIGNS, _LOOK_ALIKES, _ORDINARY = 0.05, 0.05, 0.9
# What confidence rests on while too little can be held out, and where a fit starts from. A prior counts as much as so
# many questions.
PRIORS = {
    "in_scope": LogisticModel(np.array([6.0, 6.0, 6.0, 0.0])),
    "top1_correct": LogisticModel(np.array([5.0, 1.0, 0.5])),
    "red_flag": LogisticModel(np.array([4.0, 8.0, 6.0, 4.0, 1.0, 1.0, -6.0])),
}
_PRIOR_STRENGTH = 1.0
_FALLBACK = {"answer": 0.7, "clarify": 0.5}
_ENOUGH_HELD_OUT = 30
# More than so many questions of a kind make a fit longer, not better.
_MOST_HELD_OUT = 2000
_BLOCK = 64  # questions compared at a time, to bound memory where much is held out
# From so many trial questions of a kind on, they say how sure the bot may be, rather than held-out phrasings.
_ENOUGH_TRIALS = 50


@dataclass(frozen=True)
class FittedMatcher:
    """A fitted matcher as an index stores it: arrays by name, and parameters for the manifest."""

    arrays: dict[str, npt.NDArray[Any]]
    parameters: dict[str, Any]


@dataclass(frozen=True)
class _Asked:
    """A question that was held out: the signals of what ranks first, and what came true."""

    covered: Array
    right: Array
    is_right: bool
    is_listed: bool


def fit(points: Points, training: TrainingSet, progress: Progress | None = None) -> FittedMatcher:
    """Calibrate a matcher of `points` on what was held out, on the background and on trial questions.

    `progress` is told (done, total), in queries compared with the points.
    """
    return _Fit(points, training, progress or (lambda *_: None)).run()


class _Fit:
    def __init__(self, points: Points, training: TrainingSet, progress: Progress) -> None:
        self.points = points
        self.training = training
        self.texts = training.points.texts
        self.centroids, self.tightness, self.closeness = centroids_of(
            points.search.vectors, points.entry_of, len(points.urgent)
        )
        self.matcher = Matcher(points, self.centroids, self.tightness, PRIORS)
        owner = points.entry_of[: points.phrasings]
        self.signs = self._unseen(np.flatnonzero(points.urgent[owner]))
        self.held_out = self._held_out(owner)
        self._compared_before: dict[str, Comparison] = {}
        self._progress = progress
        self._done, self._total = 0, self._planned()

    def _planned(self) -> int:
        """How many comparisons there will be, at the most."""
        training = self.training
        trials = len({text for trial in training.trials for text in (*trial.parts.texts, *trial.stated.texts)})
        held_out = len(self.held_out)
        far = len(training.background.texts)
        look_alikes = np.count_nonzero(self.points.entry_of == NONE)
        screened = len(training.fragments.texts) + len(self.signs) + int(look_alikes)
        return held_out + min(held_out, _MOST_HELD_OUT // 2) + far + trials + screened

    def run(self) -> FittedMatcher:
        near = self._without_entry(self.held_out)
        background = self.training.background
        far = self._compared(background, other_things=range(len(background.texts)))
        phrasings = dict(zip(self.held_out, self._without_point(self.held_out), strict=True))
        models, limits, reached = self._calibrated(phrasings, near, far)
        sign, limits["urgent"], caught = self._screen(phrasings, far)
        self._progress(self._total, self._total)
        parameters = {
            "weights": {name: _rounded(model.weights) for name, model in {**models, "red_flag": sign}.items()},
            "thresholds": limits,
            "held_out": reached | caught,
        }
        return FittedMatcher({"centroids": self.centroids, "tightness": self.tightness}, parameters)

    def _compared(self, texts: Texts, **held_out: Sequence[Any]) -> list[Comparison]:
        """`Matcher.compare_all` of any number of texts, in blocks; the progress is told."""
        compared: list[Comparison] = []
        for start in range(0, len(texts.texts), _BLOCK):
            self._progress(min(self._done + start, self._total), self._total)
            block = slice(start, start + _BLOCK)
            out = {name: each[block] for name, each in held_out.items()}
            compared += self.matcher.compare_all(texts.texts[block], texts.vectors[block], **out)
        self._done += len(compared)
        return compared

    def _compared_each(self, groups: Sequence[Texts]) -> list[list[Comparison]]:
        """`_compared` of groups of texts, group by group; what was compared before is not again."""
        known = self._compared_before
        vector_of = {text: vector for group in groups for text, vector in zip(group.texts, group.vectors, strict=True)}
        new = [text for text in vector_of if text not in known]
        if new:
            vectors = np.array([vector_of[text] for text in new])
            known.update(zip(new, self._compared(Texts(new, vectors)), strict=True))
        return [[known[text] for text in group.texts] for group in groups]

    def _held_out(self, owner: npt.NDArray[np.int32]) -> list[int]:
        """Rows of phrasings whose entries have more than one, of all entries alike where there are very many."""
        rows = np.flatnonzero(np.bincount(owner, minlength=len(self.points.urgent))[owner] > 1)
        return _spread(self._unseen(rows[~self.points.urgent[owner[rows]]]), _MOST_HELD_OUT)

    def _unseen(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Those of some phrasings that the encoder was not tuned on; all, where those are too few to tell anything."""
        unseen = rows[self.training.unseen[rows]]
        return unseen if len(unseen) >= _ENOUGH_HELD_OUT else rows

    def _points(self, rows: Sequence[int]) -> Texts:
        return Texts([self.texts[row] for row in rows], self.points.search.at(np.asarray(rows, dtype=np.int64)))

    def _without_point(self, rows: Sequence[int]) -> list[Comparison]:
        """Points beside all others, each with its entry's centroid as it is without it."""
        compared = self._compared(self._points(rows), without=[np.array([row]) for row in rows])
        return [
            replace(query, held_out=(int(self.points.entry_of[row]), float(self.closeness[row])))
            for row, query in zip(rows, compared, strict=True)
        ]

    def _without_entry(self, rows: Sequence[int]) -> list[Comparison]:
        """Phrasings beside a corpus that lacks their entry: near misses."""
        if np.count_nonzero(~self.points.urgent) < 2:
            return []
        owner = self.points.entry_of
        some = _spread(np.array(rows, dtype=np.int64), _MOST_HELD_OUT // 2)
        points_of = {entry: np.flatnonzero(owner == entry) for entry in set(owner[some].tolist())}
        return self._compared(self._points(some), without=[points_of[int(owner[row])] for row in some])

    def _asked(self, query: Comparison, expected: frozenset[int]) -> _Asked | None:
        """What ranks first for a held-out phrasing; None when nothing is near."""
        covered, right = self.matcher.signals(query)
        if not len(covered):
            return None
        order = np.argsort(-query.answers.scores, kind="stable")
        listed = query.answers.entries[order[: settings.MAX_SUGGESTIONS]].tolist()
        return _Asked(covered[order[0]], right[order[0]], listed[0] in expected, bool(expected & set(listed)))

    def _calibrated(
        self, phrasings: Mapping[int, Comparison], near: Sequence[Comparison], far: Sequence[Comparison]
    ) -> tuple[dict[str, LogisticModel], dict[str, float], dict[str, Any]]:
        """The models for `covered` and `right`, the thresholds, and what was reached on what was held out."""
        owner = self.points.entry_of
        known = [
            asked for row, query in phrasings.items() if (asked := self._asked(query, frozenset({int(owner[row])})))
        ]
        unknown = [[asked for query in kind if (asked := self._asked(query, frozenset()))] for kind in (near, far)]
        if len(known) < _ENOUGH_HELD_OUT:
            return (
                {name: PRIORS[name] for name in ("in_scope", "top1_correct")},
                dict(_FALLBACK),
                {"questions": len(known)},
            )
        in_scope = Outcomes(np.array([each.covered for each in known]), np.ones(len(known)), _ANSWERABLE)
        outside = [
            Outcomes(np.array([each.covered for each in kind]).reshape(-1, len(COVERED)), np.zeros(len(kind)), share)
            for kind, share in zip(unknown, (_NEAR, _FAR), strict=True)
        ]
        right = Outcomes(
            np.array([each.right for each in known]), np.array([each.is_right for each in known], dtype=float), 1.0
        )
        models = {
            "in_scope": fit_logistic([in_scope, *outside], PRIORS["in_scope"], _PRIOR_STRENGTH),
            "top1_correct": fit_logistic([right], PRIORS["top1_correct"], _PRIOR_STRENGTH),
        }
        kinds = [(known, _ANSWERABLE), (unknown[0], _NEAR), (unknown[1], _FAR)]
        reached = {"questions": len(known), "accuracy": _mean([each.is_right for each in known])}
        trials = self._trials(models)
        if trials:
            models = _rescaled(models, *trials)
            kinds = [(trials[0], _ANSWERABLE), (trials[1], _NEAR + _FAR)]
            reached |= {"trial questions": len(trials[0]), "trial accuracy": _mean([e.is_right for e in trials[0]])}
        return models, thresholds(_judged(models, kinds)), reached

    def _trials(self, models: Mapping[str, LogisticModel]) -> tuple[list[_Asked], list[_Asked]] | None:
        """The trial questions with an answer and those without, or None where there are too few."""
        matcher = Matcher(self.points, self.centroids, self.tightness, {**PRIORS, **models})
        asked: tuple[list[_Asked], list[_Asked]] = ([], [])
        trials = self.training.trials
        for trial, (whole, *sentences) in zip(
            trials, self._compared_each([trial.parts for trial in trials]), strict=True
        ):
            ranked = matcher.rank(whole, settings.MAX_SUGGESTIONS, sentences)
            if ranked:
                covered, right = (np.array([ranked[0].evidence[name] for name in names]) for names in (COVERED, RIGHT))
                listed = [candidate.entry for candidate in ranked]
                asked[not trial.expected].append(
                    _Asked(covered, right, listed[0] in trial.expected, bool(trial.expected & set(listed)))
                )
        return asked if min(map(len, asked)) >= _ENOUGH_TRIALS else None

    def _screen(
        self, phrasings: Mapping[int, Comparison], far: Sequence[Comparison]
    ) -> tuple[LogisticModel, float, dict[str, Any]]:
        """The screen's model, the probability from which a message gets an urgent reply (where an alarm costs less than
        the chance of a missed sign), and how many of the held-out signs it catches."""
        points, alarm, missed = self.points, settings.COSTS["false alarm"], settings.COSTS["missed warning sign"]
        threshold = round(alarm / (alarm + missed), 4)
        if not points.urgent.any():
            return PRIORS["red_flag"], threshold, {}
        look_alikes = np.flatnonzero(points.entry_of == NONE)
        ordinary = [
            list(phrasings.values()),
            list(far),
            self._compared(self.training.fragments),
            list(chain.from_iterable(self._compared_each([trial.stated for trial in self.training.trials]))),
        ]
        present = sum(map(bool, ordinary))
        kinds = [
            (self._without_point(self.signs.tolist()), 1.0, _SIGNS),
            (self._without_point(look_alikes.tolist()), 0.0, _LOOK_ALIKES),
            *((queries, 0.0, _ORDINARY / present) for queries in ordinary if queries),
        ]
        outcomes = []
        for queries, truth, share in kinds:
            found = [signals for query in queries if (signals := self.matcher.sign_signals(query)) is not None]
            # A message that nothing urgent is near passes the screen whatever its model says.
            part = share * len(found) / max(1, len(queries))
            outcomes.append(Outcomes(np.array(found).reshape(-1, len(SIGN)), np.full(len(found), truth), part))
        if len(outcomes[0].right) < _ENOUGH_HELD_OUT:
            return PRIORS["red_flag"], threshold, {"signs": len(self.signs)}
        model = fit_logistic(outcomes, PRIORS["red_flag"], _PRIOR_STRENGTH)
        caught = np.count_nonzero(model.probability(outcomes[0].signals) >= threshold)
        return model, threshold, {"signs": len(self.signs), "caught": round(caught / len(self.signs), 4)}


def _spread(rows: npt.NDArray[np.int64], most: int) -> list[int]:
    """At most so many of `rows`, evenly spread."""
    places = np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int)
    return [int(row) for row in rows[places]]


def _rescaled(
    models: Mapping[str, LogisticModel], inside: Sequence[_Asked], outside: Sequence[_Asked]
) -> dict[str, LogisticModel]:
    """Models that are as sure as trial questions bear out (Platt scaling), each with the signals weighed as before."""
    covered, right = models["in_scope"], models["top1_correct"]
    same = LogisticModel(np.array([1.0, 0.0]))

    def logits(model: LogisticModel, signals: Sequence[Array]) -> Array:
        return model.logit(np.array(signals))[:, None]

    scope = [
        Outcomes(logits(covered, [each.covered for each in inside]), np.ones(len(inside)), _ANSWERABLE),
        Outcomes(logits(covered, [each.covered for each in outside]), np.zeros(len(outside)), _NEAR + _FAR),
    ]
    truth = np.array([each.is_right for each in inside], dtype=float)
    first = [Outcomes(logits(right, [each.right for each in inside]), truth, 1.0)]
    return {
        "in_scope": covered.rescaled(*fit_logistic(scope, same, _PRIOR_STRENGTH).weights),
        "top1_correct": right.rescaled(*fit_logistic(first, same, _PRIOR_STRENGTH).weights),
    }


def _judged(models: Mapping[str, LogisticModel], kinds: Sequence[tuple[Sequence[_Asked], float]]) -> Judged:
    """Held-out questions as the thresholds see them; the first kind has an answer, the others none."""
    asked = [each for kind, _ in kinds for each in kind]
    covered = models["in_scope"].probability(np.array([each.covered for each in asked]))
    weight = question_weights([Outcomes(np.empty(0), np.empty(len(kind)), share) for kind, share in kinds])
    return Judged(
        confidence=covered * models["top1_correct"].probability(np.array([each.right for each in asked])),
        covered=covered,
        listed=np.array([each.is_listed for each in asked]),
        answerable=np.arange(len(asked)) < len(kinds[0][0]),
        weight=weight,
    )


def _rounded(weights: Array) -> list[float]:
    return [round(float(weight), 6) for weight in weights]


def _mean(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0
