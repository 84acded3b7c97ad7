"""What the bot says, as data, JSON, Markdown and plain text. How it looks in a terminal is `render`'s business."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from chatbot.answering.explain import explain
from chatbot.records import Answer, Care, Match, RelatedQuestion, Source
from chatbot.text.citations import number_citations
from chatbot.text.cleaning import strip_control

ReplyKind = Literal["answer", "clarify", "no-answer", "urgent", "small-talk"]
SCHEMA = 1

CARE_WORDS: Mapping[Care, str] = {
    "emergency": "EMERGENCY: call your local emergency number or go to an emergency department now",
    "same-day": "URGENT: get medical help today",
    "routine": "SEE A PROFESSIONAL: book a visit with your doctor or physiotherapist",
}
NO_STRETCH = "I am not offering a stretch for this."
_SURE, _FAIRLY_SURE = 0.85, 0.6
_TOPICS_NAMED = 8


@dataclass(frozen=True)
class Reply:
    """A reply to one question. Which fields are filled depends on `kind`:

    - answer, urgent, small-talk: `id`, `question`, `answers`; `care` with urgent, `related` with the others
    - clarify: `suggestions`, the entries to choose from
    - no-answer: `topics`, and in `suggestions` the nearest questions when there are near ones

    `confidence` is the probability, in [0, 1], that the first match is right. `disclaimer` is never empty.
    """

    kind: ReplyKind
    query: str
    disclaimer: str
    confidence: float
    id: str | None = None
    question: str | None = None
    topic: str = ""
    care: Care | None = None
    answers: tuple[Answer, ...] = ()
    reviewed: str | None = None
    related: tuple[RelatedQuestion, ...] = ()
    suggestions: tuple[RelatedQuestion, ...] = ()
    topics: tuple[str, ...] = ()
    subject: str = ""
    about: str | None = None
    matches: tuple[Match, ...] = field(default=(), repr=False)
    thresholds: Mapping[str, float] = field(default_factory=dict, repr=False)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every source cited, in the order of first citation; a citation's number is its place here, from 1."""
        cited = {source.id: source for answer in self.answers for source in answer.sources}
        return tuple(cited.values())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each cited source, by its id."""
        return {source.id: number for number, source in enumerate(self.sources, start=1)}

    @property
    def certainty(self) -> str:
        """`confidence` in words."""
        if self.confidence >= _SURE:
            return "sure"
        return "fairly sure" if self.confidence >= _FAIRLY_SURE else "not sure"

    @property
    def lead(self) -> str:
        """The bot's own words before what the corpus says; empty for an answer and for small talk."""
        if self.kind == "clarify":
            return "Did you mean"
        if self.kind == "urgent" and self.care:
            return CARE_WORDS[self.care]
        if self.kind == "no-answer":
            return f"I have no answer to that. {self._coverage()}".strip()
        return ""

    def _coverage(self) -> str:
        if self.subject:
            return f"I cover {self.subject}."
        if not self.topics:
            return ""
        named = [topic.replace("-", " ") for topic in self.topics[:_TOPICS_NAMED]]
        more = len(self.topics) - len(named)
        return f"I know about {', '.join(named)}" + (f" and {more} more topics." if more > 0 else ".")

    def to_dict(self) -> dict[str, Any]:
        """The reply as plain data, in schema 1: every field named here, absent values as null or an empty list.

        `answers[].text` is Markdown with `[@id]` citations as in the corpus; `answers[].sources` holds what they cite.
        """
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "query": self.query,
            "id": self.id,
            "question": self.question,
            "topic": self.topic,
            "care": self.care,
            "message": self.lead,
            "answers": [_answer_dict(answer) for answer in self.answers],
            "reviewed": self.reviewed,
            "confidence": round(self.confidence, 4),
            "about": self.about,
            "related": [related.to_dict() for related in self.related],
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
            "topics": list(self.topics),
            "disclaimer": self.disclaimer,
        }

    def to_json(self) -> str:
        """`to_dict()` as JSON on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def explain(self) -> str:
        """Why the bot replied so, in words: the first matches, their evidence, the confidence and the thresholds."""
        return explain(self.kind, self.confidence, self.matches, self.thresholds, self.about)

    def to_markdown(self) -> str:
        """The whole reply as Markdown."""
        return "\n\n".join(strip_control(block) for block in self._blocks()) + "\n"

    def __str__(self) -> str:
        """The whole reply as plain text, without wrapping."""
        text = re.sub(r"^#+ |\*\*(?=\S)|(?<=\S)\*\*|^> ", "", self.to_markdown(), flags=re.MULTILINE)
        return text.rstrip("\n")

    def _blocks(self) -> Iterator[str]:
        if self.lead:
            yield f"**{self.lead}**"
        if self.question:
            yield f"## {self.question}"
        if self.about:
            yield f"(about: {self.about})"
        for answer in self.answers:
            yield f"### {answer.viewpoint}"
            yield number_citations(answer.text, self.numbers)
        if self.kind == "urgent":
            yield NO_STRETCH
        if self.answers and self.answers[0].avoid_if:
            yield f"**Not for you if:** {' · '.join(self.answers[0].avoid_if)}"
        if self.sources:
            yield "### Sources"
            yield "\n".join(f"{n}. {source_line(source)}" for n, source in enumerate(self.sources, start=1))
        yield from self._offers()
        yield f"> {self.disclaimer}"

    def _offers(self) -> Iterator[str]:
        if self.suggestions:
            if self.kind == "no-answer":
                yield "Nearest, if it helps:"
            yield "\n".join(f"{n}. {offer.question}" for n, offer in enumerate(self.suggestions, start=1))
        if self.related:
            yield "### Continue with"
            yield "\n".join(
                f"{n}. **{offer.question}** {offer.viewpoint} · {offer.preview}"
                for n, offer in enumerate(self.related, start=1)
            )


def source_line(source: Source) -> str:
    """A source in one line, as a reference list shows it."""
    parts = [
        source.authors,
        f"({source.year})" if source.year else "",
        f"{source.title.rstrip('.')}.",
        source.container,
    ]
    return " ".join(part for part in [*parts, source.link] if part)


def _answer_dict(answer: Answer) -> dict[str, Any]:
    return {
        "viewpoint": answer.viewpoint,
        "text": answer.text,
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "authors": source.authors,
                "year": source.year,
                "container": source.container,
                "link": source.link,
                "verified": source.verified,
            }
            for source in answer.sources
        ],
        "avoid_if": list(answer.avoid_if),
    }
