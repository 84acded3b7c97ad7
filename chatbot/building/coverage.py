"""Vectors of what the corpus covers and of what it does not -> the weights that tell which a message is.

A logistic regression on the vector. What is near a message tells which entry it is for; what makes it one that no entry
answers (a price, an operation, an animal) is alike for all entries, and near nothing.
"""

from dataclasses import dataclass

import numpy as np

from chatbot.arrays import StoredVectors, Vectors
from chatbot.building.logistic import fit_many_features
from chatbot.building.training_set import TrainingSet
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ANSWER, Points

_MOST = 20_000  # of what is covered; more make a fit longer, not better
_STRENGTH = 1.0  # of the prior, beside the loss of all messages
_BATCH = 1 << 16  # vectors worked on at a time, to bound memory


@dataclass(frozen=True)
class FittedCoverage:
    """The model, and what it would say of each point, shape (points,), and of each out-of-scope question, shape
    (questions,), if it were fitted on the half of all that the other does not belong to."""

    model: LogisticModel
    of_points: Vectors
    of_out_of_scope: Vectors


def fit_coverage(points: Points, training: TrainingSet) -> FittedCoverage:
    """The model that parts those points that entries answer from out-of-scope questions, which count as much in all."""
    vectors, questions = training.vectors, training.out_of_scope.vectors
    covered = np.flatnonzero(points.kinds == ANSWER)
    covered = covered[:: len(covered) // _MOST + 1]
    outside = np.arange(len(questions))

    def fitted(half: int) -> LogisticModel:
        return _fit(vectors[covered[covered % 2 == half]], questions[outside % 2 == half])

    halves = fitted(0), fitted(1)
    of_points, of_out_of_scope = _by_the_other(halves, vectors), _by_the_other(halves, questions)
    return FittedCoverage(_fit(vectors[covered], questions), of_points, of_out_of_scope)


def _by_the_other(halves: tuple[LogisticModel, LogisticModel], vectors: StoredVectors) -> Vectors:
    """What is said of each vector by the model of the half that it does not belong to, shape (vectors,)."""
    said = np.empty(len(vectors), dtype=np.float32)
    for first in range(0, len(vectors), _BATCH):
        batch = np.asarray(vectors[first : first + _BATCH], dtype=np.float32)
        by_each = np.stack([model.logit(batch) for model in halves])
        rows = np.arange(len(batch))
        said[first : first + _BATCH] = by_each[(first + rows + 1) % 2, rows]
    return said


def _fit(covered: StoredVectors, others: StoredVectors) -> LogisticModel:
    """The model that parts some vectors from others, or one that says nothing where there are none of a kind."""
    dimension = covered.shape[1]
    if not (len(covered) and len(others)):
        return LogisticModel(np.zeros(dimension + 1))
    design = np.ones((len(covered) + len(others), dimension + 1), dtype=np.float32)
    np.concatenate([covered, others], out=design[:, :-1])
    truth = np.arange(len(design)) < len(covered)
    weight = np.where(truth, 1.0, len(covered) / len(others))
    return LogisticModel(fit_many_features(design, truth, weight, _STRENGTH))
