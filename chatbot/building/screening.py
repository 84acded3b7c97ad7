"""Messages -> the screen for warning signs: planes among their vectors, and from which probability each counts.

A logistic regression on the vectors. The thresholds are chosen by how often a harmless message may be alarmed
(Neyman & Pearson, On the problem of the most efficient tests of statistical hypotheses, 1933), on messages that neither
the planes nor the encoder have seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import Flags, Vectors
from chatbot.building.held_out import ENOUGH
from chatbot.matching.screen import probabilities

_FOLDS = 5
_REGULARISATION = 10.0  # the inverse of the penalty's strength, in messages
_MOST_ORDINARY = 8000  # more ordinary messages make a fit longer, not better
_NEVER = 30.0  # the intercept of a plane that nothing is beyond
_FALLBACK = {"urgent": 0.5, "caution": 0.5}
SIGN, CAUTION, LOOK_ALIKE, ORDINARY, ALL_CLEAR, NOT_CLEAR = range(6)
# What a message of each kind weighs beside a sign: an ordinary one is one of very many.
_WEIGHTS = np.array([1.0, 1.0, 1.0, 0.5, 1.0, 1.0])

Kinds = npt.NDArray[np.int64]
Planes = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FittedScreen:
    """The planes of `matching.screen.Screen`, the thresholds by name, and what was reached on what was held out."""

    planes: Planes
    thresholds: Mapping[str, float]
    held_out: Mapping[str, float]


def fit_screen(vectors: Vectors, kinds: Kinds, unseen: Flags) -> FittedScreen:
    """The screen learnt from the unit vectors of messages, shape (n, dimension), and their kinds, shape (n,). `unseen`,
    likewise, says which the encoder was not tuned on."""
    rows = _sample(kinds)
    vectors, kinds, unseen = vectors[rows].astype(np.float32), kinds[rows], unseen[rows]
    counts = np.bincount(kinds, minlength=len(_WEIGHTS))
    planes = _planes(vectors, kinds)
    if counts[SIGN] < ENOUGH:
        return FittedScreen(planes, dict(_FALLBACK), {"red_flags": int(counts[SIGN])} if counts[SIGN] else {})
    held_out = _held_out_probabilities(vectors, kinds)
    known = np.bincount(kinds[unseen], minlength=len(_WEIGHTS))
    tellable = unseen if min(known[SIGN], known[ORDINARY]) >= ENOUGH else np.ones_like(unseen)
    limits, reached = _thresholds(held_out[:, tellable], kinds[tellable])
    return FittedScreen(planes, limits, {"red_flags": int(counts[SIGN]), **reached})


def _sample(kinds: Kinds) -> npt.NDArray[np.intp]:
    """The rows of all messages, but of the ordinary ones at most so many, evenly spread."""
    ordinary = np.flatnonzero(kinds == ORDINARY)
    spread = ordinary[np.linspace(0, len(ordinary) - 1, min(len(ordinary), _MOST_ORDINARY)).astype(int)]
    return np.concatenate([np.flatnonzero(kinds != ORDINARY), spread])


def _planes(vectors: Vectors, kinds: Kinds) -> Planes:
    """The planes between signs and all else, what may be a sign and what is none, and what says that one was seen to
    and what does not."""
    from sklearn.linear_model import LogisticRegression  # only when a matcher is fitted

    planes = np.zeros((3, vectors.shape[1] + 1), dtype=np.float32)
    planes[:, -1] = -_NEVER
    # What sounds like a sign often says that one was seen to, so that it tells nothing of that.
    tells = {0: kinds < ALL_CLEAR, 1: kinds < ALL_CLEAR, 2: kinds != LOOK_ALIKE}
    for plane, truth in enumerate((kinds == SIGN, kinds <= CAUTION, kinds == ALL_CLEAR)):
        told = tells[plane]
        if truth[told].any() and not truth[told].all():
            model = LogisticRegression(C=_REGULARISATION, tol=1e-3, max_iter=200)
            model.fit(vectors[told], truth[told], sample_weight=_WEIGHTS[kinds[told]])
            planes[plane] = np.append(model.coef_[0], model.intercept_[0])
    return planes


def _held_out_probabilities(vectors: Vectors, kinds: Kinds) -> npt.NDArray[np.float64]:
    """What planes that have not seen a message say of it, shape (3, messages)."""
    fold = np.random.default_rng(0).integers(_FOLDS, size=len(kinds))
    told = np.empty((3, len(kinds)))
    for each in range(_FOLDS):
        out = fold == each
        told[:, out] = probabilities(_planes(vectors[~out], kinds[~out]), vectors[out])
    return told


def _thresholds(told: npt.NDArray[np.float64], kinds: Kinds) -> tuple[dict[str, float], dict[str, float]]:
    """The least probabilities at which no more harmless messages are alarmed than `settings.FALSE_ALARMS` allows, and
    how many signs are caught so."""
    allowed = settings.FALSE_ALARMS
    limits = {
        "urgent": _limit(told[0], kinds, allowed.urgent_to_ordinary, allowed.urgent_to_look_alikes),
        "caution": _limit(told[1], kinds, allowed.caution_to_ordinary, allowed.caution_to_look_alikes),
    }
    signs = kinds == SIGN
    urgent, caution = (float((told[place, signs] >= limit).mean()) for place, limit in enumerate(limits.values()))
    return limits, {"caught": round(urgent, 4), "caught_or_cautioned": round(max(urgent, caution), 4)}


def _limit(told: npt.NDArray[np.float64], kinds: Kinds, ordinary: float, look_alikes: float) -> float:
    shares = ((kinds == ORDINARY, ordinary), (kinds == LOOK_ALIKE, look_alikes))
    least = [float(np.quantile(told[some], 1 - share)) for some, share in shares if some.any()]
    return round(min(max(least), 0.99), 4)
