"""Tune a larger model on a corpus: the teacher of `distil_adapter`.

    python -m scripts.tune_larger FOLDER           # an hour and a half on two cores
    flexbot build --index LARGER --model FOLDER

The upper half of its blocks learns, by the same aims as `train_adapter` and with the same texts held out.
"""

import argparse
from pathlib import Path

from sentence_transformers import SentenceTransformer
from torch.nn.utils.parametrize import remove_parametrizations

from chatbot import settings
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.reader import read_corpus
from scripts.train_adapter import train

MODEL = "sentence-transformers/all-mpnet-base-v2"
STEPS = 600
_FIRST_BLOCK = 6  # of twelve
_LEARNING_RATE = 6e-4


def tune(model: SentenceTransformer, corpus: Corpus, steps: int) -> None:
    """Tune a model where it is. It reads texts as long as before."""
    max_tokens = model.max_seq_length
    learnt = train(model, corpus, steps, _LEARNING_RATE, _FIRST_BLOCK)
    for layer in {name.rpartition(".")[0] for name in learnt}:
        remove_parametrizations(model.get_submodule(layer), "weight")
    model.max_seq_length = max_tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="the folder to write the tuned model to.")
    parser.add_argument("--model", default=MODEL, help="the model to tune: its name or folder.")
    parser.add_argument("--corpus", type=Path, default=settings.packaged_corpus_path())
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    model, corpus = SentenceTransformer(options.model), read_corpus(options.corpus).checked()
    tune(model, corpus, options.steps)
    model.save(str(options.out))


if __name__ == "__main__":
    main()
