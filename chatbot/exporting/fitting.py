"""Held-out messages -> from where on the page answers, lists, cautions and alarms, and whether it answers at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatbot import settings
from chatbot.arrays import Flags, Rows, Vectors
from chatbot.building.held_out import ENOUGH
from chatbot.building.logistic import fit_logistic
from chatbot.building.samples import Samples
from chatbot.building.thresholds import thresholds
from chatbot.exporting.lesson import Classes, Lesson
from chatbot.exporting.model import PageModel, passages
from chatbot.matching.logistic import Array, LogisticModel

LISTED = 5
LEAST_SHARE = 0.75  # of the bot's first matches that are right: with fewer the page only lists
# The share of ordinary messages that may get a caution: more than the whole bot's, as the page is less sure what is a
# sign. What only sounds like one may get it, too.
CAUTIONS = 0.12
# From this share on a message is small talk: likelier than all else together. Of what was held out no sign is.
TALK = 0.5
_ENOUGH_LABELLED = 50  # questions with an answer, and without: fewer tell nothing
# What is expected of users: questions with an answer here, near misses, and others.
_ANSWERABLE, _NEAR_MISSES, _OUTSIDE = 0.8, 0.1, 0.1
SIGNALS = ("first", "lead", "inside", "known")
_PRIOR = LogisticModel(np.array([1.0, 0.5, 0.5, 1.0, -3.0]))
_PRIOR_STRENGTH = 1.0
# Too few questions tell nothing of which do not fit: the page lists what is nearest.
_FALLBACK = {"answer": 0.75, "list": 0.0}
_TINY = 1e-9


@dataclass(frozen=True)
class Fitted:
    """What the page decides with. `confident` and `covered` are weights of `SIGNALS`, and the intercept, of logistic
    models: that the first match is right, and that there is an answer at all. `answer` and `list` are the least
    probabilities for these, `urgent` and `caution` the least logarithms of odds, and `caution_of_word` that of a
    message with a single known word, which says little. `may_answer`: whether the page may show an answer by itself.
    `measured`: what was reached on what was held out, by name."""

    confident: Sequence[float]
    covered: Sequence[float]
    answer: float
    list: float
    urgent: float
    caution: float
    caution_of_word: float
    may_answer: bool
    measured: dict[str, float]


def fit_page(model: PageModel, classes: Classes, lesson: Lesson, bots_first: float | None) -> Fitted:
    """Fit the thresholds of a page. `bots_first`: the share of the same questions whose first match by the whole bot is
    right; None: that is not known, and the page only lists."""
    answered = [(text, rows) for text, rows in lesson.questions if rows]
    outside = [text for text, rows in lesson.questions if not rows]
    urgent, caution, caught = _screen(model, classes, lesson)
    screen = {"urgent": urgent, "caution": caution, "caution_of_word": _of_word(model, classes, lesson, caution)}
    if bots_first is None or min(len(answered), len(outside)) < _ENOUGH_LABELLED:
        weights = [float(each) for each in _PRIOR.weights]
        return Fitted(weights, weights, **_FALLBACK, **screen, may_answer=False, measured=caught)
    samples = _samples(model, classes, answered, outside)
    covered = fit_logistic(samples.in_scope_signals, samples.in_scope, samples.weight, _PRIOR, _PRIOR_STRENGTH)
    right = samples.correct & samples.in_scope
    confident = fit_logistic(samples.top1_signals, right, samples.weight, _PRIOR, _PRIOR_STRENGTH)
    told = confident.probability(samples.top1_signals), covered.probability(samples.in_scope_signals)
    limits = thresholds(samples, *told, keep_promise=True)
    first = samples.accuracy
    return Fitted(
        _rounded(confident),
        _rounded(covered),
        answer=limits["answer"],
        list=limits["clarify"],
        **screen,
        may_answer=first >= LEAST_SHARE * bots_first,
        measured={"first": first, "bots_first": bots_first, **caught},
    )


def _samples(
    model: PageModel, classes: Classes, answered: Sequence[tuple[str, frozenset[int]]], outside: Sequence[str]
) -> Samples:
    """The questions with an answer, the same without their entries, as near misses, and those without one."""
    texts = [text for text, _ in answered]
    shares, known = model.shares(texts), model.known(texts)
    expected = [rows for _, rows in answered]
    nearly = shares.copy()
    for row, rows in enumerate(expected):
        nearly[row, list(rows)] = 0
    nearly /= np.maximum(nearly.sum(axis=1, keepdims=True), _TINY)
    nothing: list[frozenset[int]] = [frozenset()]
    return Samples.concat(
        [
            _of_kind(shares, known, expected, classes, _ANSWERABLE),
            _of_kind(nearly, known, nothing * len(texts), classes, _NEAR_MISSES),
            _of_kind(model.shares(outside), model.known(outside), nothing * len(outside), classes, _OUTSIDE),
        ]
    )


def _of_kind(
    shares: Vectors, known: Vectors, expected: Sequence[frozenset[int]], classes: Classes, share: float
) -> Samples:
    order = np.argsort(-shares[:, classes.shown], axis=1, kind="stable")[:, :LISTED]
    ranked = np.array(classes.shown)[order]
    signals = _signals(shares, known, ranked, classes.outside)
    return Samples(
        in_scope_signals=signals,
        top1_signals=signals,
        in_scope=np.array([bool(rows) for rows in expected], dtype=bool),
        correct=np.array([best[0] in rows for best, rows in zip(ranked, expected, strict=True)], dtype=bool),
        listed=np.array(
            [not rows.isdisjoint(best) for best, rows in zip(ranked.tolist(), expected, strict=True)], bool
        ),
        weight=np.full(len(expected), share / max(1, len(expected))),
    )


def _signals(shares: Vectors, known: Vectors, ranked: Rows, outside: int) -> Array:
    """What `SIGNALS` names, of each message, shape (messages, signals): how likely its first match is, how much
    likelier than the second, how unlikely that nothing answers, all as logarithms, and the share of known words."""
    logs = np.log(shares.astype(np.float64) + _TINY)
    rows = np.arange(len(shares))
    first = logs[rows, ranked[:, 0]]
    second = logs[rows, ranked[:, 1]] if ranked.shape[1] > 1 else np.full(len(rows), np.log(_TINY))
    return np.column_stack((first, first - second, -logs[:, outside], known))


def _screen(model: PageModel, classes: Classes, lesson: Lesson) -> tuple[float, float, dict[str, float]]:
    """From which logarithms of odds a message is urgent and gets a caution, so that no more harmless ones are alarmed
    than `settings.FALSE_ALARMS` allows and cautioned than `CAUTIONS`, and how many held-out signs are caught so."""
    signs = frozenset(classes.urgent)
    ordinary = _odds(model, classes, [text for text, rows in lesson.questions if signs.isdisjoint(rows)])
    alike, caught = _odds(model, classes, lesson.look_alikes), _odds(model, classes, lesson.signs)
    allowed = settings.FALSE_ALARMS
    urgent = _limit((ordinary[:, 0], allowed.urgent_to_ordinary), (alike[:, 0], allowed.urgent_to_look_alikes))
    caution = _limit((ordinary[:, 1], CAUTIONS))
    if len(caught) < ENOUGH:
        return urgent, caution, {}
    alarmed, cautioned = caught[:, 0] >= urgent, caught[:, 1] >= caution
    return urgent, caution, {"urgent": _share(alarmed), "urgent_or_caution": _share(alarmed | cautioned)}


def _of_word(model: PageModel, classes: Classes, lesson: Lesson, caution: float) -> float:
    """From which logarithm of odds a single known word gets a caution, so that of ordinary words no more than
    `CAUTIONS` do; no less than other messages need."""
    known = [word for word, share in zip(lesson.words, model.known(lesson.words), strict=True) if share]
    return max(caution, _limit((_odds(model, classes, known)[:, 1], CAUTIONS))) if len(known) >= ENOUGH else caution


def _odds(model: PageModel, classes: Classes, texts: Sequence[str]) -> Array:
    """The logarithms of the odds that a text describes a sign, and that it may, by its likeliest passage, shape
    (texts, 2)."""
    parts = [passages(text) for text in texts]
    read = [part for each in parts for part in each]
    shares = model.shares(read).astype(np.float64)
    shares[model.known(read) == 0] = 0  # what is not known at all says nothing of a sign
    sign = shares[:, classes.urgent].sum(axis=1)
    maybe = sign + shares[:, list(classes.cautions.values())].sum(axis=1)
    odds = np.log((np.column_stack((sign, maybe)) + _TINY) / (1 - np.column_stack((sign, maybe)) + _TINY))
    starts = np.cumsum([0, *map(len, parts)])[:-1]
    found: Array = np.maximum.reduceat(odds, starts) if len(texts) else odds
    return found


def _limit(*harmless: tuple[Array, float]) -> float:
    least = [float(np.quantile(some, 1 - share)) for some, share in harmless if len(some) >= ENOUGH]
    return round(max(least, default=0.0) + 1e-4, 4)


def _share(hits: Flags) -> float:
    return round(float(hits.mean()), 4)


def _rounded(model: LogisticModel) -> list[float]:
    return [round(float(weight), 6) for weight in model.weights]
