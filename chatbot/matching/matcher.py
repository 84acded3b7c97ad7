"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Rows, Vectors
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.scorer import Comparison, Scorer

# What tells of each of some entries, by name, in arrays of the shape (entries,).
Evidence = dict[str, npt.NDArray[np.floating[Any]]]

# Goes up when a fitted matcher would come out otherwise, or other words are right, so that a build makes these anew.
MATCHER_VERSION = 53
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_FORGIVEN = 0.5

# What tells whether the corpus covers a message, and whether its first match is the right one then: the evidence that
# each model reads, 1 where it speaks for that and -1 where it speaks against it.
SIGNALS: Mapping[str, Mapping[str, int]] = {
    "in_scope": {"score": 1, "sentence_score": 1, "centroid_similarity": 1, "oos_similarity": -1, "coverage": 1},
    "top1_correct": {"margin": 1, "total_margin": 1, "score": 1},
}


def signals(model: str, evidence: Mapping[str, Any]) -> Array:
    """What a model of `SIGNALS` reads of evidence, either that of one entry, shape (signals,), or of several in arrays
    of the shape (entries,), shape (entries, signals)."""
    return np.stack([sign * evidence[name] for name, sign in SIGNALS[model].items()], axis=-1).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry ranked for a query, by row, with the row of its phrasing that is most alike.

    `in_scope` is the probability that the corpus covers the query; `confidence` that this entry is the right one.
    """

    entry: int
    phrasing: int
    score: float
    confidence: float
    in_scope: float
    evidence: Mapping[str, float]


class Matcher:
    """Ranks entries by their scores, and says how likely the first is right.

    Stateless after construction; any thread may use it. `centroids` has the shape (entries, dimension),
    `intra_entry_similarity` the shape (entries,); the models turn `SIGNALS` into probabilities.
    """

    def __init__(
        self,
        scorer: Scorer,
        centroids: Vectors,
        intra_entry_similarity: Vectors,
        models: Mapping[str, LogisticModel],
    ) -> None:
        self.scorer = scorer
        self._points = scorer.points
        self._centroids = centroids
        self._intra_entry_similarity = intra_entry_similarity
        self._models = models

    def rank(self, query: Comparison, k: int, sentences: Sequence[Comparison] = ()) -> list[Candidate]:
        """The `k` best entries for a query, best first; urgent ones stand aside, as they are screened for before.

        `sentences` are those of a longer message. Each adds half of what it says for an entry to what the whole
        says: a story drowns the question in the vector of the whole.
        """
        message = _Message([query, *sentences])
        order = np.argsort(-message.total, kind="stable")[:k]
        return self._candidates(message, order)

    def candidates(self, query: Comparison, entries: Rows) -> list[Candidate]:
        """Some entries for a query, near it or not, in their order."""
        message = _Message([query], entries.tolist())
        return self._candidates(message, np.searchsorted(message.entries, entries))

    def in_scope(self, query: Comparison) -> float:
        """The probability that the corpus covers a query, by the best entry for it; 0 when nothing is near."""
        best = self.rank(query, 1)
        return best[0].in_scope if best else 0.0

    def cosines_to_centroids(self, vector: Vectors, entries: Rows) -> Vectors:
        """The cosines of a unit vector to the centroids of some entries, shape (entries,)."""
        cosines: Vectors = np.vecdot(self._centroids[entries], vector)
        return cosines

    def rare_words(self, text: str) -> set[str]:
        """The words of a query that are rare in the corpus and elsewhere, so that they tell what it is about."""
        return self._points.lexical.rare_words(text)

    def evidence(self, query: Comparison, sentences: Sequence[Comparison] = ()) -> Evidence:
        """What tells of each entry near a query whether it answers it, by name, in arrays of the shape (entries,)."""
        return self._evidence(_Message([query, *sentences]))

    def _evidence(self, message: "_Message") -> Evidence:
        whole, score = message.parts[0], message.scores[0]
        cosines, words, _ = message.nearest
        return {
            "score": score,
            "margin": score - _rivals(score),
            "sentence_score": message.scores[1:].max(axis=0, initial=-np.inf) if len(message.parts) > 1 else score,
            "total_margin": message.total - _rivals(message.total),
            "centroid_similarity": self._centroid_similarity(whole, message.entries),
            "oos_similarity": np.full(len(message.entries), whole.oos_similarity),
            "coverage": np.full(len(message.entries), whole.coverage),
            "nearest_phrasing": cosines,
            "words_in_common": words,
        }

    def _centroid_similarity(self, query: Comparison, entries: Rows) -> Vectors:
        """Cosines to the centroids of entries, less half of how near these are to their own phrasings, shape (n,)."""
        cosines = np.vecdot(self._centroids[entries], query.vector)
        if query.exclusion and query.exclusion.centroid:
            entry, cosine = query.exclusion.centroid
            cosines[entries == entry] = cosine
        similarity: Vectors = cosines - _FORGIVEN * self._intra_entry_similarity[entries]
        return similarity

    def _candidates(self, message: "_Message", places: Rows) -> list[Candidate]:
        """The entries of a message in some places, in that order."""
        evidence = self._evidence(message)
        in_scope = self._models["in_scope"].probability(signals("in_scope", evidence))
        confidence = in_scope * self._models["top1_correct"].probability(signals("top1_correct", evidence))
        _, _, points = message.nearest
        return [
            Candidate(
                entry := int(message.entries[place]),
                self._points.phrasing_of(
                    int(points[place]) if points[place] != NONE else self._points.phrasings, entry
                ),
                float(message.scores[0][place]),
                float(confidence[place]),
                float(in_scope[place]),
                {name: float(column[place]) for name, column in evidence.items()},
            )
            for place in places.tolist()
        ]


class _Message:
    """A message as its parts, the whole first, beside all entries near one of them: by row in rising order, shape
    (entries,), with the score of each part for each, shape (parts, entries), and the total of these."""

    def __init__(self, parts: Sequence[Comparison], besides: Collection[int] = ()) -> None:
        self.parts = parts
        near = [part.answers.entries for part in parts]
        self.entries = np.unique(np.concatenate([*near, np.array(sorted(besides), dtype=np.int64)]))
        self.scores = np.stack([part.answers.scores_of(self.entries) for part in parts])
        self.total: Vectors = self.scores[0] + self.scores[1:].clip(0).sum(axis=0) / 2

    @cached_property
    def nearest(self) -> tuple[Vectors, Vectors, Rows]:
        """For each entry, from the part that has the point nearest to it: the cosine, the share of words in common and
        the row of that point; 0, 0 and `NONE` where no part is near."""
        cosines, words = np.zeros_like(self.total), np.zeros_like(self.total)
        points = np.full(len(self.entries), NONE)
        for ranking in (part.answers for part in self.parts):
            place = np.searchsorted(self.entries, ranking.entries)
            nearer = (ranking.cosines > cosines[place]) | (points[place] == NONE)
            cosines[place[nearer]] = ranking.cosines[nearer]
            words[place[nearer]] = ranking.words[nearer]
            points[place[nearer]] = ranking.points[nearer]
        return cosines, words, points


def _rivals(scores: Vectors) -> Vectors:
    """For each of some entries the best score of the others; for the best entry no less than 0."""
    if not len(scores):
        return scores
    top = int(scores.argmax())
    rivals = np.full_like(scores, scores[top])
    rivals[top] = np.delete(scores, top).max(initial=0.0)
    return rivals
