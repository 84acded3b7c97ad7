"""Which entries to go on with after one: the nearest others by meaning, found when an index is built."""

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.matching.points import Points

_NEAREST = 100  # phrasings near an entry's question
_BATCH = 4096  # entries worked on at a time, to bound memory


def nearest_entries(points: Points, is_answer: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """The `MAX_RELATED` entries with an answer whose phrasings are nearest to each entry's own question, nearest first.

    `is_answer` says which entries are answers, shape (entries,). The result has the shape (entries, MAX_RELATED); where
    fewer are near, rows are filled up with `NONE`.
    """
    owner = points.entry_of[: points.phrasings]
    entries = np.arange(len(is_answer))
    questions = np.searchsorted(owner, entries)
    nearest = np.full((len(entries), settings.MAX_RELATED), NONE, dtype=np.int32)
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        nearby = points.search.nearest_to_each(points.search.at(questions[batch]), _NEAREST)
        for entry, (rows, _) in zip(batch, nearby, strict=True):
            near = dict.fromkeys(owner[rows[rows < points.phrasings]].tolist())
            others = [other for other in near if is_answer[other] and other != entry][: settings.MAX_RELATED]
            nearest[entry, : len(others)] = others
    return nearest
