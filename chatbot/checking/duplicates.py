"""The corpus's checks that need vectors: questions asked in two entries, and questions that stand in the wrong one.

Both only warn where it is clear. The encoder puts "before a run" as near "after a run" as "prior to a run", so a
cosine alone calls many a pair the same that any reader tells apart; a second witness has to agree each time.
"""

import re
from collections.abc import Iterator

import numpy as np

from chatbot.arrays import NONE, Rows, Vectors, unit
from chatbot.corpus.corpus import Corpus
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
    phrasings = Phrasings(index)
    problems = []
    for row, message in (*phrasings.duplicates(), *phrasings.collisions()):
        parsed = corpus.parsed[phrasings.id_of(row)]
        places = {text: (file, line) for text, file, line in parsed.phrasings()}
        file, line = places.get(phrasings.texts[row], (parsed.file, parsed.field_line("question")))
        problems.append(corpus.problem(file, line, message, "warning"))
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


class Phrasings:
    """The phrasings of an index beside each other, and beside a question that is to be added to them."""

    def __init__(self, index: Index) -> None:
        self.texts: list[str] = list(index.phrasings)
        self._ids: list[str] = list(index.ids)
        # The same number for the same words; that two entries hold a phrasing is for `read_corpus` to tell.
        self._wording: Rows = np.unique([normalise(text) for text in self.texts], return_inverse=True)[1]
        self._vectors: Vectors = np.asarray(index.vectors, dtype=np.float32)
        self._owner: Rows = np.asarray(index.phrasing_entry).astype(np.intp)
        self._urgent = np.array([index.kind(row) == "urgent" for row in range(len(self._ids))])
        self._sums = np.zeros((len(self._ids), self._vectors.shape[1]), dtype=np.float32)
        np.add.at(self._sums, self._owner, self._vectors)
        self._centroids = unit(self._sums)

    def id_of(self, row: int) -> str:
        """The id of the entry that a phrasing belongs to."""
        return self._ids[int(self._owner[row])]

    def duplicates(self) -> Iterator[tuple[int, str]]:
        """The phrasings that are nearly alike to one of an entry before, in vector and in words, and what to do."""
        step = max(1, _COSINES_AT_ONCE // len(self._vectors))
        for start in range(0, len(self._vectors), step):
            cosines = self._vectors[start : start + step] @ self._vectors.T
            for place, other in np.argwhere(cosines > NEAR_DUPLICATE).tolist():
                row = start + place
                if self._owner[row] <= self._owner[other] or self._wording[row] == self._wording[other]:
                    continue
                if what := self._asked_twice(self.texts[row], other, cosines[place, other]):
                    yield row, f"{what}; keep one of them"

    def collisions(self) -> Iterator[tuple[int, str]]:
        """The phrasings that, held out, belong to another entry, and what to do: its centroid is nearer by far than
        that of the entry's other phrasings, and so is its nearest phrasing; and these others have no more of its words.
        Warning signs are compared with one another only, as the matcher screens for them apart."""
        has_company = np.bincount(self._owner)[self._owner] > 1
        step = max(1, _COSINES_AT_ONCE // len(self._centroids))
        for start in range(0, len(self._owner), step):
            block = slice(start, start + step)
            vectors, owner = self._vectors[block], self._owner[block]
            rivals = self._rivals(vectors, owner, unit(self._sums[owner] - vectors))
            for place in np.flatnonzero((rivals != NONE) & has_company[block]).tolist():
                row = start + place
                cosines = self._vectors @ self._vectors[row]
                cosines[(self._wording == self._wording[row]) & (self._owner != self._owner[row])] = -1.0
                cosines[row] = -1.0
                if what := self._nearer_to(int(rivals[place]), self.texts[row], cosines, int(self._owner[row])):
                    yield row, f"{what}; move it there, or say here what it is about"

    def objection(self, text: str, vector: Vectors, entry_id: str) -> str | None:
        """What a check would say of `text`, with its unit vector, as a further phrasing of an entry; None: nothing."""
        entry = self._ids.index(entry_id)
        words = normalise(text)
        same = [row for row, known in enumerate(self.texts) if normalise(known) == words]
        if same:
            return f"{text!r} stands in {self.id_of(same[0])!r} already"
        cosines = self._vectors @ vector
        for other in np.flatnonzero((cosines > NEAR_DUPLICATE) & (self._owner != entry)).tolist():
            if what := self._asked_twice(text, other, cosines[other]):
                return what
        rival = int(self._rivals(vector[None], np.array([entry]), self._centroids[[entry]])[0])
        return None if rival == NONE else self._nearer_to(rival, text, cosines, entry)

    def look_alike_objection(self, text: str, vector: Vectors) -> str | None:
        """What is wrong with `text`, with its unit vector, as a look-alike: that it asks what a warning sign does."""
        cosines = self._vectors @ vector
        for other in np.flatnonzero((cosines > NEAR_DUPLICATE) & self._urgent[self._owner]).tolist():
            if what := self._asked_twice(text, other, cosines[other]):
                return what
        return None

    def _asked_twice(self, text: str, other: int, cosine: float) -> str | None:
        known = self.texts[other]
        if _words_shared(text, known) < _WORDS_SHARED:
            return None
        return f"{text!r} asks what {known!r} does in {self.id_of(other)!r} (cosine {cosine:.2f})"

    def _nearer_to(self, rival: int, text: str, cosines: Vectors, entry: int) -> str | None:
        """Whether a phrasing of the rival is nearer, too, and one of its own has no more of its words; `cosines` are
        those to all phrasings, -1 where one is not to be compared."""
        if cosines[self._owner == rival].max() - cosines[self._owner == entry].max() <= COLLISION:
            return None
        of_rival, of_own = (self._most_words_shared(text, cosines, each) for each in (rival, entry))
        if of_own > of_rival:
            return None
        return f"{text!r} is nearer to {self._ids[rival]!r} than to the rest of its own entry"

    def _most_words_shared(self, text: str, cosines: Vectors, entry: int) -> float:
        rows = np.flatnonzero((self._owner == entry) & (cosines > -1.0)).tolist()
        return max((_words_shared(text, self.texts[row]) for row in rows), default=0.0)

    def _rivals(self, vectors: Vectors, owner: Rows, own: Vectors) -> Rows:
        """For each vector of an entry with the centroid `own` without it: the entry whose centroid is nearest, where
        that is nearer by `COLLISION`, else `NONE`. Shape (vectors,)."""
        cosines = vectors @ self._centroids.T
        cosines[self._urgent[owner][:, None] != self._urgent[None, :]] = -1.0
        cosines[np.arange(len(owner)), owner] = -1.0
        nearer = cosines.max(axis=1) - np.vecdot(own, vectors) > COLLISION
        rivals: Rows = np.where(nearer, cosines.argmax(axis=1), NONE)
        return rivals


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
