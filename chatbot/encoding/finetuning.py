"""Tune an encoder on a corpus: phrasings of one entry are drawn together, those of different entries apart.

Supervised contrastive learning (Khosla et al., Supervised contrastive learning, 2020) with two phrasings an entry in a
batch. The tuned weights are averaged with those before (Wortsman et al., Robust fine-tuning of zero-shot models,
2022): alone they tell entries apart better, but near misses worse.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from chatbot.errors import EncoderError
from chatbot.records import Progress

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


STEPS = 200
_ENTRIES = 48  # in a batch, with two phrasings each
_TEMPERATURE = 0.07
_LEARNING_RATE, _WARM_UP = 5e-5, 20
_MAX_TOKENS = 64  # of a phrasing; more cost time and tell little
_BATCH = 24  # phrasings of like length that the model reads at once, so that little is padding
_TUNED_SHARE = 0.5  # of the tuned weights in the average
_HELD_OUT = 5  # one phrasing in so many


def is_held_out(phrasing: str) -> bool:
    """Whether a phrasing is not tuned on, so that it can tell how sure the bot may be of questions it has not seen."""
    return zlib.crc32(phrasing.encode("utf-8", "replace")) % _HELD_OUT == 0


def own_prompt(model: "SentenceTransformer") -> str:
    """What a model reads before each text; with most, nothing."""
    return model.prompts.get(model.default_prompt_name or "", "") or ""


def tune(model: "SentenceTransformer", entries: Sequence[Sequence[str]], progress: Progress) -> None:
    """Tune `model` where it is on the phrasings of some entries; the same ones give the same weights.

    One phrasing in five is held out. `progress` is told (step, steps). Raises `EncoderError` when fewer than two
    entries have two phrasings to tune on.
    """
    import torch

    tuned_on = [[phrasing for phrasing in phrasings if not is_held_out(phrasing)] for phrasings in entries]
    groups = [phrasings for phrasings in tuned_on if len(phrasings) > 1]
    if len(groups) < 2:
        raise EncoderError("tuning needs more entries with alternate questions; write some, or do not tune")
    before = {name: weights.detach().clone() for name, weights in model.state_dict().items()}
    with torch.random.fork_rng(devices=[]):  # the program's own random numbers stay as they are
        torch.manual_seed(0)
        _train(model, groups, progress)
    after = model.state_dict()
    model.load_state_dict({name: torch.lerp(before[name], after[name], _TUNED_SHARE) for name in before})


def _train(model: "SentenceTransformer", groups: Sequence[Sequence[str]], progress: Progress) -> None:
    import torch

    max_tokens, model.max_seq_length = model.max_seq_length, min(model.max_seq_length or _MAX_TOKENS, _MAX_TOKENS)
    weights = [weight for name, weight in model.named_parameters() if "embeddings" not in name]
    optimiser = torch.optim.AdamW(weights, lr=_LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _rate_at)
    model.train()
    for step, (texts, owners) in enumerate(_batches(groups)):
        progress(step, STEPS)
        loss = _contrastive_loss(_encoded(model, texts), torch.tensor(owners))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
    progress(STEPS, STEPS)
    model.eval()
    model.max_seq_length = max_tokens


def _rate_at(step: int) -> float:
    """The share of the learning rate at a step: it rises, then falls in a line."""
    return min((step + 1) / _WARM_UP, 1 - step / STEPS)


def _batches(groups: Sequence[Sequence[str]]) -> Iterator[tuple[list[str], list[int]]]:
    """For each step two phrasings of each of some entries, shortest first, and the entry of each phrasing."""
    draw = np.random.default_rng(0)
    for _ in range(STEPS):
        chosen = draw.choice(len(groups), min(_ENTRIES, len(groups)), replace=False).tolist()
        pairs = [(groups[row][at], row) for row in chosen for at in draw.choice(len(groups[row]), 2, replace=False)]
        texts, owners = zip(*sorted(pairs, key=lambda pair: len(pair[0])), strict=True)
        yield list(texts), list(owners)


def _encoded(model: "SentenceTransformer", texts: Sequence[str]) -> "torch.Tensor":
    """Unit vectors of texts, with their gradients."""
    import torch

    prompt = own_prompt(model)
    prompted = [prompt + text for text in texts]
    batches = [
        model(model.preprocess(prompted[start : start + _BATCH]))["sentence_embedding"]
        for start in range(0, len(prompted), _BATCH)
    ]
    return torch.nn.functional.normalize(torch.cat(batches), dim=-1)


def _contrastive_loss(vectors: "torch.Tensor", owners: "torch.Tensor") -> "torch.Tensor":
    """The mean cross-entropy of finding each vector's partner, of the same owner, among all others of the batch."""
    import torch

    itself = torch.eye(len(vectors), dtype=torch.bool)
    log_likelihood = torch.log_softmax((vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -torch.inf), dim=1)
    partner = (owners[:, None] == owners[None]) & ~itself
    return -log_likelihood[partner].mean()
