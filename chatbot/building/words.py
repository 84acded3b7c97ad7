"""The texts of a corpus whose words queries are corrected towards."""

from collections.abc import Sequence

from chatbot.records import Entry
from chatbot.text.reading import plain_text


def written(entries: Sequence[Entry]) -> tuple[list[str], list[str]]:
    """What was reviewed, whose words are right, and what was written as people type, which may have mistakes."""
    reviewed = [
        text for entry in entries for text in (entry.question, *(plain_text(each.text) for each in entry.answers))
    ]
    typed = [
        text
        for entry in entries
        for text in (
            *entry.phrasings[1:],
            *entry.look_alikes,
            *entry.messages.look_alikes,
            *entry.messages.cautions,
        )
    ]
    return reviewed, typed
