"""A question set: what is asked, and what should come of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot import Chatbot

OUT_OF_SCOPE = "out of scope"  # the kind of a question without an answer, when the set names none
URGENT = "urgent"


@dataclass(frozen=True)
class Question:
    """A line of a set; `tests/evaluation/README.md` tells what its fields mean.

    `parts`: for each question that the message asks, the ids that answer it; `kind` and `style` name rows of the
    report; `first` is asked before, in the same conversation, or `opened` is the id that is opened instead; `suits`:
    whether what is expected is for someone who said what was said, None where nothing was.
    """

    query: str
    parts: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    style: str = ""
    expected_kind: str = ""
    first: str = ""
    opened: str = ""
    suits: bool | None = None

    @property
    def expected(self) -> tuple[str, ...]:
        """Every id that answers it, or one of its parts."""
        return tuple(entry for part in self.parts for entry in part)

    @property
    def is_sign(self) -> bool:
        return self.expected_kind == URGENT

    @property
    def in_scope(self) -> bool:
        """Whether it should be answered with an entry that the set names."""
        return bool(self.expected) and not self.is_sign

    @property
    def out_of_scope(self) -> bool:
        """Whether it should not be answered. Of a line that names a kind of reply alone nobody knows."""
        return not self.expected and not self.expected_kind


def read_questions(file: Path) -> list[Question]:
    """The questions of a set that ask anything, in their order."""
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [_question(fields) for fields in lines if fields["query"].strip()]


def _question(fields: dict[str, Any]) -> Question:
    expected = fields.get("expected") or []
    parts = expected if expected and isinstance(expected[0], list) else [expected]
    return Question(
        query=fields["query"],
        parts=tuple(map(tuple, parts)),
        kind=fields.get("kind", ""),
        style=fields.get("style", ""),
        expected_kind=fields.get("expected_kind", ""),
        first=fields.get("first", ""),
        opened=fields.get("after") or (fields.get("first_expected") or [""])[0],
        suits=fields.get("suits"),
    )


def own_questions(bot: Chatbot) -> list[Question]:
    """The question of every entry that answers one; that entry is expected."""
    return [Question(entry.question, ((entry.id,),)) for entry in bot.entries()]
