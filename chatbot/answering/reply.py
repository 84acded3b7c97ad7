"""What the bot says, as data, JSON, Markdown and plain text. How it looks in a terminal is `render`'s business."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chatbot.answering.explain import explain
from chatbot.answering.schema import SCHEMA, ReplyKind, answer_to_dict, fields_of_reply, match_to_dict
from chatbot.records import Answer, Care, Match, RelatedQuestion, Source, Thresholds
from chatbot.text.cleaning import one_line
from chatbot.text.language import reads_english
from chatbot.text.layout import plain_lines
from chatbot.text.writing import escape_html, to_markdown

CARE_WORDS: Mapping[Care, str] = {
    "emergency": "EMERGENCY: call your local emergency number or go to an emergency department now",
    "same-day": "URGENT: get medical help today",
    "routine": "SEE A PROFESSIONAL: book a visit with your doctor or physiotherapist",
}
NOTHING_ELSE = "I am not offering anything else for this."
_SURE, _FAIRLY_SURE = 0.85, 0.6
_TOPICS_NAMED = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to one question: data that cannot change. Which fields are filled depends on `kind`:

    - answer, urgent, small-talk: `id`, `question`, `answers`; `care` with urgent, `related` with the others
    - clarify: `suggestions`, the entries to choose from
    - no-answer: `topics`, and in `suggestions` the nearest questions when there are near ones

    `confidence` is the probability, in [0, 1], that the first match is right. `disclaimer` is never empty.
    `to_dict` explains every field.
    """

    kind: ReplyKind
    query: str
    disclaimer: str
    confidence: float
    read_as: str | None = None
    language: str | None = None
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
    short_disclaimer: str | None = None
    matches: tuple[Match, ...] = field(default=(), repr=False)
    thresholds: Thresholds | None = field(default=None, repr=False)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source cited, in the order of first citation; a citation's number is its place here, from 1."""
        cited = {source.id: source for answer in self.answers for source in answer.sources}
        return tuple(cited.values())

    @property
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
        return f"{reads_english(self.language)} {self._lead()}" if self.language else self._lead()

    def _lead(self) -> str:
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
        """The reply as plain data, in schema 2: every key named here, absent values as null or an empty list.

        - `schema`: 2; `kind`: "answer", "clarify", "no-answer", "urgent" or "small-talk"
        - `query`: what was asked; `read_as`: the text that was matched instead, where its spelling was corrected;
          `language`: the language of the question (ISO 639-1) where that is not English, with clarify and no-answer
        - `id`, `question`, `topic`, `care` ("emergency", "same-day" or "routine", with urgent), `reviewed` (a day,
          2026-11-22): those of the entry that is shown
        - `message`: the bot's own words before what the corpus says
        - `answers`: `viewpoint`, `text` (Markdown with `[@id]` citations as in the corpus), `sources` (what they cite:
          `id`, `title`, `authors`, `year`, `container`, `link`, `verified`) and `avoid_if` of each
        - `confidence`: the probability that the first match is right, in [0, 1]
        - `about`: the question of the entry before, when the message was read as one that leans on it
        - `related`, `suggestions`: entries to go on with and entries to choose from, each with its `id`, `question`,
          `viewpoint`, `preview` (the first words of that answer), `topic`, `hint` (what tells it apart from what reads
          alike, else empty) and `label` (the question with its hint: what a list shows)
        - `topics` (with no-answer) and `subject` of the corpus; `disclaimer` and its `short_disclaimer`, if it has one
        - `matches`: the entries that match best, each with its `id`, `question`, `kind`, `score`, `confidence`,
          `in_scope` (the probability that the corpus covers the query), nearest `phrasing` and `evidence` by name
        - `thresholds`: the probabilities from which the bot would `answer`, `clarify` and take a message for `urgent`
        """
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "query": self.query,
            "read_as": self.read_as,
            "language": self.language,
            "id": self.id,
            "question": self.question,
            "topic": self.topic,
            "care": self.care,
            "message": self.lead,
            "answers": [answer_to_dict(answer) for answer in self.answers],
            "reviewed": self.reviewed,
            "confidence": round(self.confidence, 4),
            "about": self.about,
            "related": [related.to_dict() for related in self.related],
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
            "topics": list(self.topics),
            "subject": self.subject,
            "disclaimer": self.disclaimer,
            "short_disclaimer": self.short_disclaimer,
            "matches": [match_to_dict(match) for match in self.matches],
            "thresholds": asdict(self.thresholds) if self.thresholds else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Reply":
        """The reply that `to_dict` gave, but for the digits it left out. Raises `ValueError` for another schema."""
        fields = fields_of_reply(data)
        try:
            return cls(**fields)
        except TypeError as error:
            raise ValueError(f"not a reply of schema {SCHEMA} ({error})") from error

    def to_json(self) -> str:
        """`to_dict()` as JSON on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def explain(self) -> str:
        """Why the bot replied so, in words: the first matches, their evidence, the confidence and the thresholds."""
        return explain(self.kind, self.confidence, self.matches, self.thresholds, self.about)

    def to_markdown(self) -> str:
        """The whole reply as Markdown, without HTML."""
        return "\n\n".join(self._blocks(_MARKDOWN)) + "\n"

    def __str__(self) -> str:
        """The whole reply as plain text, without wrapping."""
        return "\n\n".join(self._blocks(_PLAIN))

    def _blocks(self, style: "_Style") -> Iterator[str]:
        if self.lead:
            yield style.line(self.lead, "**", "**")
        if self.question:
            yield style.line(self.question, "## ")
        if self.about:
            yield style.line(f"(about: {self.about})")
        if self.read_as:
            yield style.line(f"(read as: {self.read_as})")
        for answer in self.answers:
            yield style.line(answer.viewpoint, "### ")
            yield style.answer(answer.text, self.numbers)
        if self.kind == "urgent":
            yield NOTHING_ELSE
        if self.answers and self.answers[0].avoid_if:
            yield f"{style.line('Not for you if:', '**', '**')} {style.line(' · '.join(self.answers[0].avoid_if))}"
        if self.sources:
            yield style.line("Sources", "### ")
            yield _numbered(style.line(source_line(source)) for source in self.sources)
        yield from self._offers(style)
        yield style.line(self.disclaimer, "> ")

    def _offers(self, style: "_Style") -> Iterator[str]:
        if self.suggestions:
            if self.kind == "no-answer":
                yield "Nearest, if it helps:"
            yield _numbered(style.line(offer.label) for offer in self.suggestions)
        if self.related:
            yield style.line("Continue with", "### ")
            yield _numbered(
                f"{style.line(offer.label, '**', '**')} {style.line(f'{offer.viewpoint} · {offer.preview}')}"
                for offer in self.related
            )


@dataclass(frozen=True, slots=True)
class _Style:
    """How the parts of a reply are written: with marks or without."""

    words: Callable[[str], str]
    answer: Callable[[str, Mapping[str, int]], str]
    marks: bool

    def line(self, text: str, before: str = "", after: str = "") -> str:
        """`text` on one line, between marks."""
        return f"{before}{self.words(text)}{after}" if self.marks else self.words(text)


_MARKDOWN = _Style(lambda text: escape_html(one_line(text)), to_markdown, marks=True)
_PLAIN = _Style(one_line, plain_lines, marks=False)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def source_line(source: Source) -> str:
    """A source in one line, as a reference list shows it."""
    parts = [
        source.authors,
        f"({source.year})" if source.year else "",
        f"{source.title.rstrip('.')}.",
        source.container,
    ]
    return " ".join(part for part in [*parts, source.link] if part)
