"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, Vectors
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.scorer import Comparison, Ranking, Scorer

# What tells of each of some entries, by name, in arrays of the shape (entries,).
Evidence = dict[str, npt.NDArray[np.floating[Any]]]

# Goes up when a fitted matcher would come out otherwise, or other words are right, so that a build makes these anew.
MATCHER_VERSION = 27
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_FORGIVEN = 0.5
# A follow-up: what being related to the entry before is worth, and from which score on another entry is called for.
_RELATED_BONUS, _CALLED_FOR = 0.05, 0.3

# What tells whether the corpus covers a query, and whether its first match is the right one then: the evidence that
# each model reads, 1 where it speaks for that and -1 where it speaks against it.
SIGNALS: Mapping[str, Mapping[str, int]] = {
    "in_scope": {"score": 1, "centroid_similarity": 1, "oos_similarity": -1},
    "top1_correct": {"margin": 1, "score": 1},
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
        parts = [query, *sentences]
        entries = np.unique(np.concatenate([part.answers.entries for part in parts]))
        part_scores = [part.answers.scores_of(entries) for part in parts]
        total = part_scores[0] + sum(scores.clip(0) for scores in part_scores[1:]) / 2
        return self._agreed(parts, entries[np.argsort(-total, kind="stable")[:k]])

    def follow_up(
        self, alone: Comparison, joined: Comparison, previous: int, related: Sequence[int], k: int
    ) -> list[Candidate]:
        """The `k` best entries for a message that leans on the entry `previous`, best first.

        `joined` is the message after that entry's question. What the two say together counts most, the message alone
        half as much, and the entry's own `related` ones are a little likelier. When nothing else is called for, it is
        the entry itself that was asked about.
        """
        near = {*alone.answers.entries.tolist(), *joined.answers.entries.tolist(), *related}
        rows = np.array(sorted(near - {previous}), dtype=np.int64)
        merged = joined.answers.scores_of(rows) + alone.answers.scores_of(rows) / 2
        merged += _RELATED_BONUS * np.isin(rows, related)
        order = np.argsort(-merged, kind="stable")
        called_for = [int(rows[place]) for place in order[:k] if merged[place] >= _CALLED_FOR]
        return self._agreed([joined, alone], np.array([*called_for, previous][:k], dtype=np.int64))

    def rare_words(self, text: str) -> set[str]:
        """The words of a query that are rare in the corpus and elsewhere, so that they tell what it is about."""
        return self._points.lexical.rare_words(text)

    def evidence(self, query: Comparison) -> Evidence:
        """What tells of each entry near a query whether it answers it, by name, in arrays of the shape (entries,)."""
        ranking = query.answers
        return {
            "score": ranking.scores,
            "margin": ranking.scores - _rivals(ranking.scores),
            "centroid_similarity": self._centroid_similarity(query, ranking.entries),
            "oos_similarity": np.full(len(ranking.entries), query.oos_similarity),
            "nearest_phrasing": ranking.cosines,
            "words_in_common": ranking.words,
        }

    def _centroid_similarity(self, query: Comparison, entries: Rows) -> Vectors:
        """Cosines to the centroids of entries, less half of how near these are to their own phrasings, shape (n,)."""
        cosines = np.vecdot(self._centroids[entries], query.vector)
        if query.exclusion and query.exclusion.centroid:
            entry, cosine = query.exclusion.centroid
            cosines[entries == entry] = cosine
        similarity: Vectors = cosines - _FORGIVEN * self._intra_entry_similarity[entries]
        return similarity

    def _agreed(self, parts: Sequence[Comparison], entries: Rows) -> list[Candidate]:
        """Candidates in the order of `entries`, each as the part of the message shows it that speaks for it most."""
        best: dict[int, Candidate] = {}
        for part in parts:
            for candidate in self._candidates(part, entries):
                known = best.setdefault(candidate.entry, candidate)
                if candidate.confidence > known.confidence:
                    best[candidate.entry] = candidate
        return [best.get(int(entry)) or self._not_near(int(entry)) for entry in entries]

    def _candidates(self, query: Comparison, wanted: Rows) -> list[Candidate]:
        """Those of the entries `wanted` that are near a query."""
        evidence = self.evidence(query)
        in_scope = self._models["in_scope"].probability(signals("in_scope", evidence))
        confidence = in_scope * self._models["top1_correct"].probability(signals("top1_correct", evidence))
        return [
            self._candidate(
                query.answers, place, float(confidence[place]), float(in_scope[place]), _row(evidence, place)
            )
            for place in np.flatnonzero(np.isin(query.answers.entries, wanted)).tolist()
        ]

    def _candidate(
        self, ranking: Ranking, place: int, confidence: float, in_scope: float, evidence: Mapping[str, float]
    ) -> Candidate:
        entry = int(ranking.entries[place])
        phrasing = self._points.phrasing_of(int(ranking.points[place]), entry)
        return Candidate(entry, phrasing, float(ranking.scores[place]), confidence, in_scope, evidence)

    def _not_near(self, entry: int) -> Candidate:
        """An entry that is ranked for what was said before, though nothing of it is near the message."""
        return Candidate(entry, self._points.phrasing_of(self._points.phrasings, entry), 0.0, 0.0, 0.0, {})


def _rivals(scores: Vectors) -> Vectors:
    """For each of some entries the best score of the others; for the best entry no less than 0."""
    if not len(scores):
        return scores
    top = int(scores.argmax())
    rivals = np.full_like(scores, scores[top])
    rivals[top] = np.delete(scores, top).max(initial=0.0)
    return rivals


def _row(columns: Evidence, place: int) -> dict[str, float]:
    return {name: float(column[place]) for name, column in columns.items()}
