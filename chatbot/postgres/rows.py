"""A point as a row of a table: vectors and features in the bytes in which they travel."""

import struct
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, StoredVectors, Vectors
from chatbot.matching.lexical import WORD_BUCKETS, MappedFeatures

# pgvector's types for the precisions in which an index keeps vectors, and how these travel.
NUMBERS = {"float32": "vector", "float16": "halfvec"}
_TRAVELLING = {"vector": ">f4", "halfvec": ">f2"}
_VECTOR_HEADER = 4  # bytes: the dimension, and two that mean nothing
_BUCKET, _FEATURE = 4, 6  # bytes of a bucket, and of it with its weight
_BATCH = 4096
_INT4 = 23  # the type's number


def copied(vectors: StoredVectors, features: MappedFeatures, rows: Rows) -> Iterator[bytes]:
    """The rows (row, v, features, words) of some points in the binary form of COPY, some thousands at a time."""
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    numbers = _TRAVELLING[NUMBERS[str(vectors.dtype)]]
    dimension = struct.pack("!hh", vectors.shape[1], 0)
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        packed = zip(some.tolist(), vectors[some].astype(numbers), _features(features, some), strict=True)
        yield b"".join(
            b"".join(
                (
                    struct.pack("!hiii", 4, 4, row, len(dimension) + vector.nbytes),
                    dimension,
                    vector.tobytes(),
                    _sized(own),
                    _sized(_words(buckets)),
                )
            )
            for row, vector, (own, buckets) in packed
        )
    yield struct.pack("!h", -1)


def _sized(data: bytes) -> bytes:
    return struct.pack("!i", len(data)) + data


def _features(features: MappedFeatures, rows: Rows) -> Iterator[tuple[bytes, npt.NDArray[np.int32]]]:
    """Each point's features as bytes, the buckets before the weights, and its buckets alone."""
    lengths, buckets, weights = features.of(rows)
    buckets, weights = buckets.astype("<i4"), weights.astype("<f2")
    end = 0
    for length in lengths.tolist():
        begin, end = end, end + length
        yield buckets[begin:end].tobytes() + weights[begin:end].tobytes(), buckets[begin:end]


def _words(buckets: npt.NDArray[np.int32]) -> bytes:
    """The buckets of words as an int[]."""
    words = buckets[buckets < WORD_BUCKETS]
    if not len(words):
        return struct.pack("!iii", 0, 0, _INT4)
    elements = np.empty((len(words), 2), dtype=">i4")
    elements[:, 0], elements[:, 1] = 4, words
    return struct.pack("!iiiii", 1, 0, _INT4, len(words), 1) + elements.tobytes()


def vectors_from(travelled: Sequence[bytes], numbers: str, dimension: int) -> Vectors:
    """Vectors of pgvector's type `numbers`, shape (n, dimension)."""
    form = np.dtype(_TRAVELLING[numbers])
    header = _VECTOR_HEADER // form.itemsize
    found = np.frombuffer(b"".join(travelled), dtype=form).reshape(len(travelled), header + dimension)
    return found[:, header:].astype(np.float32)


def features_from(travelled: Sequence[bytes]) -> tuple[Rows, npt.NDArray[np.int32], npt.NDArray[np.float16]]:
    """How many features each point has, shape (n,), and the buckets and weights of all of them."""
    lengths = np.array([len(each) // _FEATURE for each in travelled], dtype=np.int64)
    sizes = [_BUCKET * length for length in lengths.tolist()]
    buckets = b"".join(each[:size] for each, size in zip(travelled, sizes, strict=True))
    weights = b"".join(each[size:] for each, size in zip(travelled, sizes, strict=True))
    return lengths, np.frombuffer(buckets, dtype="<i4"), np.frombuffer(weights, dtype="<f2")
