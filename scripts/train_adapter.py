"""Teach the default encoder what people write: make `adapter.safetensors` in the folder of a corpus.

    python scripts/train_adapter.py            # about half an hour on two cores
    python scripts/train_adapter.py --steps 50 --out /tmp/adapter.safetensors

What is learnt, all at once, as low-rank changes of the weights (Hu et al., LoRA, 2021):
- phrasings of one entry lie together (Khosla et al., Supervised contrastive learning, 2020), and nearest the proxy of
  their entry among those of all entries (Movshovitz-Attias et al., No fuss distance metric learning, 2017);
- out-of-scope questions lie near no entry's proxy (Hendrycks et al., Deep anomaly detection with outlier exposure,
  2019);
- messages with a warning sign lie on one side of a plane, and those that are like it and have none on the other.

One text in five is held out, the same that `building` calibrates on. The same corpus gives the same adapter but for
rounding. Its SHA-256 is written beside it.
"""

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize
from torch.nn.utils.parametrize import register_parametrization

from chatbot import settings
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import ADAPTER
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.adapter import save_adapter
from chatbot.encoding.export import load_default_model
from chatbot.encoding.finetuning import is_held_out
from chatbot.files import sha256_of

STEPS = 600
_RANK, SCALE = 32, 2.0
_LEARNING_RATE, _WARM_UP = 1e-3, 20
MAX_TOKENS = 96
_READ_AT_ONCE = 32  # texts of like length, so that little is padding
_TEMPERATURE, PROXY_SCALE, SMOOTHING = 0.07, 20.0, 0.05
_RED_FLAG_SCALE = 10.0
# Of each in a batch: entries with two phrasings each, signs, what is like a sign, what may be one, harmless short
# messages in the context of another question, and out of scope.
_ENTRIES, _SIGNS, _LOOK_ALIKES, _CAUTIONS, _IN_CONTEXT, _OUT_OF_SCOPE = 24, 24, 24, 8, 6, 8
_SHORT = 7  # words; so short a message may follow another question, and may be too little to call harmless
_FOLLOWING = 0.3  # of short signs


