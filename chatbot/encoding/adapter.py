"""What the default encoder learnt for a corpus from messages as people write them: low-rank changes of its weights.

Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, 2021. `scripts/train_adapter.py` makes the file; it holds
for each changed layer `<layer>.down`, shape (rank, inputs), and `<layer>.up`, shape (outputs, rank).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot import settings
from chatbot.errors import EncoderError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


def fuse_adapter(model: "SentenceTransformer", path: Path) -> None:
    """Add the adapter at `path` to the weights of the default model, where it is. Raises `EncoderError` for a file that
    is none, or is one of another model."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        _add(model, load_file(path))
    except (SafetensorError, OSError, AttributeError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise EncoderError(
            f"{path} is no adapter of {settings.MODEL} ({reason}); make it anew, or remove it"
        ) from error


def _add(model: "SentenceTransformer", changes: Mapping[str, "torch.Tensor"]) -> None:
    import torch

    with torch.no_grad():
        for name in sorted(changes):
            layer, _, part = name.rpartition(".")
            if part == "down":
                weight = model.get_submodule(layer).get_parameter("weight")
                weight += changes[f"{layer}.up"].float() @ changes[name].float()


def save_adapter(changes: Mapping[str, "torch.Tensor"], path: Path) -> None:
    """Write the changes of a model's layers, by name, as `fuse_adapter` reads them: in 16 bits."""
    from safetensors.torch import save_file

    save_file({name: tensor.detach().half().contiguous() for name, tensor in changes.items()}, path)
