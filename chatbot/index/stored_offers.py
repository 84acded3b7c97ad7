"""What is shown of an entry beside a reply, kept apart: whole entries take far longer to read."""

import json
from dataclasses import asdict

from chatbot import settings
from chatbot.records import Answer, Entry, Kind, RelatedQuestion
from chatbot.text.cleaning import shorten


def offer_to_json(entry: Entry) -> str:
    """An entry as it is offered, with its kind, as one line of JSON."""
    first = entry.answers[0]
    offer = RelatedQuestion(entry.id, entry.question, first.viewpoint, _preview(first), entry.topic)
    return json.dumps([entry.kind, asdict(offer)], ensure_ascii=False)


def offer_from_json(line: str) -> tuple[Kind, RelatedQuestion]:
    """What `offer_to_json` wrote."""
    kind, offer = json.loads(line)
    return kind, RelatedQuestion(**offer)


def _preview(answer: Answer) -> str:
    from chatbot.text.reading import plain_text  # only when an index is built

    return shorten(plain_text(answer.text), settings.PREVIEW_CHARACTERS)
