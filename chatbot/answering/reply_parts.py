"""The parts of a reply as JSON, and back. `data/reply.schema.json` is the JSON Schema of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from chatbot.index.decoding import Misfit, decoder
from chatbot.records import Answer, Care, Caution, Figure, Kind, Match, RelatedQuestion, Source, Thresholds, Unsuited
from chatbot.text.language import is_told_apart

ReplyKind = Literal["answer", "clarify", "no-answer", "urgent", "small-talk"]
REPLY_KINDS: tuple[ReplyKind, ...] = get_args(ReplyKind)
SCHEMA = 5
# The kind of a reply that shows an entry of a kind.
REPLY_KIND_OF: Mapping[Kind, ReplyKind] = {
    "answer": "answer",
    "urgent": "urgent",
    "small-talk": "small-talk",
    "all-clear": "small-talk",
}
# What a reply's JSON holds besides its fields: it follows from them.
DERIVED = ("schema", "message")


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """An answer, its citations by id in the text."""
    return {
        "viewpoint": answer.viewpoint,
        "text": answer.text,
        "sources": [_source_to_dict(source) for source in answer.sources],
        "avoid_if": list(answer.avoid_if),
    }


def _source_to_dict(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "authors": source.authors,
        "year": source.year,
        "container": source.container,
        "link": source.link,
        "verified": source.verified,
    }


def match_to_dict(match: Match) -> dict[str, Any]:
    """A match, its numbers to four places."""
    return {
        "id": match.id,
        "question": match.question,
        "kind": match.kind,
        "score": round(match.score, 4),
        "confidence": round(match.confidence, 4),
        "in_scope": round(match.in_scope, 4),
        "phrasing": match.phrasing,
        "evidence": {name: round(value, 4) for name, value in match.evidence},
    }


def unsuited_to_dict(unsuited: Unsuited) -> dict[str, Any]:
    """What is not for someone, and why."""
    told = {"because": list(unsuited.because), "another": list(unsuited.another)}
    return {"id": unsuited.id, "question": unsuited.question, **told}


@dataclass(frozen=True, slots=True)
class _Source:
    id: str
    title: str
    authors: str
    year: str
    container: str
    link: str
    verified: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    viewpoint: str
    text: str
    sources: tuple[_Source, ...]
    avoid_if: tuple[str, ...]

    def answer(self) -> Answer:
        sources = (
            Source(each.id, each.title, each.authors, each.year, each.container, url=each.link, verified=each.verified)
            for each in self.sources
        )
        return Answer(self.viewpoint, self.text, tuple(sources), self.avoid_if)


@dataclass(frozen=True, slots=True)
class _Offer:
    id: str
    question: str
    viewpoint: str
    preview: str
    topic: str
    hint: str
    label: str

    def offer(self) -> RelatedQuestion:
        return RelatedQuestion(self.id, self.question, self.viewpoint, self.preview, self.topic, self.hint)


@dataclass(frozen=True, slots=True)
class _Match:
    id: str
    question: str
    kind: Kind
    score: float
    confidence: float
    in_scope: float
    phrasing: str
    evidence: Mapping[str, float]

    def match(self) -> Match:
        return Match(
            self.id,
            self.question,
            self.kind,
            self.score,
            self.confidence,
            self.in_scope,
            self.phrasing,
            tuple(self.evidence.items()),
        )


@dataclass(frozen=True, slots=True)
class _Reply:
    """A reply's JSON: what a field here and there share by name is alike."""

    schema: int
    kind: ReplyKind
    query: str
    read_as: str | None
    not_said: tuple[str, ...]
    language: str | None
    id: str | None
    question: str | None
    topic: str
    care: Care | None
    caution: Caution | None
    unsuited: Unsuited | None
    message: str
    answers: tuple[_Answer, ...]
    reviewed: str | None
    confidence: float
    about: str | None
    again: bool
    part: str | None
    figures: tuple[Figure, ...]
    related: tuple[_Offer, ...]
    suggestions: tuple[_Offer, ...]
    several: bool
    topics: tuple[str, ...]
    subject: str
    disclaimer: str
    short_disclaimer: str | None
    matches: tuple[_Match, ...]
    thresholds: Thresholds | None


def fields_of_reply(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a reply from its JSON. Raises `ValueError` for another schema and for what is no such reply."""
    if not isinstance(data, Mapping) or "schema" not in data:
        raise ValueError("not a reply: it names no schema; pass what `to_dict` gave, or what `json.loads` makes of it")
    if data["schema"] != SCHEMA:
        raise ValueError(f"a reply of schema {data['schema']!r}; this version reads schema {SCHEMA}")
    try:
        reply: _Reply = decoder(_Reply)(dict(data))
        if reply.language is not None and not is_told_apart(reply.language):
            raise Misfit(f"is {reply.language!r:.40}, not one that is told from English", ("language",))
    except Misfit as error:
        raise ValueError(f"not a reply of schema {SCHEMA}: {error}") from error
    return {
        **{each.name: getattr(reply, each.name) for each in fields(reply) if each.name not in DERIVED},
        "answers": tuple(each.answer() for each in reply.answers),
        "related": tuple(each.offer() for each in reply.related),
        "suggestions": tuple(each.offer() for each in reply.suggestions),
        "matches": tuple(each.match() for each in reply.matches),
    }
