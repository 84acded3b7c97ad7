"""Teach the default encoder what people write: make `adapter.safetensors` in the folder of a corpus.

    python -m scripts.train_adapter            # about half an hour on two cores
    python -m scripts.train_adapter --steps 50 --out /tmp/adapter.safetensors

What is learnt, all at once, as low-rank changes of the weights (Hu et al., LoRA, 2021):
- phrasings of one entry lie together (Khosla et al., Supervised contrastive learning, 2020), and nearest the proxy of
  their entry among those of all entries (Movshovitz-Attias et al., No fuss distance metric learning, 2017);
- out-of-scope questions lie near no entry's proxy (Hendrycks et al., Deep anomaly detection with outlier exposure,
  2019);
- what people say next to an answer lies, behind the question of that answer, where the phrasings of the entry lie that
  they want then;
- messages with a warning sign lie on one side of a plane, and those that are like it and have none on the other.

One phrasing in five is held out, the same that `building` calibrates on. The same corpus gives the same adapter but for
rounding. Its SHA-256 is written beside it.
"""

import argparse
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from torch.nn.functional import normalize

from chatbot import settings
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import ADAPTER
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.export import load_default_model
from scripts.teaching.lesson import Batch, Lesson
from scripts.teaching.losses import loss_of
from scripts.teaching.low_rank import LEARNING_RATE, MAX_TOKENS, adapted, changes_of, encode, learn, weights_of, write

STEPS = 600


def first_proxies(model: SentenceTransformer, corpus: Corpus) -> torch.Tensor:
    """Where the phrasings of each entry lie before anything is learnt, shape (entries, dimension)."""
    with torch.no_grad():
        return torch.stack([encode(model, entry.phrasings[:30]).mean(dim=0) for entry in corpus.entries])


def train(
    model: SentenceTransformer, corpus: Corpus, steps: int, rate: float, first_block: int = 0
) -> dict[str, torch.Tensor]:
    """The adapter that the model learns from a corpus in so many steps, of its blocks from one on."""
    torch.manual_seed(0)
    model.max_seq_length = MAX_TOKENS
    changes = adapted(model, first_block)
    proxies = torch.nn.Parameter(normalize(first_proxies(model.eval(), corpus), dim=1))
    planes = torch.nn.Linear(proxies.shape[1], 2)
    model.train()
    learnt = [*weights_of(changes), proxies, *planes.parameters()]

    def loss(batch: Batch) -> torch.Tensor:
        return loss_of(encode(model, batch.texts), batch, proxies, planes)

    learn(learnt, loss, Lesson.of(corpus), steps, rate)
    return changes_of(changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=settings.packaged_corpus_path())
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, help="the file to write, if not that of the corpus.")
    options = parser.parse_args()
    corpus = read_corpus(options.corpus).checked()
    write(train(load_default_model(), corpus, options.steps, LEARNING_RATE), options.out or options.corpus / ADAPTER)


if __name__ == "__main__":
    main()
