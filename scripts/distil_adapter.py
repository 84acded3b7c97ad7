"""Teach the adapter of a corpus on, by what a larger model knows: change `adapter.safetensors` in its folder.

    flexbot build --index INDEX
    flexbot build --index LARGER --model sentence-transformers/all-mpnet-base-v2
    python -m scripts.distil_adapter INDEX LARGER          # three quarters of an hour on two cores

`scripts.tune_larger` makes a better teacher of that model. The adapter that is served was made with it, in 800 steps.

The teacher is made of both models: their vectors, one behind the other, are taken to as many numbers as the smaller one
has by a linear map, which learns to tell entries and warning signs apart by proxies and planes as in `train_adapter`.
The smaller model then learns to have the teacher's vectors (Reimers & Gurevych, Making monolingual sentence embeddings
multilingual using knowledge distillation, 2020) and to tell entries apart as the teacher does (Hinton, Vinyals & Dean,
Distilling the knowledge in a neural network, 2015), beside what it learnt before. What is held out there is held out
here.
"""

import argparse
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, kl_div, log_softmax, normalize

from chatbot import settings
from chatbot.corpus.file_states import ADAPTER
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.export import load_default_model
from chatbot.index.index import Index
from scripts.teaching.lesson import Batch, Lesson
from scripts.teaching.losses import PROXY_SCALE, SMOOTHING, loss_of, out_of_scope_loss, red_flag_loss
from scripts.teaching.low_rank import (
    LEARNING_RATE,
    MAX_TOKENS,
    SCALE,
    LowRank,
    adapted,
    changes_of,
    encode,
    learn,
    weights_of,
    write,
)

STEPS = 900
_SHARE_OF_LARGER = 0.8
_VECTORS_WEIGHT, _ENTRIES_WEIGHT = 6.0, 2.0
# Of the teacher's own lesson: its steps, how many texts with an entry and without one are in a batch, and its rates for
# the map and for the rest.
_MAP_STEPS, _OWNED, _OTHERS = 300, 400, 200
_MAP_RATE, _REST_RATE = 3e-4, 3e-3


@dataclass(frozen=True)
class Texts:
    """All texts of a lesson, each once, as a phrasing where it is one, too: the row of each one's entry (-1: none), and
    whether each has a warning sign, may have one, and is out of scope."""

    texts: Sequence[str]
    entries: torch.Tensor
    urgent: torch.Tensor
    caution: torch.Tensor
    out_of_scope: torch.Tensor

    @classmethod
    def of(cls, lesson: Lesson) -> "Texts":
        ordinary = [
            (text, row, 0)
            for part in (lesson.alternates, lesson.messages)
            for row, texts in part.items()
            for text in texts
        ]
        ordinary += [(text, row, 0) for text, row in lesson.exchanges]
        signs = [(text, row, 2) for text, row in lesson.signs]
        others = [(text, -1, 0) for text in lesson.look_alikes] + [(text, -1, 1) for text in lesson.cautions]
        strangers = [(text, -1, -1) for text in lesson.out_of_scope]
        once = {text: (row, kind) for text, row, kind in reversed([*ordinary, *signs, *others, *strangers])}
        rows, kinds = (torch.tensor(each) for each in zip(*once.values(), strict=True))
        return cls(list(once), rows, (kinds == 2).float(), (kinds >= 1).float(), kinds == -1)


@dataclass(frozen=True)
class Teacher:
    """What is to be learnt: the unit vector of each text, shape (texts, dimension), where each entry's texts lie, shape
    (entries, dimension), and the planes that part warning signs from everything else."""

    rows: dict[str, int]
    vectors: torch.Tensor
    proxies: torch.Tensor
    planes: torch.nn.Linear

    def loss(self, vectors: torch.Tensor, batch: Batch, proxies: torch.Tensor) -> torch.Tensor:
        """How far the vectors of a batch are from the teacher's, and what they say of entries."""
        rows = torch.tensor([self.rows.get(text, -1) for text in batch.texts])
        known, owned = rows >= 0, (rows >= 0) & (batch.entries >= 0)
        apart = 1 - (vectors[known] * self.vectors[rows[known]]).sum(dim=1)
        told = log_softmax(PROXY_SCALE * self.vectors[rows[owned]] @ self.proxies.T, dim=1)
        tells = log_softmax(PROXY_SCALE * vectors[owned] @ normalize(proxies, dim=1).T, dim=1)
        differently = kl_div(tells, told, log_target=True, reduction="batchmean")
        return _VECTORS_WEIGHT * apart.mean() + _ENTRIES_WEIGHT * differently


