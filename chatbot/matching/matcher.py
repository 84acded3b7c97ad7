"""Query -> ranked entries, each with its evidence and a calibrated confidence. `fitting` makes what this reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, Flags, Rows, Vectors
from chatbot.matching.kernel_ridge import balance, base, influence, likeness
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.ranking import NO_ROWS, NOTHING, Ranking
from chatbot.text.cleaning import words

# Goes up when a fitted matcher would come out otherwise, or other words are right, so that a build makes these anew.
MATCHER_VERSION = 25
# Points that take part in the regression for a query: this many times what an entry has, within these bounds. Entries
# of thirty phrasings rank worse with only 96, those of ten do not; more than 192 rank none better.
_ENTRIES_NEAR, _FEWEST, _MOST = 6, 96, 192
# A wide entry lies further from its questions than a narrow one; this share of its usual distance is forgiven.
_TIGHTNESS = 0.5
# How many of the questions about other things tell how near a query is to them.
_OTHER_THINGS = 3
# A follow-up: what being related to the entry before is worth, and from which score on another entry is called for.
_RELATED_BONUS, _CALLED_FOR = 0.05, 0.3

# What tells whether a query is about what the corpus covers, whether its first match is the right one then, and whether
# it puts a warning sign.
COVERED = ("score", "centroid", "unlike other things")
RIGHT = ("lead", "score")
SIGN = ("score", "lead", "centroid", "unlike other things", "unlike look-alikes", "words")
SIGNALS = {"in_scope": COVERED, "top1_correct": RIGHT, "red_flag": SIGN}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry ranked for a query, by row, with the row of its phrasing that is most alike."""

    entry: int
    score: float
    confidence: float
    phrasing: int
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    """A query beside the points: the answers and the small talk near it, the warning signs near it, what look-alikes of
    those say against them, and the mean cosine to the nearest questions about other things.

    `held_out`: for a query that is itself a point, its entry and its cosine to that entry's centroid without it.
    """

    text: str
    vector: Vectors
    answers: Ranking
    signs: Ranking
    look_alikes: float
    other_things: float
    held_out: tuple[int, float] | None = None


@dataclass(frozen=True)
class Points:
    """Everything a query is compared with: the phrasings, then the texts of answers that are matched as well, then
    the look-alikes of warning signs, which speak against those.

    `entry_of` gives the row of each point's entry (`NONE` for look-alikes), shape (points,); the first `phrasings`
    points are phrasings, in the order of their entries. `urgent` says which entries are, shape (entries,).
    `background` holds the vectors of questions about other things.
    """

    search: NeighbourSearch
    entry_of: npt.NDArray[np.int32]
    phrasings: int
    urgent: npt.NDArray[np.bool_]
    lexical: LexicalIndex
    background: Vectors

    @cached_property
    def balance(self) -> Vectors:
        """See `regression.balance`."""
        return balance(np.bincount(self.entry_of[self.entry_of != NONE], minlength=len(self.urgent)))

    @cached_property
    def neighbours(self) -> int:
        """How many points take part in the regression for a query."""
        return int(np.clip(_ENTRIES_NEAR * len(self.entry_of) / len(self.urgent), _FEWEST, _MOST))

    @property
    def candidate_count(self) -> int:
        """How many points near a query are looked at, to find as many neighbours of each sort."""
        return 2 * self.neighbours

    def phrasing_of(self, point: int, entry: int) -> int:
        """The row of the phrasing to show for a point: itself, or its entry's own question."""
        return point if point < self.phrasings else int(np.searchsorted(self.entry_of[: self.phrasings], entry))


