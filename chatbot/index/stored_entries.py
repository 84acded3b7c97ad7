"""Entries and the sources that they cite, a line of JSON each; a reply reads its own entry's lines and no others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from chatbot.index.decoding import decoder
from chatbot.index.rows_by_id import RowsById
from chatbot.records import Answer, Dose, Entry, Source


def entry_to_json(entry: Entry) -> str:
    """An entry as one line of JSON; sources by id."""
    return json.dumps(
        {
            "id": entry.id,
            "question": entry.question,
            "answers": [
                [answer.viewpoint, answer.text, [source.id for source in answer.sources]] for answer in entry.answers
            ],
            "alternates": entry.alternate_questions,
            "look_alikes": entry.look_alikes,
            "related": entry.related,
            "avoid_if": entry.avoid_if,
            "reviewed": entry.reviewed.isoformat() if entry.reviewed else None,
            "kind": entry.kind,
            "care": entry.care,
            "caution": entry.caution,
            "topic": entry.topic,
            "command": entry.command,
            "in_shell": entry.in_shell,
            "not_for": entry.not_for,
            "figures": entry.figures,
            "dose": asdict(entry.dose) if entry.dose else None,
            "height": entry.height,
        },
        ensure_ascii=False,
    )


def entry_from_json(line: str, sources: Mapping[str, Source]) -> Entry:
    """The entry that `entry_to_json` wrote."""
    fields = json.loads(line)
    avoid_if = tuple(fields["avoid_if"])
    return Entry(
        id=fields["id"],
        question=fields["question"],
        answers=tuple(
            Answer(viewpoint, text, tuple(sources[source] for source in cited), avoid_if)
            for viewpoint, text, cited in fields["answers"]
        ),
        alternate_questions=tuple(fields["alternates"]),
        look_alikes=tuple(fields["look_alikes"]),
        related=tuple(fields["related"]),
        avoid_if=avoid_if,
        reviewed=date.fromisoformat(fields["reviewed"]) if fields["reviewed"] else None,
        kind=fields["kind"],
        care=fields["care"],
        caution=fields["caution"],
        topic=fields["topic"],
        command=fields["command"],
        in_shell=fields["in_shell"],
        not_for=tuple(fields["not_for"]),
        figures=tuple(fields["figures"]),
        dose=decoder(Dose)(fields["dose"]) if fields["dose"] else None,
        height=fields["height"],
    )


def sources_to_json(sources: Mapping[str, Source]) -> list[str]:
    """A line for each source, by id in ascending order."""
    return [json.dumps(asdict(sources[name]), ensure_ascii=False) for name in sorted(sources)]


class StoredSources(RowsById[Source]):
    """The sources of `sources_to_json`, by id."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(Source, lines)
