"""Text -> unit vectors, served by ONNX Runtime. Nothing here knows where the model came from (see `export`)."""

import os
import string
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import Vectors
from chatbot.errors import EncoderError
from chatbot.records import Progress

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer


# A batch holds at most this many tokens, padding included: memory stays bounded whatever the texts' length, the batch
# stays in the processor's cache, and there are enough of them to keep each thread busy to the end.
BATCH_TOKENS = 512
# And no more tokens of padding than this, so that the sentences of a message are not made as long as the whole.
_MOST_PADDING = 16
_TOKENIZE_CHUNK = 8192
_SEQUENTIAL_UP_TO = 16  # texts; for more it is worth to wake other threads
# Raise it when a text is read otherwise than before, so that no index keeps the vectors of then.
READING = 1
_CLOSING = string.whitespace + "?!.…"


class Encoder(Protocol):
    """What the rest of the package needs of an encoder. Implement it to bring another one, or a fake in tests."""

    @property
    def dimension(self) -> int:
        """Length of the vectors."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of shape (len(texts), dimension), each of length 1. `progress` is told (done, total)."""


def as_read(text: str) -> str:
    """What a model reads of `text`: all but its closing marks, or all where it is only such."""
    # Many leave them out, and an encoder that was taught takes them for a sign of something.
    return text.rstrip(_CLOSING) or text


class OnnxEncoder:
    """A sentence-transformers model exported to ONNX, with pooling and normalisation inside the graph.

    The session runs single-threaded: one question gains nothing from more, and texts in bulk are spread over
    threads batch by batch, which also lets many threads ask at once. The weights lie beside the graph and are
    mapped into memory rather than read, so opening takes tens of milliseconds.
    """

    def __init__(self, graph: Path, tokenizer: Path, dimension: int, max_tokens: int, prompt: str = "") -> None:
        onnxruntime = import_onnxruntime()

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The graph was optimised once, at export; doing it again would cost more than the first answer.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        try:
            self._tokenizer = open_tokenizer(tokenizer, max_tokens)
            self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exception subclasses of their own
            raise EncoderError(f"cannot open the encoder {graph.name} ({error}); {settings.REBUILD_IN_FULL}") from error
        self._dimension = dimension
        self._prompt = prompt

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`. Texts are taken `as_read`, and cut where they are longer than the model reads."""
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        done = 0
        for start in range(0, len(texts), _TOKENIZE_CHUNK):
            chunk = [self._prompt + as_read(text) for text in texts[start : start + _TOKENIZE_CHUNK]]
            for rows, batch in self._encoded_batches(chunk):
                vectors[start + rows] = batch
                done += len(rows)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _encoded_batches(self, texts: Sequence[str]) -> Iterator[tuple[npt.NDArray[np.intp], Vectors]]:
        few = len(texts) <= _SEQUENTIAL_UP_TO
        encode = self._tokenizer.encode
        encodings = [encode(text) for text in texts] if few else self._tokenizer.encode_batch(list(texts))
        batches = list(_batches(encodings))

        def run(rows: npt.NDArray[np.intp]) -> Vectors:
            return self._run([encodings[row] for row in rows])

        if few:
            yield from zip(batches, map(run, batches), strict=True)
            return
        with ThreadPoolExecutor(max_workers=min(len(batches), _workers())) as pool:
            yield from zip(batches, pool.map(run, batches), strict=True)

    def _run(self, encodings: "Sequence[Encoding]") -> Vectors:
        outputs: list[Any] = self._session.run(None, model_inputs(encodings))
        vectors: Vectors = outputs[0]
        return vectors


def open_tokenizer(path: Path, max_tokens: int) -> "Tokenizer":
    """The tokenizer in a file, which cuts texts at `max_tokens`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return tokenizer


def model_inputs(encodings: "Sequence[Encoding]") -> dict[str, npt.NDArray[np.int64]]:
    """A batch of tokenized texts as an exported model takes it, each array of shape (texts, tokens of the longest)."""
    ids = np.zeros((len(encodings), max(len(encoding) for encoding in encodings)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = encoding.ids
        mask[row, : len(encoding)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def import_onnxruntime() -> Any:
    """ONNX Runtime, told before it is loaded not to write events to the user's cache folder, as newer releases do."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    return onnxruntime


def _batches(encodings: "Sequence[Encoding]") -> Iterator[npt.NDArray[np.intp]]:
    """Rows of `encodings`, shortest first, in batches of at most `BATCH_TOKENS` tokens, of which few are padding."""
    lengths = np.array([len(encoding) for encoding in encodings])
    order = np.argsort(lengths, kind="stable")
    rising = lengths[order].tolist()
    start = tokens = 0
    for end, length in enumerate(rising):
        padded = (end + 1 - start) * length
        if end > start and (padded > BATCH_TOKENS or padded - tokens - length > _MOST_PADDING):
            yield order[start:end]
            start, tokens = end, 0
        tokens += length
    if rising:
        yield order[start:]


def _workers() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
