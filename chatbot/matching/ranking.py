"""Entries as they rank for a query: by row, each with its score and what speaks for it."""

from dataclasses import dataclass

import numpy as np

from chatbot.arrays import Rows, Vectors


@dataclass(frozen=True)
class Ranking:
    """The entries near a query, by row in rising order, and for each: its score, the row of its nearest point with its
    cosine, and the greatest share of words in common. All arrays have the shape (entries,)."""

    entries: Rows
    scores: Vectors
    points: Rows
    cosines: Vectors
    words: Vectors

    def scores_of(self, entries: Rows) -> Vectors:
        """The scores of any entries, shape (n,); 0 for those that are not near."""
        if not len(self.entries):
            return np.zeros(len(entries), dtype=np.float32)
        place = np.searchsorted(self.entries, entries).clip(max=len(self.entries) - 1)
        scores: Vectors = np.where(self.entries[place] == entries, self.scores[place], 0)
        return scores


NO_ROWS, _NO_VALUES = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
NOTHING = Ranking(NO_ROWS, _NO_VALUES, NO_ROWS, _NO_VALUES, _NO_VALUES)