class LowRank(torch.nn.Module):
    """A weight with a low-rank change, which is nothing at first."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.down = torch.nn.Parameter(torch.randn(_RANK, inputs) / inputs**0.5)
        self.up = torch.nn.Parameter(torch.zeros(outputs, _RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + SCALE * self.up @ self.down


@dataclass(frozen=True)
class Lesson:
    """The texts to learn from: for each entry its `alternates` and its `messages`, by its row; those of warning signs
    with the row of their entry; and texts that belong to none."""

    alternates: Mapping[int, Sequence[str]]
    messages: Mapping[int, Sequence[str]]
    signs: Sequence[tuple[str, int]]
    look_alikes: Sequence[str]
    cautions: Sequence[str]
    out_of_scope: Sequence[str]

    @classmethod
    def of(cls, corpus: Corpus) -> "Lesson":
        ordinary = {row: entry for row, entry in enumerate(corpus.entries) if entry.kind != "urgent"}
        urgent = {row: entry for row, entry in enumerate(corpus.entries) if entry.kind == "urgent"}
        return cls(
            {row: _taught((entry.question, *entry.alternate_questions)) for row, entry in ordinary.items()},
            {row: _taught(entry.messages.phrasings) for row, entry in ordinary.items()},
            [(text, row) for row, entry in urgent.items() for text in _taught(entry.phrasings)],
            _taught([text for e in urgent.values() for text in (*e.look_alikes, *e.messages.look_alikes)]),
            _taught([text for entry in urgent.values() for text in entry.messages.cautions]),
            settings.out_of_scope_path().read_text(encoding="utf-8").splitlines(),
        )


def _taught(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if not is_held_out(text)]


@dataclass(frozen=True)
class Batch:
    """Texts, the row of each one's entry (-1: none), whether each has a warning sign, whether it may have one and
    whether that can be said of it, and whether it is out of scope."""

    texts: list[str]
    entries: torch.Tensor
    urgent: torch.Tensor
    caution: torch.Tensor
    tellable: torch.Tensor
    out_of_scope: torch.Tensor


def draw(lesson: Lesson, source: random.Random) -> Batch:
    """A batch: of each entry in it an alternate question and a message, where it has some."""

    def after_another(text: str) -> str:
        other = source.choice(sorted(lesson.alternates))
        return f"{(lesson.alternates[other] or lesson.messages[other])[0]} {text}"

    rows = source.sample(sorted(lesson.alternates), _ENTRIES)
    pairs = [(source.choice(lesson.alternates[row] or lesson.messages[row]), row) for row in rows]
    pairs += [(source.choice(lesson.messages[row] or lesson.alternates[row]), row) for row in rows]
    short = [text for text, _ in pairs if _is_short(text)]
    signs = [
        (after_another(text), row) if _is_short(text) and source.random() < _FOLLOWING else (text, row)
        for text, row in source.sample(lesson.signs, _SIGNS)
    ]
    look_alikes = source.sample(lesson.look_alikes, _LOOK_ALIKES)
    cautions = source.sample(lesson.cautions, _CAUTIONS)
    strangers = source.sample(lesson.out_of_scope, _OUT_OF_SCOPE)
    following = [after_another(text) for text in (short or _first_phrasings(lesson, rows))[:_IN_CONTEXT]]
    none = [(text, -1) for text in (*look_alikes, *cautions, *following, *strangers)]
    texts, entries = zip(*pairs, *signs, *none, strict=True)
    after_cautions = len(following) + _OUT_OF_SCOPE
    kinds = [0] * len(pairs) + [2] * _SIGNS + [0] * _LOOK_ALIKES + [1] * _CAUTIONS + [0] * after_cautions
    kind = torch.tensor(kinds)
    place = torch.arange(len(texts))
    unclear = (place < len(pairs)) & torch.tensor([_is_short(text) for text in texts])
    return Batch(
        list(texts),
        torch.tensor(entries),
        (kind == 2).float(),
        (kind >= 1).float(),
        ~unclear,
        place >= len(texts) - _OUT_OF_SCOPE,
    )


def _first_phrasings(lesson: Lesson, rows: Sequence[int]) -> list[str]:
    """The first phrasing of some entries."""
    return [(lesson.alternates[row] or lesson.messages[row])[0] for row in rows]


def _is_short(text: str) -> bool:
    return len(text.split()) <= _SHORT


def encode(model: SentenceTransformer, texts: Sequence[str]) -> torch.Tensor:
    """Unit vectors of texts, with their gradients, shape (texts, dimension)."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    vectors = []
    for start in range(0, len(order), _READ_AT_ONCE):
        some = [texts[place] for place in order[start : start + _READ_AT_ONCE]]
        vectors.append(model(model.preprocess(some))["sentence_embedding"])
    return normalize(torch.cat(vectors)[torch.argsort(torch.tensor(order))], dim=-1)


def loss_of(vectors: torch.Tensor, batch: Batch, proxies: torch.Tensor, planes: torch.nn.Linear) -> torch.Tensor:
    """How far the vectors of a batch are from what they should be."""
    owned = batch.entries >= 0
    logits = PROXY_SCALE * vectors @ normalize(proxies, dim=1).T
    near_proxies = cross_entropy(logits[owned], batch.entries[owned], label_smoothing=SMOOTHING)
    near_none = out_of_scope_loss(logits[batch.out_of_scope])
    red_flags = red_flag_loss(planes, vectors, batch.urgent, batch.caution, batch.tellable)
    return near_proxies + _contrast(vectors[owned], batch.entries[owned]) + near_none / 2 + 2 * red_flags


def out_of_scope_loss(logits: torch.Tensor) -> torch.Tensor:
    """How far what is said of out-of-scope texts, shape (texts, entries), is from speaking for no entry more than for
    others."""
    return -torch.log_softmax(logits, dim=1).mean() - torch.log(torch.tensor(logits.shape[1]))


