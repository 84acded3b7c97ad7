"""The parts of a reply as JSON, and back. `data/reply.schema.json` is the JSON Schema of the whole."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from chatbot.records import Answer, Caution, Kind, Match, RelatedQuestion, Source, Thresholds

ReplyKind = Literal["answer", "clarify", "no-answer", "urgent", "small-talk"]
REPLY_KINDS: tuple[ReplyKind, ...] = get_args(ReplyKind)
SCHEMA = 3
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


def fields_of_reply(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a reply from its JSON. Raises `ValueError` for another schema and for what is no such reply."""
    if not isinstance(data, Mapping) or "schema" not in data:
        raise ValueError("not a reply: it names no schema; pass what `to_dict` gave, or what `json.loads` makes of it")
    if data["schema"] != SCHEMA:
        raise ValueError(f"a reply of schema {data['schema']!r}; this version reads schema {SCHEMA}")
    if data.get("kind") not in REPLY_KINDS:
        raise ValueError(f"not a reply of schema {SCHEMA}: its kind is {data.get('kind')!r}")
    try:
        return {
            **{name: value for name, value in data.items() if name not in DERIVED},
            "caution": Caution(**data["caution"]) if data["caution"] else None,
            "answers": tuple(map(_answer, data["answers"])),
            "related": _offers(data["related"]),
            "suggestions": _offers(data["suggestions"]),
            "not_said": tuple(data["not_said"]),
            "topics": tuple(data["topics"]),
            "matches": tuple(map(_match, data["matches"])),
            "thresholds": Thresholds(**data["thresholds"]) if data["thresholds"] else None,
        }
    except KeyError as error:
        raise ValueError(f"not a reply of schema {SCHEMA}: {error} is missing") from error
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a reply of schema {SCHEMA} ({error})") from error


def _answer(data: Mapping[str, Any]) -> Answer:
    sources = tuple(
        Source(**{name: value for name, value in source.items() if name != "link"}, url=source["link"])
        for source in data["sources"]
    )
    return Answer(data["viewpoint"], data["text"], sources, tuple(data["avoid_if"]))


def _offers(data: Iterable[Mapping[str, Any]]) -> tuple[RelatedQuestion, ...]:
    return tuple(RelatedQuestion(**{name: value for name, value in offer.items() if name != "label"}) for offer in data)


def _match(data: Mapping[str, Any]) -> Match:
    return Match(**{**data, "evidence": tuple(data["evidence"].items())})
