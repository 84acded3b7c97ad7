"""The entries' questions, by topic: what the shell lists, suggests and completes. No text here can drive a terminal."""

import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING

from chatbot.text.cleaning import normalise, one_line

if TYPE_CHECKING:
    from chatbot.records import Entry

_SPELT_ALIKE = 75  # of 100
_SHARED = 0.5
_BEGUN = 3  # letters from which a word is taken for the beginning of another
_NO_TOPIC = "other"
_NO_TOPIC_BESIDE_OTHER = "(none)"  # what entries without a topic stand under where one has that name


@dataclass(frozen=True, slots=True)
class Title:
    """An entry as it is listed."""

    id: str
    question: str
    topic: str


class Catalogue:
    """The titles of the entries that answer questions, in the corpus's order."""

    def __init__(self, titles: Sequence[Title]) -> None:
        self.titles = tuple(titles)

    @classmethod
    def of(cls, entries: "Iterable[Entry]") -> "Catalogue":
        """The catalogue of a corpus's entries."""
        answers = (entry for entry in entries if entry.kind == "answer")
        return cls([Title(entry.id, one_line(entry.question), one_line(entry.topic)) for entry in answers])

    @cached_property
    def topics(self) -> dict[str, list[Title]]:
        """The titles by topic; those without one under an empty name."""
        topics: dict[str, list[Title]] = {}
        for title in self.titles:
            topics.setdefault(title.topic, []).append(title)
        return topics

    @cached_property
    def topic_names(self) -> dict[str, str]:
        """What each topic is called in lists: words for hyphens, unless that would make it look like another."""
        alike = Counter(_folded(topic or _NO_TOPIC) for topic in self.topics)
        return {
            topic: (topic or _NO_TOPIC).replace("-", " ")
            if alike[_folded(topic or _NO_TOPIC)] == 1
            else topic or _NO_TOPIC_BESIDE_OTHER
            for topic in self.topics
        }

    def topics_called(self, name: str) -> list[str]:
        """The topics that `name` may mean: the one of just that name, else those that differ in case or hyphens."""
        names = self.topic_names
        exactly = [topic for topic in names if name in (topic, names[topic])]
        return exactly or [topic for topic in names if _folded(names[topic]) == _folded(name)]

    def topics_begun(self, name: str) -> list[str]:
        """The topics whose name begins with `name`, in any case, as they are listed."""
        return [listed for listed in self.topic_names.values() if _folded(listed).startswith(_folded(name))]

    def sample(self, count: int) -> list[Title]:
        """Some titles by chance, each of another topic if there are enough topics."""
        several = [random.choice(titles) for titles in self.topics.values()]  # noqa: S311 -- not a secret
        pool = several if len(several) >= count else self.titles
        return random.sample(pool, min(count, len(pool)))

    def continuation(self, text: str) -> str:
        """What a question has after `text`, for the first that begins with it in any case; empty when none does."""
        begun = text.casefold()
        for title in self.titles:
            if title.question[: len(text)].casefold() == begun:
                return title.question[len(text) :]
        return ""

    def alike(self, text: str, count: int) -> list[str]:
        """The questions that share most with `text`: its words begun, mistyped and in any order, rare ones first.

        None that has less than half of what there is to share; of those that share as much, the shortest first.
        """
        shared: dict[str, float] = {}
        whole = 0.0
        for word in normalise(text).split():
            weights = self._weights(word)
            whole += max(weights.values(), default=math.log(1 + len(self.titles)))
            for place, weight in weights.items():
                question = self.titles[place].question
                shared[question] = shared.get(question, 0) + weight
        found = [question for question, weight in shared.items() if weight >= _SHARED * whole]
        return nsmallest(count, found, key=lambda question: (-shared[question], len(question)))

    def _weights(self, word: str) -> dict[int, float]:
        """What `word` adds to each question that has it, or one spelt much like it."""
        from rapidfuzz import fuzz, process

        known = process.extract(word, self._places.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE, limit=None)
        likeness = {spelt: score / 100 for spelt, score, _ in known}
        if len(word) >= _BEGUN:
            likeness |= {spelt: 1.0 for spelt in self._places if spelt.startswith(word)}
        nearest: dict[int, float] = {}
        for spelt, alike in likeness.items():
            nearest |= {place: max(alike, nearest.get(place, 0)) for place in self._places[spelt]}
        rarity = math.log(1 + len(self.titles) / max(len(nearest), 1))
        return {place: alike * rarity for place, alike in nearest.items()}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places of the titles that have a word, by the word."""
        places: dict[str, list[int]] = {}
        for place, title in enumerate(self.titles):
            for word in set(normalise(title.question).split()):
                places.setdefault(word, []).append(place)
        return places


def _folded(name: str) -> str:
    """A topic's name as it is compared with what someone types."""
    return re.sub(r"[-_\s]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()
