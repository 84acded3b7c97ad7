"""What people say after a warning sign -> the weights by which a message is believed that it was seen to, or was none.

Kernel ridge regression (Saunders, Gammerman & Vovk, 1998) over what says so, which is 1, and what only sounds like it,
which is -1. How much of the latter may be believed says from which score on; each is scored by a regression without it,
which has a closed form (Allen, The relationship between variable selection and data augmentation, 1974).
"""

import numpy as np

from chatbot import settings
from chatbot.arrays import Vectors
from chatbot.building.held_out import ENOUGH
from chatbot.matching.all_clears import rows_of_all_clears
from chatbot.matching.kernel_ridge import RIDGE, kernel_matrix
from chatbot.matching.logistic import Array
from chatbot.matching.points import ALL_CLEAR, Points

_NEVER = 1.0  # a score that weights of 0 do not reach


def fit_all_clears(points: Points) -> Vectors:
    """The weights of `matching.all_clears.AllClears`, shape (points that say so or sound like it + 1,): all 0 where too
    few are known of either."""
    rows = rows_of_all_clears(points)
    says_so = points.kinds[rows] == ALL_CLEAR
    if min(np.count_nonzero(says_so), np.count_nonzero(~says_so)) < ENOUGH:
        return np.append(np.zeros(len(rows)), _NEVER).astype(np.float32)
    matrix: Array = kernel_matrix(points.search.at(rows)).astype(np.float64)
    inverse, truth = np.linalg.inv(matrix + RIDGE * np.eye(len(rows))), np.where(says_so, 1.0, -1.0)
    weights = inverse @ truth
    without_itself = truth - weights / np.diag(inverse)
    least = np.quantile(without_itself[~says_so], 1 - settings.FALSE_ALL_CLEARS)
    return np.append(weights, max(least, 0.0)).astype(np.float32)
