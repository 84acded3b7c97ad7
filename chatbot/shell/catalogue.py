"""The entries' questions, by topic: what the shell lists, suggests and completes. No text here can drive a terminal."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chatbot.text import one_line

if TYPE_CHECKING:
    from chatbot.records import Entry

_FUZZY_AT_LEAST = 60


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
        """The questions that look most like `text`, words in any order and mistyped."""
        from rapidfuzz import fuzz, process, utils

        questions = [title.question for title in self.titles]
        found = process.extract(
            text,
            questions,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=count,
            score_cutoff=_FUZZY_AT_LEAST,
        )
        return [question for question, _, _ in found]
