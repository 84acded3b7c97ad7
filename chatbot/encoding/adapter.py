"""What the default encoder learnt from messages as people write them: low-rank changes of its weights.

Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, 2021. `scripts/train_adapter.py` makes the file; it holds
for each changed layer `<layer>.down`, shape (rank, inputs), and `<layer>.up`, shape (outputs, rank).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot import settings
from chatbot.errors import EncoderError
from chatbot.files import sha256_of

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


def fuse_adapter(model: "SentenceTransformer") -> str:
    """Add the adapter to the weights of the default model, where it is. Returns the SHA-256 of the adapter.

    Raises `EncoderError` when its file is missing or is not the one that this version was made with.
    """
    from safetensors.torch import load_file

    path = settings.adapter_path()
    found = sha256_of(path) if path.is_file() else ""
    if found != settings.ADAPTER_SHA256:
        what = f"has the SHA-256 {found}, not {settings.ADAPTER_SHA256}" if found else "is missing"
        raise EncoderError(f"{path} {what}; run `pip install --force-reinstall {settings.DISTRIBUTION}`")
    _add(model, load_file(path))
    return found


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
