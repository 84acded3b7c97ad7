"""What people say after a warning sign -> the weights that tell who says that it was seen to, or was none.

A logistic regression on the vector: what makes such a message (a result, a discharge, a denial of all that was asked)
is alike whatever the sign was. From which probability on it is believed is chosen by how many of the messages that only
sound like it may be, as for warning signs (see `screening`).
"""

import numpy as np

from chatbot import settings
from chatbot.arrays import Rows
from chatbot.building.held_out import ENOUGH, spread
from chatbot.building.logistic import fit_many_features
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.points import ALL_CLEAR, CAUTION, NOT_CLEAR, SIGN, Points

_MOST = 1500  # of signs; more make a fit longer, not better
_STRENGTH = 1 / 3  # of the prior, beside the loss of all messages
_WORTH = 3.0  # of what only sounds like an all-clear beside what is one: to believe it wrongly is worse
_FOLDS = 5


def fit_all_clears(points: Points) -> LogisticModel:
    """The model that parts those points that say so from those that only sound like it, and from warning signs. It
    tells 1/2 where a message may be believed; where too few are known, always less."""
    clear, alike = (np.flatnonzero(points.kinds == kind) for kind in (ALL_CLEAR, NOT_CLEAR))
    dimension = points.out_of_scope.shape[1]
    if min(len(clear), len(alike)) < ENOUGH:
        return LogisticModel(np.append(np.zeros(dimension), -1.0))
    signs = spread(np.flatnonzero((points.kinds == SIGN) | (points.kinds == CAUTION)), _MOST)
    told = np.concatenate(
        [
            _fit(points, *(rows[np.arange(len(rows)) % _FOLDS != fold] for rows in (clear, alike, signs))).logit(
                points.search.at(alike[fold::_FOLDS])
            )
            for fold in range(_FOLDS)
        ]
    )
    weights = _fit(points, clear, alike, signs).weights
    weights[-1] -= max(float(np.quantile(told, 1 - settings.FALSE_ALL_CLEARS)), 0.0)
    return LogisticModel(weights)


def _fit(points: Points, clear: Rows, alike: Rows, signs: Rows) -> LogisticModel:
    """The model of some points. The signs weigh as much in all as what is clear, what is alike `_WORTH` as much."""
    rows = np.concatenate([clear, alike, signs])
    design = np.column_stack([points.search.at(rows), np.ones(len(rows), dtype=np.float32)])
    each = [1.0, _WORTH * len(clear) / len(alike), len(clear) / max(len(signs), 1)]
    weight: Array = np.repeat(each, [len(clear), len(alike), len(signs)])
    return LogisticModel(fit_many_features(design, np.arange(len(rows)) < len(clear), weight, _STRENGTH))
