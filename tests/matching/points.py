"""Points, scorers and matchers on vectors small enough to work out by hand."""

from math import exp

import numpy as np

from chatbot.arrays import NONE
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.scorer import NOTHING, Comparison, Points, Ranking, Scorer

X, Y, Z = np.eye(3, dtype=np.float32)
FAR = exp(-3)  # the kernel of vectors at right angles
# Models that say the score, the margin, and the warning sign's score.
MODELS = {
    "in_scope": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0])),
    "top1_correct": LogisticModel(np.array([1.0, 0.0, 0.0])),
    "red_flag": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
}


def points(vectors, owners, texts=None, urgent=(), phrasings=None, out_of_scope=()):
    vectors, entry_of = np.array(vectors, dtype=np.float32), np.array(owners, dtype=np.int32)
    texts = texts or ["." for _ in owners]
    lexical = LexicalIndex.fit(texts, np.where(entry_of == NONE, 99, entry_of), [])
    is_urgent = np.isin(np.arange(entry_of.max() + 1), urgent)
    others = np.array(out_of_scope, dtype=np.float32).reshape(-1, vectors.shape[1])
    return Points(NeighbourSearch(vectors), entry_of, phrasings or len(owners), is_urgent, lexical, others)


def scorer(*arguments, **options):
    return Scorer(points(*arguments, **options))


def matcher(of, intra_entry_similarity=0.0):
    """A matcher whose centroids are the first points of the entries."""
    first = [int(np.flatnonzero(of.entry_of == entry)[0]) for entry in range(len(of.urgent))]
    similarity = np.full(len(first), intra_entry_similarity, dtype=np.float32)
    return Matcher(Scorer(of), of.search.vectors[first], similarity, MODELS)


def ranking(scores):
    """A ranking of the entries that have scores; each one's nearest point is the row of the same number."""
    entries = np.array(sorted(scores), dtype=np.int64)
    values = np.array([scores[entry] for entry in sorted(scores)], dtype=np.float32)
    return Ranking(entries, values, entries, values, np.zeros_like(values))


def said(scores, text="said"):
    """A query that says this much for each entry."""
    return Comparison(text, X, ranking(scores) if scores else NOTHING, NOTHING, 0.0, 0.0)
