"""A question set asked as a user would ask it, and what the bot did with each question."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot import Chatbot, QuestionError

OUT_OF_SCOPE = "out of scope"  # the kind of a question without an answer, when the set names none


@dataclass(frozen=True)
class Outcome:
    """What the bot did with one question.

    `expected`: ids that answer it (none: it should not be answered); `kind`: the kind of question, for those without
    an answer; `ranked`: ids by rank; `confidence`: that the first is right; `covered`: that the corpus answers the
    question at all; `action`: the kind of reply; `shown`: id of the entry that was shown; `listed`: ids that a
    clarification offered.
    """

    query: str
    expected: tuple[str, ...]
    kind: str
    expected_kind: str
    ranked: tuple[str, ...]
    confidence: float
    covered: float
    action: str
    shown: str
    listed: tuple[str, ...]
    seconds: float

    @property
    def in_scope(self) -> bool:
        return bool(self.expected)

    @property
    def right(self) -> bool:
        return bool(self.ranked) and self.ranked[0] in self.expected

    @property
    def reciprocal_rank(self) -> float:
        """1 / rank of the first right entry among the first ten, else 0."""
        return next((1 / rank for rank, entry in enumerate(self.ranked[:10], 1) if entry in self.expected), 0.0)

    @property
    def in_three(self) -> bool:
        return any(entry in self.expected for entry in self.ranked[:3])

    @property
    def decision(self) -> str:
        """What happened, in words that the report counts."""
        if self.action in ("clarify", "no-answer"):
            if self.action == "no-answer":
                return "declined"
            return "clarified, right one listed" if set(self.listed) & set(self.expected) else "clarified without"
        return "answered right" if self.shown in self.expected else "answered wrong"


def read_questions(file: Path) -> list[dict[str, Any]]:
    """The questions of a set that ask anything, in their order."""
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [fields for fields in lines if fields["query"].strip()]


def ask_all(bot: Chatbot, questions: Iterable[dict[str, Any]]) -> Iterator[Outcome]:
    """Ask every question of the set, one at a time, each in a conversation of its own."""
    bot.ask("warm up")
    for fields in questions:
        chat = bot.conversation()
        if "first" in fields:
            chat.ask(fields["first"]) if not fields.get("first_expected") else chat.open(fields["first_expected"][0])
        started = time.perf_counter()
        try:
            reply = chat.ask(fields["query"])
        except QuestionError:  # nothing that can be read: not answered
            continue
        seconds = time.perf_counter() - started
        yield Outcome(
            query=fields["query"],
            expected=tuple(fields["expected"]),
            kind=fields.get("kind", OUT_OF_SCOPE),
            expected_kind=fields.get("expected_kind", ""),
            ranked=tuple(match.id for match in reply.matches) or ((reply.id,) if reply.id else ()),
            confidence=reply.confidence,
            covered=reply.matches[0].in_scope if reply.matches else 0.0,
            action=reply.kind,
            shown=reply.id or "",
            listed=tuple(suggestion.id for suggestion in reply.suggestions),
            seconds=seconds,
        )
