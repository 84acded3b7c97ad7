"""The questions that a matcher is fitted on, compared with points that do not know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.arrays import Flags, Rows, Vectors
from chatbot.building.coverage import FittedCoverage
from chatbot.building.training_set import TrainingSet
from chatbot.matching.points import ANSWER, Exclusion, Points
from chatbot.matching.scorer import Comparison, Scorer
from chatbot.records import Progress

ENOUGH = 30  # questions of a kind; fewer tell nothing
# More than so many questions of a kind make a fit longer, not better.
_MOST = 2000
_MOST_NEAR_MISSES = 600
_BATCH = 64  # questions compared at a time, to bound memory where much is held out


@dataclass(frozen=True)
class HeldOut:
    """Questions of each kind beside the points, without what these know of them.

    `phrasings`, whose entries are `owners`, are without their own point, `near_misses` (phrasings) without their entry,
    `out_of_scope` without themselves. `labelled` holds what labelled questions are read as, by text, and
    `labelled_near_misses` those with one answer without its entry.
    """

    owners: Sequence[int]
    phrasings: Sequence[Comparison]
    near_misses: Sequence[Comparison]
    out_of_scope: Sequence[Comparison]
    labelled: Mapping[str, Comparison]
    labelled_near_misses: Sequence[Comparison]


@dataclass(frozen=True)
class _Batch:
    texts: Sequence[str]
    vectors: Vectors
    exclusions: Sequence[Exclusion] = ()


class _Plan:
    """What is to be compared."""

    def __init__(self, points: Points, training: TrainingSet, similarity: Vectors, coverage: FittedCoverage) -> None:
        self.points = points
        self.training = training
        self.similarity = similarity
        self.coverage = coverage
        owner, self.urgent = points.entry_of[: points.phrasings], points.urgent
        # Phrasings whose entries have more than one, of all entries alike where there are very many.
        several = np.bincount(owner, minlength=len(self.urgent))[owner] > 1
        answers = points.kinds[: points.phrasings] == ANSWER
        self.phrasings = spread(unknown(several & answers, training), _MOST)

    def batches(self) -> dict[str, _Batch]:
        out_of_scope = self.training.out_of_scope
        read = [message.parts for message in self.training.labelled]
        labelled = {text: vector for each in read for text, vector in zip(each.texts, each.vectors, strict=True)}
        said = enumerate(self.coverage.of_out_of_scope.tolist())
        themselves = [Exclusion(out_of_scope=row, coverage=coverage) for row, coverage in said]
        return {
            "near_misses": self._without_entries(spread(self.phrasings, _MOST // 2)),
            "out_of_scope": _Batch(out_of_scope.texts, out_of_scope.vectors, themselves),
            "phrasings": self._without_points(self.phrasings),
            "labelled": _Batch(list(labelled), np.array(list(labelled.values()))),
            "labelled_near_misses": self._labelled_without_entries(),
        }

    def _labelled_without_entries(self) -> _Batch:
        with_one = [message for message in self.training.labelled if len(message.expected) == 1]
        some = with_one[:: len(with_one) // _MOST_NEAR_MISSES + 1]
        entries = [next(iter(message.expected)) for message in some]
        return _Batch(
            [message.parts.texts[0] for message in some],
            np.array([message.parts.vectors[0] for message in some]),
            [Exclusion(np.flatnonzero(self.points.entry_of == entry)) for entry in entries],
        )

    def _without_points(self, rows: Rows) -> _Batch:
        """Points beside all others, each with its entry's centroid as it is without it."""
        known = (self.points.entry_of, self.similarity, self.coverage.of_points)
        of_rows = zip(rows, *(each[rows].tolist() for each in known), strict=True)
        exclusions = [
            Exclusion(np.array([row]), centroid=(entry, cosine), coverage=coverage)
            for row, entry, cosine, coverage in of_rows
        ]
        return self._batch(rows, exclusions)

    def _without_entries(self, rows: Rows) -> _Batch:
        """Phrasings beside a corpus that lacks their entry; none where it has no other."""
        rows = rows if np.count_nonzero(~self.urgent) > 1 else rows[:0]
        owner = self.points.entry_of
        points_of = {entry: np.flatnonzero(owner == entry) for entry in set(owner[rows].tolist())}
        said = zip(owner[rows].tolist(), self.coverage.of_points[rows].tolist(), strict=True)
        return self._batch(rows, [Exclusion(points_of[entry], coverage=coverage) for entry, coverage in said])

    def _batch(self, rows: Rows, exclusions: Sequence[Exclusion]) -> _Batch:
        texts = self.training.points.texts
        return _Batch([texts[row] for row in rows], self.points.search.at(rows), exclusions)


def compare_held_out(
    scorer: Scorer, training: TrainingSet, similarity: Vectors, coverage: FittedCoverage, progress: Progress
) -> HeldOut:
    """Compare everything that a matcher of the points of `scorer` is fitted on.

    `similarity` is that of each point to the others of its entry, shape (points,). `progress` is told (done, total), in
    questions.
    """
    points = scorer.points
    plan = _Plan(points, training, similarity, coverage)
    batches = plan.batches()
    total, done = sum(len(batch.texts) for batch in batches.values()), 0
    compared: dict[str, list[Comparison]] = {name: [] for name in batches}
    for name, batch in batches.items():
        for start in range(0, len(batch.texts), _BATCH):
            progress(done, total)
            part = slice(start, start + _BATCH)
            near = points.near(batch.texts[part], batch.vectors[part], batch.exclusions[part])
            compared[name] += map(scorer.compare, near)
            done += len(batch.texts[part])
    progress(total, total)
    labelled = dict(zip(batches["labelled"].texts, compared.pop("labelled"), strict=True))
    return HeldOut(owners=points.entry_of[plan.phrasings].tolist(), labelled=labelled, **compared)


def unknown(wanted: Flags, training: TrainingSet) -> Rows:
    """Rows of the wanted points, which are the first or all, that the encoder was not tuned on; of all wanted, where
    those are too few."""
    rows = np.flatnonzero(wanted)
    unknown_rows = rows[training.held_out[rows]]
    return unknown_rows if len(unknown_rows) >= ENOUGH else rows


def spread(rows: Rows, most: int) -> Rows:
    """At most so many of `rows`, evenly spread."""
    some: Rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int)]
    return some
