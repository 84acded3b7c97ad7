"""Low-rank changes of a model's weights (Hu et al., LoRA, 2021), and how they are learnt."""

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from torch.nn.functional import normalize
from torch.nn.utils.parametrize import register_parametrization

from chatbot.encoding.adapter import save_adapter
from chatbot.files import sha256_of
from scripts.teaching.lesson import Batch, Lesson, draw

SCALE = 2.0
LEARNING_RATE = 1e-3
MAX_TOKENS = 96
_RANK, _WARM_UP = 32, 20
_READ_AT_ONCE = 32  # texts of like length, so that little is padding


class LowRank(torch.nn.Module):
    """A weight with a low-rank change, which is nothing at first."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.down = torch.nn.Parameter(torch.randn(_RANK, inputs) / inputs**0.5)
        self.up = torch.nn.Parameter(torch.zeros(outputs, _RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + SCALE * self.up @ self.down


def adapted(model: SentenceTransformer, first_block: int = 0) -> dict[str, LowRank]:
    """Give every layer of the transformer's blocks from one on a low-rank change, by its name. Nothing else learns."""
    for weight in model.parameters():
        weight.requires_grad_(False)
    layers = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)]
    blocks = {name: re.search(r"\.layer\.(\d+)", name) for name, _ in layers}
    changes = {
        name: LowRank(layer.weight)
        for name, layer in layers
        if (block := blocks[name]) and int(block[1]) >= first_block
    }
    for name, change in changes.items():
        register_parametrization(model.get_submodule(name), "weight", change)
    return changes


def weights_of(changes: Mapping[str, LowRank]) -> list[torch.nn.Parameter]:
    """What is learnt of some changes."""
    return [weight for change in changes.values() for weight in change.parameters()]


def encode(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    """Unit vectors of texts, with their gradients, shape (texts, dimension)."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    vectors = []
    for start in range(0, len(order), _READ_AT_ONCE):
        some = [texts[place] for place in order[start : start + _READ_AT_ONCE]]
        vectors.append(model(model.preprocess(some))["sentence_embedding"])
    return normalize(torch.cat(vectors)[torch.argsort(torch.tensor(order))], dim=-1)


def learn(
    learnt: Sequence[torch.nn.Parameter],
    loss_of_batch: Callable[[Batch], torch.Tensor],
    lesson: Lesson,
    steps: int,
    rate: float,
) -> None:
    """Take so many steps down the slopes of a loss, each on a batch of a lesson."""
    source = random.Random(0)  # noqa: S311
    optimiser = torch.optim.AdamW(learnt, lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, partial(_share_of_rate, steps=steps))
    started = time.perf_counter()
    for step in range(steps):
        loss = loss_of_batch(draw(lesson, source))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        schedule.step()
        if step % 25 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.perf_counter() - started:.0f} s", flush=True)


def _share_of_rate(step: int, steps: int) -> float:
    return min((step + 1) / _WARM_UP, 1 - step / (steps + 1))


def changes_of(changes: Mapping[str, LowRank]) -> dict[str, torch.Tensor]:
    """What was learnt, as an adapter has it."""
    parts = {f"{name}.down": change.down for name, change in changes.items()}
    return parts | {f"{name}.up": SCALE * change.up for name, change in changes.items()}


def write(changes: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write an adapter, with its SHA-256 beside it."""
    save_adapter(changes, path)
    path.with_suffix(".sha256").write_text(f"{sha256_of(path)}\n")
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {sha256_of(path)}")
