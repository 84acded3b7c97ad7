"""What the page searches with, in bytes: the same numbers fit the thresholds here and answer there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Vectors
from chatbot.exporting.features import Vocabulary
from chatbot.exporting.learning import Learnt, design, softmax

Bytes = npt.NDArray[np.int8]
# A long message is also read by passages, each overlapping the next by half, so that the rest does not drown a sign.
PASSAGE_WORDS = 40
_BATCH = 1024  # texts read at a time, to bound memory


@dataclass(frozen=True)
class Quantised:
    """Rows of numbers as whole ones, shape (rows, dimension), and what each row is scaled by, shape (rows,)."""

    values: Bytes
    scales: Vectors

    @classmethod
    def of(cls, numbers: Vectors) -> "Quantised":
        scales = np.maximum(np.abs(numbers).max(axis=1), 1e-9).astype(np.float32) / np.float32(127)
        return cls(np.round(numbers / scales[:, None]).astype(np.int8), scales)

    @property
    def numbers(self) -> Vectors:
        """The numbers again, as far as they are kept."""
        return self.values.astype(np.float32) * self.scales[:, None]


@dataclass(frozen=True)
class PageModel:
    """The vocabulary, the table of its vectors, and what they tell for each class, shape (classes,) before a word."""

    vocabulary: Vocabulary
    table: Quantised
    outputs: Quantised
    biases: Vectors

    @classmethod
    def of(cls, vocabulary: Vocabulary, learnt: Learnt) -> "PageModel":
        return cls(vocabulary, Quantised.of(learnt.table), Quantised.of(learnt.outputs), learnt.biases)

    def shares(self, texts: Sequence[str]) -> Vectors:
        """How likely each class is of each text, shape (texts, classes)."""
        table, outputs = self.table.numbers, self.outputs.numbers
        batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
        told = [(design(self.vocabulary, batch) @ table) @ outputs.T + self.biases for batch in batches]
        return softmax(np.concatenate([np.empty((0, len(self.biases)), np.float32), *told]))

    def known(self, texts: Sequence[str]) -> Vectors:
        """The share of the words of each text that have a row, shape (texts,)."""
        return np.array([self.vocabulary.read(text).known for text in texts], dtype=np.float32)

    def packed(self) -> bytes:
        """All numbers, one array after the other, as `page/search.js` takes them."""
        arrays = (
            self.table.scales,
            self.outputs.scales,
            self.biases.astype(np.float32),
            self.vocabulary.weights,
            self.table.values,
            self.outputs.values,
        )
        return b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays)


def passages(text: str) -> list[str]:
    """A text, and where it is long its passages beside it."""
    words, step = text.split(), PASSAGE_WORDS // 2
    if len(words) <= PASSAGE_WORDS:
        return [text]
    return [text, *(" ".join(words[start : start + PASSAGE_WORDS]) for start in range(0, len(words) - step, step))]
