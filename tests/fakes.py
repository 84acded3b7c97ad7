"""Stand-ins for unit tests of what lies around the encoder, and around what an index holds."""

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chatbot.arrays import Vectors
from chatbot.encoding.spec import EncoderSpec
from chatbot.index.manifest import (
    Calibration,
    CorpusState,
    Counts,
    Manifest,
    MatcherSpec,
    SearchSpec,
    StoredFile,
    Thresholds,
)
from chatbot.records import Progress


class WordEncoder:
    """A deterministic encoder in which texts are alike when they share words.

    Each word has a place of its own (by CRC-32); a vector counts the words and has length 1. `seen` holds every text
    that was encoded, in order.
    """

    def __init__(self, dimension: int = 512) -> None:
        self._dimension = dimension
        self.seen: list[str] = []

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.seen += texts
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                vectors[row, zlib.crc32(word.encode()) % self._dimension] += 1
        if progress:
            progress(len(texts), len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def manifest(files: Mapping[str, StoredFile], **changes: Any) -> Manifest:
    """The least that a manifest may say, of an index that consists of `files`; `changes` are other fields of it."""
    fields = {
        "created": "2026-01-02T03:04:05+00:00",
        "versions": {},
        "corpus": CorpusState("corpus", {}),
        "encoder": EncoderSpec("words", 4),
        "matcher": MatcherSpec(
            0, "", Calibration("", 0), {}, Thresholds(0.5, 0.5, 0.5, 0.5), SearchSpec("flat", 0, 1.0), {}
        ),
        "counts": Counts(1, 1, 1),
        "topics": (),
        "disclaimer": "Ask someone.",
        "short_disclaimer": "Ask.",
        "subject": "",
        "entries": {},
    }
    return Manifest(**{**fields, **changes}, files=files)