class Matcher:
    """Ranks entries by a regression among the points nearest to a query, and says how likely the first is right.

    Stateless after construction; any thread may use it. `centroids` has the shape (entries, dimension), `tightness`
    the shape (entries,); the models turn the signals named by `COVERED`, `RIGHT` and `SIGN` into probabilities.
    """

    def __init__(
        self, points: Points, centroids: Vectors, tightness: Vectors, models: Mapping[str, LogisticModel]
    ) -> None:
        self._points = points
        self._centroids = centroids
        self._tightness = tightness
        self._models = models

    def compare(self, text: str, vector: Vectors) -> Comparison:
        """A query, as its text and its unit vector, beside the points: what the other methods ask for."""
        return self.compare_all([text], vector[None])[0]

    def compare_all(
        self,
        texts: Sequence[str],
        vectors: Vectors,
        without: Sequence[Rows] | None = None,
        other_things: Sequence[int] | None = None,
    ) -> list[Comparison]:
        """`compare` of many queries, with their unit vectors of shape (texts, dimension): faster than one by one.

        To hold something out: `without` has, for each query, rows of points to look past; `other_things` the
        background row that each is itself.
        """
        past = [NO_ROWS] * len(texts) if without is None else without
        selves = [NONE] * len(texts) if other_things is None else other_things
        most = self._points.candidate_count
        found = self._points.search.nearest_to_each(vectors, most + max(map(len, past), default=0))
        compared = []
        for text, vector, (rows, cosines), left_out, itself in zip(texts, vectors, found, past, selves, strict=True):
            candidate_count = slice(most + len(left_out))
            rows, cosines = rows[candidate_count], cosines[candidate_count]
            if len(left_out):
                kept = ~np.isin(rows, left_out)
                rows, cosines = rows[kept], cosines[kept]
            compared.append(self._compared(text, vector, rows, cosines, self._near_other_things(vector, itself)))
        return compared

    def _compared(self, text: str, vector: Vectors, rows: Rows, cosines: Vectors, other_things: float) -> Comparison:
        points = self._points
        owner = points.entry_of[rows]
        is_sign = (owner != NONE) & points.urgent[owner]
        may_answer = (owner != NONE) & ~is_sign
        to_answer = may_answer & (np.cumsum(may_answer) <= points.neighbours)
        near = np.arange(len(rows)) < points.neighbours
        # Signs are ranked among what is nearest; where none of it is one, only what may answer is compared.
        needed = to_answer | near if is_sign[near].any() else to_answer
        rows, cosines, owner = rows[needed], cosines[needed], owner[needed]
        near, to_answer, is_sign = near[needed], to_answer[needed], is_sign[needed]
        shared = points.lexical.similarities(text, rows)
        alike = likeness(points.search.at(rows))
        answers, _ = self._ranking(to_answer, ~is_sign[to_answer], rows, cosines, shared, alike)
        signs, counts = self._ranking(near, is_sign[near], rows, cosines, shared, alike)
        look_alikes = float(counts[owner[near] == NONE].sum()) if len(counts) else 0.0
        return Comparison(text, vector, answers, signs, look_alikes, other_things)

    def rank(self, query: Comparison, k: int, sentences: Sequence[Comparison] = ()) -> list[Candidate]:
        """The `k` best entries for a query, best first; urgent ones stand aside, as they are screened for before.

        `sentences` are those of a longer message. Each adds half of what it says for an entry to what the whole
        says: a story drowns the question in the vector of the whole.
        """
        parts = [query, *sentences]
        entries = np.unique(np.concatenate([part.answers.entries for part in parts]))
        said = [part.answers.scores_of(entries) for part in parts]
        total = said[0] + sum(scores.clip(0) for scores in said[1:]) / 2
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

    def sign(self, query: Comparison) -> Candidate | None:
        """The urgent entry that a query matches best, with the probability that the query puts a warning sign."""
        found = self.sign_signals(query)
        if found is None:
            return None
        best = int(query.signs.scores.argmax())
        sure = float(self._models["red_flag"].probability(found[None, :])[0])
        return replace(self._candidate(query.signs, best), confidence=sure)

    def sign_signals(self, query: Comparison) -> Array | None:
        """The signals named by `SIGN`, shape (6,), for the best urgent entry; None when none is near."""
        if not len(query.signs.entries):
            return None
        best = int(query.signs.scores.argmax())
        score = float(query.signs.scores[best])
        rival = float(query.answers.scores.max(initial=0.0))
        closeness = self._closeness(query, query.signs.entries[best : best + 1])
        said = np.log(1 + len(words(query.text)))
        return np.array([score, score - rival, closeness[0], -query.other_things, -query.look_alikes, said])

    def signals(self, query: Comparison) -> tuple[Array, Array]:
        """The signals named by `COVERED` and by `RIGHT` of all entries near a query, shapes (entries, 3 and 2)."""
        ranking = query.answers
        if not len(ranking.entries):
            return np.empty((0, len(COVERED))), np.empty((0, len(RIGHT)))
        closeness = self._closeness(query, ranking.entries)
        unlike = np.full(len(closeness), -query.other_things)
        top = int(ranking.scores.argmax())
        rival = np.full(len(closeness), ranking.scores[top])
        rival[top] = np.delete(ranking.scores, top).max(initial=0.0)
        covered = np.column_stack((ranking.scores, closeness, unlike)).astype(np.float64)
        return covered, np.column_stack((ranking.scores - rival, ranking.scores)).astype(np.float64)

    def _closeness(self, query: Comparison, entries: Rows) -> Vectors:
        """How near the centroids of entries are, beside how near they are to their own phrasings, shape (n,)."""
        cosines = np.vecdot(self._centroids[entries], query.vector)
        if query.held_out:
            entry, cosine = query.held_out
            cosines[entries == entry] = cosine
        closeness: Vectors = cosines - _TIGHTNESS * self._tightness[entries]
        return closeness

    def _near_other_things(self, vector: Vectors, itself: int) -> float:
        cosines = np.vecdot(self._points.background, vector)
        if itself != NONE:
            cosines[itself] = -1.0
        most = min(_OTHER_THINGS, len(cosines))
        return float(np.partition(cosines, len(cosines) - most)[-most:].mean()) if most else 0.0

    def _ranking(
        self, among: Flags, speaks: Flags, rows: Rows, cosines: Vectors, shared: Vectors, alike: Vectors
    ) -> tuple[Ranking, Vectors]:
        """The entries of those points of `among` that speak for one, by a regression among all of these, and what each
        counts in it. `rows` are points near the query, nearest first, `shared` their words in common with it."""
        if not speaks.any():
            return NOTHING, cosines[:0]
        rows, cosines, shared, alike = rows[among], cosines[among], shared[among], alike[np.ix_(among, among)]
        points, least = self._points, base(len(self._points.urgent))
        counts = influence(alike, cosines, shared)
        entries, first, place = np.unique(points.entry_of[rows[speaks]], return_index=True, return_inverse=True)
        scores = least * (1 - counts.sum()) + np.bincount(place, counts[speaks], minlength=len(entries))
        most = np.zeros(len(entries), dtype=np.float32)
        np.maximum.at(most, place, shared[speaks])
        scores = (scores * points.balance[entries]).astype(np.float32)
        nearest = np.flatnonzero(speaks)[first]
        return Ranking(entries.astype(np.int64), scores, rows[nearest], cosines[nearest], most), counts

    def _agreed(self, parts: Sequence[Comparison], entries: Rows) -> list[Candidate]:
        """Candidates in the order of `entries`, each as the part of the message shows it that speaks for it most."""
        views = [view for part in parts for view in self._candidates(part, entries)]
        best: dict[int, Candidate] = {}
        for view in views:
            if view.entry not in best or view.confidence > best[view.entry].confidence:
                best[view.entry] = view
        return [best.get(int(entry)) or self._unseen(int(entry)) for entry in entries]

    def _candidates(self, query: Comparison, wanted: Rows) -> list[Candidate]:
        """Those of the entries `wanted` that are near a query."""
        covered, right = self.signals(query)
        covers = self._models["in_scope"].probability(covered)
        confidence = covers * self._models["top1_correct"].probability(right)
        found = []
        for place in np.flatnonzero(np.isin(query.answers.entries, wanted)).tolist():
            candidate = self._candidate(query.answers, place)
            evidence = dict(zip(COVERED, covered[place].tolist(), strict=True))
            evidence |= {"lead": float(right[place, 0]), **candidate.evidence, "covered": float(covers[place])}
            found.append(replace(candidate, confidence=float(confidence[place]), evidence=evidence))
        return found

    def _candidate(self, ranking: Ranking, place: int) -> Candidate:
        entry = int(ranking.entries[place])
        phrasing = self._points.phrasing_of(int(ranking.points[place]), entry)
        evidence = {
            "nearest phrasing": float(ranking.cosines[place]),
            "words in common": float(ranking.words[place]),
        }
        return Candidate(entry, float(ranking.scores[place]), 0.0, phrasing, evidence)

    def _unseen(self, entry: int) -> Candidate:
        """An entry that is ranked for what was said before, though nothing of it is near the message."""
        return Candidate(entry, 0.0, 0.0, self._points.phrasing_of(self._points.phrasings, entry), {"covered": 0.0})