def teach(texts: Texts, smaller: torch.Tensor, larger: torch.Tensor, entries: int) -> Teacher:
    """The teacher of two models, from their unit vectors of the texts, shape (texts, dimension); its vectors are turned
    to lie where the smaller one's lie (Schönemann, A generalized solution of the orthogonal Procrustes problem, 1966),
    so that this has little to move."""
    both = torch.cat([_SHARE_OF_LARGER**0.5 * larger, (1 - _SHARE_OF_LARGER) ** 0.5 * smaller], dim=1)
    mapping, proxies, planes = _mapping(texts, both, smaller.shape[1], entries)
    vectors = normalize(both @ mapping, dim=1)
    left, _, right = torch.linalg.svd(vectors.T @ smaller)
    turn = left @ right
    planes.weight.data = planes.weight.data @ turn
    rows = {text: row for row, text in enumerate(texts.texts)}
    return Teacher(rows, vectors @ turn, normalize(proxies, dim=1) @ turn, planes)


def _mapping(
    texts: Texts, vectors: torch.Tensor, dimension: int, entries: int
) -> tuple[torch.Tensor, torch.Tensor, torch.nn.Linear]:
    """A linear map of vectors that draws the texts of an entry to its proxy, with the proxies and the planes."""
    _, _, axes = torch.linalg.svd(vectors - vectors.mean(dim=0), full_matrices=False)
    mapping = torch.nn.Parameter(axes[:dimension].T.contiguous())
    owned, others = torch.where(texts.entries >= 0)[0], torch.where(texts.entries < 0)[0]
    sums = torch.zeros(entries, vectors.shape[1]).index_add(0, texts.entries[owned], vectors[owned])
    proxies = torch.nn.Parameter(normalize(sums, dim=1) @ mapping.data)
    planes = torch.nn.Linear(dimension, 2)
    rest = [proxies, *planes.parameters()]
    optimiser = torch.optim.Adam([{"params": [mapping], "lr": _MAP_RATE}, {"params": rest, "lr": _REST_RATE}])
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / _MAP_STEPS)
    for _ in range(_MAP_STEPS):
        some = torch.cat(
            [each[torch.randint(0, len(each), (count,))] for each, count in ((owned, _OWNED), (others, _OTHERS))]
        )
        read = normalize(vectors[some] @ mapping, dim=1)
        logits, rows = PROXY_SCALE * read @ normalize(proxies, dim=1).T, texts.entries[some]
        near = cross_entropy(logits[rows >= 0], rows[rows >= 0], label_smoothing=SMOOTHING)
        red_flags = red_flag_loss(planes, read, texts.urgent[some], texts.caution[some])
        loss = near + out_of_scope_loss(logits[texts.out_of_scope[some]]) / 2 + red_flags
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rate.step()
    return mapping.data, proxies.data, planes


def begin_with(changes: dict[str, LowRank], path: Path) -> None:
    """Begin with the adapter at `path`."""
    before = load_file(path)
    with torch.no_grad():
        for name, change in changes.items():
            change.down.copy_(before[f"{name}.down"].float())
            change.up.copy_(before[f"{name}.up"].float() / SCALE)


def distil(teacher: Teacher, lesson: Lesson, adapter: Path, steps: int) -> dict[str, torch.Tensor]:
    """What becomes of the adapter at a path when it is taught on in so many steps."""
    model = load_default_model().train()
    model.max_seq_length = MAX_TOKENS
    changes = adapted(model)
    begin_with(changes, adapter)
    proxies, planes = torch.nn.Parameter(teacher.proxies.clone()), deepcopy(teacher.planes)
    learnt = [*weights_of(changes), proxies, *planes.parameters()]

    def loss(batch: Batch) -> torch.Tensor:
        vectors = encode(model, batch.texts)
        return loss_of(vectors, batch, proxies, planes) + teacher.loss(vectors, batch, proxies)

    learn(learnt, loss, lesson, steps, LEARNING_RATE)
    return changes_of(changes)


def encoded(index: Path, texts: Sequence[str]) -> torch.Tensor:
    """The unit vectors that the encoder of an index has for texts, shape (texts, dimension)."""
    return torch.from_numpy(np.ascontiguousarray(Index.open(index).encoder.encode(texts), dtype=np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("index", type=Path, help="of the corpus, with its adapter.")
    parser.add_argument("larger", type=Path, help="the index of the same corpus with the larger model.")
    parser.add_argument("--corpus", type=Path, default=settings.packaged_corpus_path())
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, help="the file to write, if not that of the corpus.")
    options = parser.parse_args()
    corpus = read_corpus(options.corpus).checked()
    if Index.open(options.index).manifest.encoder.adapter != corpus.adapter:
        parser.error(f"{options.index} has another adapter than {options.corpus}; build it again: flexbot build --full")
    torch.manual_seed(0)
    lesson = Lesson.of(corpus)
    texts = Texts.of(lesson)
    smaller, larger = (encoded(index, texts.texts) for index in (options.index, options.larger))
    teacher = teach(texts, smaller, larger, len(corpus.entries))
    adapter = options.corpus / ADAPTER
    write(distil(teacher, lesson, adapter, options.steps), options.out or adapter)


if __name__ == "__main__":
    main()