def red_flag_loss(
    planes: torch.nn.Linear,
    vectors: torch.Tensor,
    urgent: torch.Tensor,
    caution: torch.Tensor,
    tellable: torch.Tensor | None = None,
) -> torch.Tensor:
    """How far texts are from their sides of the planes; for a caution only those of which it is `tellable`."""
    is_sign, may_be_sign = planes(_RED_FLAG_SCALE * vectors).T
    told = slice(None) if tellable is None else tellable
    of_caution = binary_cross_entropy_with_logits(may_be_sign[told], caution[told])
    return binary_cross_entropy_with_logits(is_sign, urgent) + of_caution


def _contrast(vectors: torch.Tensor, entries: torch.Tensor) -> torch.Tensor:
    """The cross-entropy of finding the other texts of a text's entry among all others."""
    itself = torch.eye(len(vectors), dtype=torch.bool)
    log_likelihood = torch.log_softmax((vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -torch.inf), dim=1)
    partners = (entries[:, None] == entries[None]) & ~itself
    found = log_likelihood.masked_fill(~partners, 0.0).sum(dim=1) / partners.sum(dim=1).clamp(min=1)
    return -found[partners.any(dim=1)].mean()


def adapted(model: SentenceTransformer) -> dict[str, LowRank]:
    """Give every layer of the transformer's blocks a low-rank change, by its name. Nothing else is learnt."""
    for weight in model.parameters():
        weight.requires_grad_(False)
    layers = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)]
    changes = {name: LowRank(layer.weight) for name, layer in layers if ".layer." in name}
    for name, change in changes.items():
        register_parametrization(model.get_submodule(name), "weight", change)
    return changes


def first_proxies(model: SentenceTransformer, corpus: Corpus) -> torch.Tensor:
    """Where the phrasings of each entry lie before anything is learnt, shape (entries, dimension)."""
    with torch.no_grad():
        return torch.stack([encode(model, entry.phrasings[:30]).mean(dim=0) for entry in corpus.entries])


def train(model: SentenceTransformer, corpus: Corpus, steps: int) -> dict[str, torch.Tensor]:
    """The adapter that the model learns from a corpus in so many steps."""
    torch.manual_seed(0)
    model.max_seq_length = MAX_TOKENS
    changes = adapted(model)
    proxies = torch.nn.Parameter(normalize(first_proxies(model.eval(), corpus), dim=1))
    planes = torch.nn.Linear(proxies.shape[1], 2)
    model.train()
    learnt = [*(weight for change in changes.values() for weight in change.parameters()), proxies, *planes.parameters()]

    def loss(batch: Batch) -> torch.Tensor:
        return loss_of(encode(model, batch.texts), batch, proxies, planes)

    learn(learnt, loss, Lesson.of(corpus), steps)
    return changes_of(changes)


def learn(
    learnt: Sequence[torch.nn.Parameter], loss_of_batch: Callable[[Batch], torch.Tensor], lesson: Lesson, steps: int
) -> None:
    """Take so many steps down the slopes of a loss, each on a batch of a lesson."""
    source = random.Random(0)  # noqa: S311
    optimiser = torch.optim.AdamW(learnt, lr=_LEARNING_RATE)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / _WARM_UP, 1 - step / (steps + 1)))
    started = time.perf_counter()
    for step in range(steps):
        loss = loss_of_batch(draw(lesson, source))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        rate.step()
        if step % 25 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.perf_counter() - started:.0f} s", flush=True)


def changes_of(changes: Mapping[str, LowRank]) -> dict[str, torch.Tensor]:
    """What was learnt, as an adapter has it."""
    parts = {f"{name}.down": change.down for name, change in changes.items()}
    return parts | {f"{name}.up": SCALE * change.up for name, change in changes.items()}


def write(changes: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write an adapter, with its SHA-256 beside it."""
    save_adapter(changes, path)
    path.with_suffix(".sha256").write_text(f"{sha256_of(path)}\n")
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {sha256_of(path)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=settings.packaged_corpus_path())
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, help="the file to write, if not that of the corpus.")
    options = parser.parse_args()
    corpus = read_corpus(options.corpus).checked()
    write(train(load_default_model(), corpus, options.steps), options.out or options.corpus / ADAPTER)


if __name__ == "__main__":
    main()
