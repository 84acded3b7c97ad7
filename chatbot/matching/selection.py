"""The largest of many values."""

import numpy as np

from chatbot.arrays import Rows, Vectors

_GROUP = 16  # values, of which only the largest is looked at first


def largest(values: Vectors, k: int) -> Rows:
    """The places of the `k` largest of some values, shape (n,), largest first, of equal ones the first in front."""
    # The k-th largest of the maxima of small groups is no larger than the k-th largest of all, and leaves few to sort.
    groups = len(values) // _GROUP
    if groups > k:
        maxima = values[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
        among = np.flatnonzero(values >= np.partition(maxima, groups - k)[groups - k])
    else:
        among = np.arange(len(values))
    places: Rows = among[np.argsort(-values[among], kind="stable")[:k]]
    return places
