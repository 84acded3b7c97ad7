"""What is known of an encoder beside its files: which model it is, and how it is to be opened."""

from dataclasses import dataclass
from pathlib import Path

from chatbot.encoding.encoder import OnnxEncoder

# The names of an exported encoder's files in an index.
GRAPH, WEIGHTS, TOKENIZER = ENCODER_FILES = ("encoder-graph", "encoder-weights", "encoder-tokenizer")


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """An encoder: a model that was exported, or an object that a program gives, of which only two things are known.

    `dimension` is the length of its vectors and `max_tokens` how much of a text it reads; `prompt` goes before each
    text. `parity` is the least cosine between the vectors of the exported model and of the original, and
    `parity_in_8_bits` the median once its weights have 8 bits. `adapter` is the SHA-256 of the adapter that was fused,
    and `tuned_on` stands for the phrasings that it was tuned on; empty: none.
    """

    model: str
    dimension: int
    revision: str = ""
    weights_sha256: str = ""
    max_tokens: int = 0
    prompt: str = ""
    parity: float | None = None
    parity_in_8_bits: float | None = None
    adapter: str = ""
    tuned_on: str = ""

    @property
    def is_exported(self) -> bool:
        """Whether it is a model that was exported, so that an index has its files."""
        return self.max_tokens > 0

    def open(self, graph: Path, tokenizer: Path) -> OnnxEncoder:
        """The encoder in these files. Raises `EncoderError`."""
        return OnnxEncoder(graph, tokenizer, self.dimension, self.max_tokens, self.prompt)
