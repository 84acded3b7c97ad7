"""A model of one layer instead of the real one, and a corpus for it to learn from."""

import zlib
from pathlib import Path

import torch

from chatbot.corpus.corpus import Corpus
from chatbot.records import LabelledQuestion, Messages
from tests.builders import entry

ANSWERS, WORDS, DIMENSION = 24, 64, 16


class Tiny(torch.nn.Module):
    """Counts words, and multiplies the counts by one matrix; another stands outside of its blocks."""

    def __init__(self):
        super().__init__()
        self.max_seq_length = 50
        self.encoder = torch.nn.Module()
        self.encoder.layer = torch.nn.Sequential(torch.nn.Linear(WORDS, DIMENSION))
        self.pooling = torch.nn.Linear(DIMENSION, DIMENSION)
        with torch.random.fork_rng():
            torch.manual_seed(3)
            for weights in self.parameters():
                torch.nn.init.normal_(weights)

    def preprocess(self, texts):
        counts = torch.zeros(len(texts), WORDS)
        for row, text in enumerate(texts):
            for word in text.split():
                counts[row, zlib.crc32(word.encode()) % WORDS] += 1
        return counts

    def forward(self, counts):
        return {"sentence_embedding": self.pooling(self.encoder.layer(counts))}


def numbered(name, count):
    return tuple(f"{name} number {number}" for number in range(count))


def corpus_of_ways() -> Corpus:
    """Entries with ways to ask and messages, what is said after each answer but the last, and a warning sign."""
    answers = [
        entry(f"question {row}", *numbered(f"way {row}", 4), messages=Messages(numbered(f"message {row}", 4)))
        for row in range(ANSWERS)
    ]
    lists = Messages(numbered("it is a sign", 40), numbered("it is like one", 40), numbered("it may be one", 20))
    sign = entry("sign", kind="urgent", messages=lists)
    exchanges = tuple(
        LabelledQuestion("what then", (answers[row + 1].id,), answers[row].id) for row in range(ANSWERS - 1)
    )
    return Corpus(Path("corpus"), (*answers, sign), {}, "", (), {}, {}, {}, exchanges=exchanges)
