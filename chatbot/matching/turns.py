"""Does a message that follows an answer ask for anything? A regression among what people said next to answers."""

from dataclasses import dataclass

import numpy as np

from chatbot.arrays import Flags, Vectors
from chatbot.matching.kernel_ridge import kernel_matrix, kernel_weights

_NEIGHBOURS = 96  # messages that take part


@dataclass(frozen=True)
class Turns:
    """Messages that people sent after an answer: their unit vectors, shape (messages, dimension), and which of them an
    entry answers (`asks`), shape (messages,); the others are reactions, asides and wishes that nothing here fulfils."""

    vectors: Vectors
    asks: Flags

    def asks_nothing(self, vector: Vectors) -> bool:
        """Whether a message rather is one that no entry answers, by its unit vector. Never where nothing is known."""
        if not len(self.asks):
            return False
        cosines = np.vecdot(self.vectors, vector)
        rows = np.argsort(-cosines, kind="stable")[:_NEIGHBOURS]
        no_words = np.zeros(len(rows), dtype=np.float32)
        weights = kernel_weights(kernel_matrix(self.vectors[rows]), cosines[rows], no_words)
        asks = self.asks[rows]
        return bool(weights[~asks].sum() > weights[asks].sum())
