"""Texts -> a table of word vectors, and how its vectors tell what a message means.

The table is distilled from the encoder of the index as Model2Vec does it (van Dongen & Tulkens, Model2Vec, 2024): every
word is encoded by itself, and the principal components of these vectors begin the table. Table and outputs are then
taught together, as in fastText (Joulin et al., Bag of tricks for efficient text classification, 2017), by Adam (Kingma
& Ba, 2015).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from chatbot.arrays import Vectors
from chatbot.exporting.features import Vocabulary
from chatbot.exporting.lesson import Labelled
from chatbot.records import Progress

# So often is each text read: with more, what is held out is told no better. Of few texts, so many batches are read.
_EPOCHS, _LEAST_BATCHES = 3, 200
_BATCH = 256
_LEFT_OUT = 0.2  # of a message's words, so that no single one decides
_RATES = (0.01, 0.02, 0.02)  # of the table, the outputs and the biases
_SPREAD = 0.1  # of the table at the beginning
_SMOOTHING = 0.05


@dataclass(frozen=True)
class Learnt:
    """The table, shape (features, dimension); what a message's vector says for each class, shape (classes, dimension),
    and what stands for it before, shape (classes,)."""

    table: Vectors
    outputs: Vectors
    biases: Vectors


def distilled(vectors: Vectors, dimension: int) -> Vectors:
    """Vectors of words, shape (features, any), by their first principal components, shape (features, dimension); what
    there are fewer of is 0."""
    centred = vectors - vectors.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    kept = centred @ components[:dimension].T
    kept *= np.sign(kept[np.abs(kept).argmax(axis=0), range(kept.shape[1])])  # which way a component points is chance
    table = np.zeros((len(vectors), dimension), dtype=np.float32)
    table[:, : kept.shape[1]] = kept
    return table * np.float32(_SPREAD / max(float(table.std()), 1e-9))


def design(vocabulary: Vocabulary, texts: Sequence[str]) -> sparse.csr_matrix:
    """The words of texts with their weights, shape (texts, features)."""
    read = [vocabulary.read(text) for text in texts]
    starts = np.cumsum([0, *(len(each.rows) for each in read)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *(each.rows for each in read)])
    values = np.concatenate([np.empty(0, dtype=np.float32), *(each.weights for each in read)])
    return sparse.csr_matrix((values, columns, starts), shape=(len(texts), len(vocabulary.features)))


def learn(vocabulary: Vocabulary, begin: Vectors, taught: Labelled, classes: int, progress: Progress) -> Learnt:
    """What the table `begin` becomes, and its outputs; the same texts give the same. `progress` is told (done, total),
    in texts."""
    chance = np.random.default_rng(0)
    inputs, truth = design(vocabulary, taught.texts), np.array(taught.classes)
    parts = [begin.copy(), np.zeros((classes, begin.shape[1]), np.float32), np.zeros(classes, np.float32)]
    adam = _Adam(parts, _RATES)
    epochs = max(_EPOCHS, math.ceil(_LEAST_BATCHES * _BATCH / max(len(truth), _BATCH)))
    done, total = 0, epochs * len(truth)
    for _ in range(epochs):
        order = chance.permutation(len(truth))
        for rows in np.split(order, range(_BATCH, len(order), _BATCH)):
            batch = inputs[rows]
            batch.data *= (chance.random(len(batch.data)) >= _LEFT_OUT) / np.float32(1 - _LEFT_OUT)
            adam.step(_gradients(parts, batch, truth[rows]), 1 - done / total)
            done += len(rows)
            progress(done, total)
    return Learnt(*parts)


def softmax(told: Vectors) -> Vectors:
    """What is told for classes as shares, along the last axis."""
    powers = np.exp(told - told.max(axis=-1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _gradients(
    parts: Sequence[Vectors], batch: sparse.csr_matrix, truth: npt.NDArray[np.int64]
) -> tuple[Vectors, Vectors, Vectors]:
    """How the mean cross-entropy of a batch changes with each of the parts."""
    table, outputs, biases = parts
    read = batch @ table
    wrong = softmax(read @ outputs.T + biases) - np.float32(_SMOOTHING / len(biases))
    wrong[np.arange(len(truth)), truth] -= 1 - _SMOOTHING
    wrong /= len(truth)
    return batch.T @ (wrong @ outputs), wrong.T @ read, wrong.sum(axis=0)


class _Adam:
    """Adam's moments of some arrays, which it changes where they are."""

    def __init__(self, parts: Sequence[Vectors], rates: Sequence[float]) -> None:
        self._parts, self._rates = parts, rates
        self._means = [np.zeros_like(part) for part in parts]
        self._squares = [np.zeros_like(part) for part in parts]
        self._steps = 0

    def step(self, gradients: Sequence[Vectors], share: float) -> None:
        """One step down the gradients, at a share of the rates."""
        self._steps += 1
        unbiased = (1 - 0.999**self._steps) ** 0.5 / (1 - 0.9**self._steps)
        moments = zip(self._parts, self._rates, self._means, self._squares, gradients, strict=True)
        for part, rate, mean, square, gradient in moments:
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            part -= np.float32(rate * share * unbiased) * mean / (np.sqrt(square) + np.float32(1e-8))
