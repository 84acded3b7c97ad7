"""Whether a message is of a kind that the corpus covers, by its vector. `building.coverage` fits what this reads."""

from dataclasses import dataclass

from chatbot.arrays import Vectors


@dataclass(frozen=True)
class Coverage:
    """A logistic model of vectors: a weight for each number and the intercept last, shape (dimension + 1,)."""

    weights: Vectors

    def of(self, vectors: Vectors) -> Vectors:
        """The logarithm of the odds that some vectors, shape (..., dimension), are of messages that are covered."""
        odds: Vectors = vectors @ self.weights[:-1] + self.weights[-1]
        return odds
