"""Texts -> vectors in the index, encoding only what neither the index before nor an interrupted build has."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import StoredVectors
from chatbot.encoding.encoder import READING, Encoder
from chatbot.encoding.spec import EncoderSpec
from chatbot.files import content_name, move_by_content, sha256_of
from chatbot.index.store import Store
from chatbot.index.writer import IndexWriter
from chatbot.matching.neighbours import storage_dtype
from chatbot.records import StageProgress

# Texts encoded at a time, to bound memory. A longer build leaves a checkpoint after each, from which the next one goes
# on when it is interrupted.
_CHUNK = 1 << 15
VECTORS = "vectors"  # of the points
_CHECKPOINT = "encoded"


def text_key(text: str) -> bytes:
    """16 bytes that stand for `text`."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def vector_key(text: str) -> bytes:
    """16 bytes that stand for `text` as an encoder reads it today."""
    return text_key(f"{READING} {text}")


class EmbeddingCache:
    """Encodes texts for one build. `encoded` and `kept` count what was encoded and what was there before.

    `old` is an index with vectors of the same encoder. The encoder is opened when there is something to encode, which
    after an edit of an answer there is not.
    """

    def __init__(
        self,
        writer: IndexWriter,
        old: Store | None,
        open_encoder: Callable[[], Encoder],
        spec: EncoderSpec,
        progress: StageProgress,
    ) -> None:
        self._writer = writer
        self._old = old
        self._encoder = cache(open_encoder)
        self._dimension = spec.dimension
        self._progress = progress
        self._encoder_key = text_key(json.dumps(asdict(spec), sort_keys=True))
        self.encoded = self.kept = 0

    def vectors(self, name: str, stage: str, texts: Sequence[str]) -> StoredVectors:
        """The texts' vectors, shape (texts, dimension), of their `storage_dtype`, written as array `name` and mapped
        from there."""
        keys = np.frombuffer(b"".join(map(vector_key, texts)), dtype="V16") if texts else np.empty(0, dtype="V16")
        if (kept := self._kept_whole(name, keys)) is not None:
            return kept
        self._writer.put_array(f"{name}-keys", keys)
        with self._writer.array(name, (len(texts), self._dimension), storage_dtype(len(texts))) as vectors:
            self._fill_in(name, stage, texts, keys, vectors)
        return self._writer.mapped(name)

    def _fill_in(
        self, name: str, stage: str, texts: Sequence[str], keys: npt.NDArray[Any], vectors: StoredVectors
    ) -> None:
        left = self._take_over(name, keys, vectors)
        if len(left) > _CHUNK:
            left = self._resume(keys, vectors, left)
        self.kept += len(texts) - len(left)
        self.encoded += len(left)
        for start in range(0, len(left), _CHUNK):
            rows = left[start : start + _CHUNK]
            told = partial(self._tell, stage, len(texts) - len(left) + start, len(texts))
            vectors[rows] = self._encoder().encode([texts[row] for row in rows], told)
            if len(left) > _CHUNK:
                self._put_checkpoint(keys[rows], vectors[rows])

    def _kept_whole(self, name: str, keys: npt.NDArray[Any]) -> StoredVectors | None:
        """The array `name` of the old index, when it holds just these vectors in this order."""
        known_keys, vectors = self._known(name)
        if vectors is None or vectors.dtype != storage_dtype(len(keys)) or not np.array_equal(known_keys, keys):
            return None
        for each in (name, f"{name}-keys"):
            self._writer.keep(each)
        self.kept += len(keys)
        return vectors

    def _tell(self, stage: str, before: int, total: int, done: int, _: int) -> None:
        self._progress(stage, before + done, total)

    def _known(self, name: str) -> tuple[npt.NDArray[Any], StoredVectors | None]:
        """The keys and vectors of the array `name` of the old index; no vectors where it has none."""
        if not self._old or f"{name}-keys" not in self._old.files:
            return np.empty(0, dtype="V16"), None
        return self._old.array(f"{name}-keys"), self._old.array(name)

    def _take_over(self, name: str, keys: npt.NDArray[Any], vectors: StoredVectors) -> list[int]:
        """Fill in the vectors that the old index has. Returns the rows that it lacks."""
        rows = range(len(keys))
        known_keys, known = self._known(name)
        # Vectors that were rounded are not those that would be made now.
        if known is None or not np.can_cast(vectors.dtype, known.dtype):
            return list(rows)
        return _fill(vectors, keys, rows, known_keys, known)

    def _resume(self, keys: npt.NDArray[Any], vectors: StoredVectors, left: list[int]) -> list[int]:
        """Fill in the vectors of the checkpoints that an interrupted build left. Returns the rows that they lack."""
        dtype = self._checkpoint_dtype(vectors)
        for done in self._checkpoints():
            if done.dtype == dtype and len(done) and done["encoder"][0].tobytes() == self._encoder_key:
                left = _fill(vectors, keys, left, done["key"], done["vector"])
        return left

    def _put_checkpoint(self, keys: npt.NDArray[Any], vectors: StoredVectors) -> None:
        """Leave vectors in the folder of the index: no part of it, and swept by a commit."""
        done = np.empty(len(keys), dtype=self._checkpoint_dtype(vectors))
        done["encoder"], done["key"], done["vector"] = np.void(self._encoder_key), keys, vectors
        path = self._writer.scratch / f"{_CHECKPOINT}.npy"
        np.save(path, done, allow_pickle=False)
        move_by_content(path, self._writer.folder, _CHECKPOINT, sha256_of(path))

    def _checkpoints(self) -> Iterator[npt.NDArray[Any]]:
        """The checkpoints in the folder of the index that are whole."""
        for path in sorted(self._writer.folder.glob(f"{_CHECKPOINT}-*.npy")):
            if path.name == content_name(_CHECKPOINT, sha256_of(path), path.suffix):
                yield np.load(path, mmap_mode="r", allow_pickle=False)

    def _checkpoint_dtype(self, vectors: StoredVectors) -> npt.DTypeLike:
        return np.dtype([("encoder", "V16"), ("key", "V16"), ("vector", vectors.dtype, (self._dimension,))])


def _fill(
    vectors: StoredVectors,
    keys: npt.NDArray[Any],
    rows: Sequence[int],
    known: npt.NDArray[Any],
    known_vectors: StoredVectors,
) -> list[int]:
    """Copy the vectors of known keys to the rows that ask for them. Returns the rows whose keys are not known."""
    place_of = {key.tobytes(): place for place, key in enumerate(known)}
    found = [(row, place) for row in rows if (place := place_of.get(keys[row].tobytes())) is not None]
    if found:
        to, source = np.array(found).T
        vectors[to] = known_vectors[source]
    filled = {row for row, _ in found}
    return [row for row in rows if row not in filled]
