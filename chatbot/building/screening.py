"""Held-out messages -> the screen for warning signs: how likely a reading is one, and from which probability it counts.

The thresholds are chosen by how often a harmless message may be alarmed (Neyman & Pearson, On the problem of the most
efficient tests of statistical hypotheses, 1933).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import Rows
from chatbot.building.exchanges import Texts
from chatbot.building.held_out import ENOUGH, spread, unknown
from chatbot.building.logistic import fit_logistic
from chatbot.building.training_set import TrainingSet
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.points import ANSWER, CAUTION, LOOK_ALIKE, SIGN, Exclusion, Points
from chatbot.matching.screen import AFTER_ANSWER, IN_CONTEXT, MODELS, SIGNALS, Screen

# What the probabilities rest on while too little can be held out: a sign is one from half its weight on.
PRIORS: Mapping[str, LogisticModel] = {
    "urgent": LogisticModel(np.array([8.0, 1.0, -4.0])),
    "caution": LogisticModel(np.array([8.0, 8.0, -4.0])),
}
_PRIOR_STRENGTH = 1.0
_FALLBACK = {"urgent": 0.5, "caution": 0.5}
_MOST = 1500  # of a kind; more make a fit longer, not better
_BATCH = 64  # messages read at a time
_ORDINARY = 4.0  # what an ordinary message weighs beside one with a sign, one of a few of very many
_KINDS = (SIGN, CAUTION, LOOK_ALIKE, ANSWER)
_NONE = np.empty((0, len(SIGNALS)))


@dataclass(frozen=True)
class FittedScreen:
    """The models of `matching.screen.Screen`, the thresholds by name, and what was reached on what was held out."""

    models: Mapping[str, LogisticModel]
    thresholds: Mapping[str, float]
    held_out: Mapping[str, float]


def fit_screen(points: Points, training: TrainingSet) -> FittedScreen:
    """The screen of some points, fitted on those of them, each without itself, that the encoder was not tuned on, and
    on labelled questions that expect no sign as ordinary messages."""
    rows = {kind: spread(unknown(points.kinds == kind, training), _MOST) for kind in _KINDS}
    ordinary = [message.parts for message in training.labelled if not points.urgent[list(message.expected)].any()]
    signs = {"red_flags": len(rows[SIGN])} if len(rows[SIGN]) else {}
    if len(rows[SIGN]) < ENOUGH or len(rows[ANSWER]) + len(ordinary) < ENOUGH:
        return FittedScreen({**PRIORS, **_after_answers(PRIORS, _FALLBACK, _NONE, _NONE)}, dict(_FALLBACK), signs)
    signals = {kind: _read(points, training, some) for kind, some in rows.items()}
    signals[ANSWER] = np.concatenate([signals[ANSWER], _read_labelled(points, ordinary)])
    stacked, kinds = np.concatenate(list(signals.values())), np.repeat(list(signals), list(map(len, signals.values())))
    models = _models(stacked, kinds)
    told = {name: model.probability(stacked) for name, model in models.items()}
    limits = _thresholds(told, kinds)
    caught = {name: told[name][kinds == SIGN] >= limits[name] for name in MODELS}
    alone, joined = (_signals(points, texts) for texts in training.exchanges.harmless)
    return FittedScreen(
        {**models, **_after_answers(models, limits, alone, joined)},
        limits,
        {
            **signs,
            "caught": round(float(caught["urgent"].mean()), 4),
            "caught_or_cautioned": round(float((caught["urgent"] | caught["caution"]).mean()), 4),
        },
    )


def _read(points: Points, training: TrainingSet, rows: Rows) -> Array:
    """The signals of some points, each read without itself, shape (rows, signals)."""
    texts = [training.points.texts[row] for row in rows]
    return _signals(points, Texts(texts, points.search.at(rows)), [Exclusion(np.array([row])) for row in rows])


def _read_labelled(points: Points, questions: Sequence[Texts]) -> Array:
    """The signals of labelled questions as a whole, shape (questions, signals)."""
    vectors = np.array([each.vectors[0] for each in questions])
    return _signals(points, Texts([each.texts[0] for each in questions], vectors))


def _signals(points: Points, texts: Texts, exclusions: Sequence[Exclusion] = ()) -> Array:
    screen, found = Screen(points, PRIORS), []
    for start in range(0, len(texts.texts), _BATCH):
        part = slice(start, start + _BATCH)
        near = points.near(texts.texts[part], texts.vectors[part], exclusions[part])
        found += [screen.read(each).signals for each in near]
    return np.array(found).reshape(len(found), len(SIGNALS))


def _models(signals: Array, kinds: npt.NDArray[np.int64]) -> dict[str, LogisticModel]:
    weight = np.where(kinds == ANSWER, _ORDINARY, 1.0)
    truth = {"urgent": kinds == SIGN, "caution": (kinds == SIGN) | (kinds == CAUTION)}
    return {name: fit_logistic(signals, truth[name], weight, PRIORS[name], _PRIOR_STRENGTH) for name in MODELS}


def _thresholds(told: Mapping[str, Array], kinds: npt.NDArray[np.int64]) -> dict[str, float]:
    """The least probabilities at which no more harmless messages are alarmed than `settings.FALSE_ALARMS` allows."""
    allowed = settings.FALSE_ALARMS
    shares = {
        "urgent": {ANSWER: allowed.urgent_to_ordinary, LOOK_ALIKE: allowed.urgent_to_look_alikes},
        "caution": {ANSWER: allowed.caution_to_ordinary, LOOK_ALIKE: allowed.caution_to_look_alikes},
    }
    return {name: _limit(told[name], kinds, shares[name]) for name in MODELS}


def _after_answers(
    models: Mapping[str, LogisticModel], limits: Mapping[str, float], alone: Array, joined: Array
) -> dict[str, LogisticModel]:
    """The models for short messages after an answer, by themselves and joined to what was before: the same, lowered
    until no more of some harmless ones get a caution than of ordinary messages, and no more of the joined ones are
    alarmed. As either reading may caution, each may do so with half of what is allowed. `alone` and `joined` hold the
    signals of these, each of the shape (messages, signals)."""
    allowed = settings.FALSE_ALARMS
    half = allowed.caution_to_ordinary / 2
    shares = {
        IN_CONTEXT: {"urgent": allowed.urgent_to_ordinary, "caution": half},
        AFTER_ANSWER: {"caution": half},  # a sign that is one by itself stays one
    }
    return {
        f"{name}{behind}": _lowered(model, limits[name], signals, shares[behind].get(name, 1.0))
        for behind, signals in ((IN_CONTEXT, joined), (AFTER_ANSWER, alone))
        for name, model in models.items()
    }


def _lowered(model: LogisticModel, limit: float, harmless: Array, share: float) -> LogisticModel:
    """A model lowered until it tells `limit` of no more than a share of harmless messages, by their signals."""
    weights = model.weights.copy()
    if len(harmless) >= ENOUGH:
        highest = float(np.quantile(model.logit(harmless), 1 - share))
        weights[-1] -= max(highest - float(np.log(limit / (1 - limit))), 0.0)
    return LogisticModel(weights)


def _limit(told: Array, kinds: npt.NDArray[np.int64], shares: Mapping[int, float]) -> float:
    harmless = [(told[kinds == kind], share) for kind, share in shares.items()]
    least = [float(np.quantile(some, 1 - share)) for some, share in harmless if len(some) >= ENOUGH]
    return round(min(max(least, default=0.5) + 1e-4, 0.99), 4)
