"""Points, scorers and matchers on vectors small enough to work out by hand."""

from math import exp

import numpy as np

from chatbot.arrays import NONE
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.points import ANSWER, LOOK_ALIKE, SIGN, Points
from chatbot.matching.scorer import NOTHING, Comparison, Ranking, Scorer

X, Y, Z = np.eye(3, dtype=np.float32)
NOTHING_SAID = LogisticModel(np.zeros(4))
FAR = exp(-3)  # the kernel of vectors at right angles
# Models that say the score and the margin.
MODELS = {
    "in_scope": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
    "top1_correct": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0])),
}


def points(vectors, owners, texts=None, urgent=(), phrasings=None, out_of_scope=(), kinds=None):
    """Points of entries; unless their kinds are given, of `urgent` ones signs, of none look-alikes, else answers."""
    vectors, entry_of = np.array(vectors, dtype=np.float32), np.array(owners, dtype=np.int32)
    texts = texts or ["." for _ in owners]
    lexical = LexicalIndex.fit(texts, np.where(entry_of == NONE, 99, entry_of), [])
    is_urgent = np.isin(np.arange(entry_of.max() + 1), urgent)
    if kinds is None:
        kinds = np.where(entry_of == NONE, LOOK_ALIKE, np.where(is_urgent[entry_of], SIGN, ANSWER))
    others = np.array(out_of_scope, dtype=np.float32).reshape(-1, vectors.shape[1])
    return Points(
        NeighbourSearch(vectors),
        entry_of,
        np.array(kinds, dtype=np.int8),
        phrasings or len(owners),
        is_urgent,
        lexical,
        others,
    )


def ring(count):
    """So many points, each a little further from X."""
    angles = np.linspace(0, 1.5, count)
    return np.column_stack((np.cos(angles), np.sin(angles), 0 * angles))


def near(of, text, vector, exclusion=None):
    """What is near one query."""
    return of.near([text], np.array([vector], dtype=np.float32), [exclusion] if exclusion else ())[0]


def compare(of, text, vector, exclusion=None):
    """One query beside some points."""
    return Scorer(of, NOTHING_SAID).compare(near(of, text, vector, exclusion))


def matcher(of, intra_entry_similarity=0.0):
    """A matcher whose centroids are the first points of the entries."""
    first = [int(np.flatnonzero(of.entry_of == entry)[0]) for entry in range(len(of.urgent))]
    similarity = np.full(len(first), intra_entry_similarity, dtype=np.float32)
    return Matcher(Scorer(of, NOTHING_SAID), of.search.vectors[first], similarity, MODELS)


def ranking(scores):
    """A ranking of the entries that have scores; each one's nearest point is the row of the same number."""
    entries = np.array(sorted(scores), dtype=np.int64)
    values = np.array([scores[entry] for entry in sorted(scores)], dtype=np.float32)
    return Ranking(entries, values, entries, values, np.zeros_like(values))


def said(scores, text="said"):
    """A query that says this much for each entry."""
    return Comparison(text, X, ranking(scores) if scores else NOTHING, 0.0)
