"""The corpus's checks that need vectors: questions asked in two entries, and questions that stand in the wrong one.

Both only warn where it is clear. The encoder puts "before a run" as near "after a run" as "prior to a run", so a
cosine alone calls many a pair the same that any reader tells apart; a second witness has to agree each time.
"""

import re
from collections.abc import Iterator

import numpy as np

from chatbot.arrays import Rows, Vectors, unit
from chatbot.corpus.reader import Corpus
from chatbot.index.index import Index
from chatbot.records import Problem
from chatbot.text.cleaning import normalise

NEAR_DUPLICATE = 0.9  # cosine
_WORDS_SHARED = 0.8  # of the words of both
# By how much another entry's centroid, and its nearest phrasing, have to be nearer than those of a question's own.
COLLISION = 0.25
_COSINES_AT_ONCE = 1 << 24

_FILLERS = re.compile(
    r"\b(?:an?|the|and|or|of|to|on|at|for|from|with|by|my|me|i|you|your|its?|is|are|am|be|was|do|does|did|can|could"
    r"|should|would|will|what|which|how|why|when|that|this|if|so|get)\b"
)


def check_vectors(corpus: Corpus, index: Index) -> list[Problem]:
    """Near-duplicates and collisions among the phrasings of `corpus`, from the index that was built from it."""
    comparison = _Comparison(corpus, index)
    problems = [*comparison.duplicates(), *comparison.collisions()]
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


class _Comparison:
    def __init__(self, corpus: Corpus, index: Index) -> None:
        self.corpus = corpus
        self.ids: list[str] = list(index.ids)
        self.texts: list[str] = list(index.phrasings)
        # The same number for the same words; that two entries hold a phrasing is for `read_corpus` to tell.
        self.wording: Rows = np.unique([normalise(text) for text in self.texts], return_inverse=True)[1]
        self.vectors: Vectors = np.asarray(index.vectors, dtype=np.float32)
        self.owner: Rows = np.asarray(index.phrasing_entry).astype(np.intp)
        self.urgent = np.array([entry.kind == "urgent" for entry in index.entries()])

    def duplicates(self) -> Iterator[Problem]:
        """Questions of two entries that are nearly alike, in vector and in words."""
        for row, other, cosine in self._near():
            one, two = self.texts[row], self.texts[other]
            if self.wording[row] != self.wording[other] and _words_shared(one, two) >= _WORDS_SHARED:
                message = (
                    f"{one!r} asks what {two!r} does in {self._id(other)!r} (cosine {cosine:.2f}); keep one of them"
                )
                yield self._problem(row, message)

    def collisions(self) -> Iterator[Problem]:
        """Questions that, held out, belong to another entry: its centroid is nearer by far than that of the question's
        other phrasings, and so is its nearest phrasing. Warning signs are compared with one another only, as the
        matcher screens for them apart."""
        rows, rivals = self._nearer_to_another()
        for row, rival in zip(rows.tolist(), rivals.tolist(), strict=True):
            cosines = self.vectors @ self.vectors[row]
            cosines[row] = -1.0
            own, theirs = self.owner == self.owner[row], (self.owner == rival) & (self.wording != self.wording[row])
            if cosines[theirs].max(initial=-1.0) - cosines[own].max() > COLLISION:
                message = (
                    f"{self.texts[row]!r} is nearer to {self.ids[rival]!r} than to the rest of its own entry;"
                    " move it there, or say here what it is about"
                )
                yield self._problem(row, message)

    def _nearer_to_another(self) -> tuple[Rows, Rows]:
        """The phrasings to which another entry's centroid is nearer than their own by `COLLISION`, and that entry."""
        sums = np.zeros((len(self.ids), self.vectors.shape[1]), dtype=np.float32)
        np.add.at(sums, self.owner, self.vectors)
        centroids = unit(sums)
        has_company = np.bincount(self.owner)[self.owner] > 1
        nearer = [(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))]
        step = max(1, _COSINES_AT_ONCE // len(centroids))
        for start in range(0, len(self.owner), step):
            block = slice(start, start + step)
            vectors, owner = self.vectors[block], self.owner[block]
            own = np.vecdot(unit(sums[owner] - vectors), vectors)
            cosines = vectors @ centroids.T
            cosines[self.urgent[owner][:, None] != self.urgent[None, :]] = -1.0
            cosines[np.arange(len(owner)), owner] = -1.0
            rows = np.flatnonzero(has_company[block] & (cosines.max(axis=1) - own > COLLISION))
            nearer.append((start + rows, cosines[rows].argmax(axis=1)))
        rows, rivals = map(np.concatenate, zip(*nearer, strict=True))
        return rows, rivals

    def _near(self) -> Iterator[tuple[int, int, float]]:
        """Pairs of phrasings of different entries, the later one first, whose cosine is above `NEAR_DUPLICATE`."""
        step = max(1, _COSINES_AT_ONCE // len(self.vectors))
        for start in range(0, len(self.vectors), step):
            cosines = self.vectors[start : start + step] @ self.vectors.T
            for row, other in np.argwhere(cosines > NEAR_DUPLICATE).tolist():
                if self.owner[start + row] > self.owner[other]:
                    yield start + row, other, float(cosines[row, other])

    def _id(self, row: int) -> str:
        return self.ids[int(self.owner[row])]

    def _problem(self, row: int, message: str) -> Problem:
        parsed = self.corpus.parsed[self._id(row)]
        lines = dict(parsed.alternate_questions())
        line = lines.get(self.texts[row]) or parsed.field_line("question")
        return self.corpus.problem(parsed.file, line, message, "warning")


def _words_shared(one: str, other: str) -> float:
    """The share of the telling words of two questions that stand in both, whatever their endings and slips."""
    first, second = _telling_words(one), _telling_words(other)
    both = [word for word in first if any(_same(word, candidate) for candidate in second)]
    return len(both) / max(1, len(first) + len(second) - len(both))


def _telling_words(question: str) -> list[str]:
    return list(dict.fromkeys(_FILLERS.sub(" ", normalise(question)).split()))


def _same(word: str, other: str) -> bool:
    """Whether two words are forms of one: "hip" and "hips", "stretching" and "stretches", "flexors" and "flexers"."""
    from rapidfuzz.distance import OSA

    stem, other_stem = _stem(word), _stem(other)
    return stem == other_stem or (min(len(stem), len(other_stem)) >= 6 and OSA.distance(stem, other_stem) == 1)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word
