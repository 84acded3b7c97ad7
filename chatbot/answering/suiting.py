"""What is not for someone who has said what they have: told before, and instead of, the answer."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from chatbot.answering.offers import told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.index.index import Index
from chatbot.records import Condition, Entry, Unsuited


def as_told(conditions: Iterable[Condition], said: Mapping[str, str]) -> tuple[str, ...]:
    """Conditions as they follow "you", with how long ago or how far along, where that was said."""
    return tuple(f"{each.said} ({said[each.id]})" if said[each.id] else each.said for each in conditions)


def why_not(index: Index, entry: Entry, said: Container[str]) -> list[Condition]:
    """Those of the conditions `said` that an entry is not for."""
    return [each for each in index.conditions.of(entry.not_for) if each.id in said and each.entry != entry.id]


def suited(responder: Responder, reply: Reply, said: Mapping[str, str], last: Reply | None = None) -> Reply:
    """A reply, unless it shows an answer that is not for someone with the conditions `said` (by id, with how long ago
    or how far along): then one that says so and shows the entry that is for them, where there is one.

    Who asks for the same again, right after that (`last`), is shown it, with the same words before it.
    """
    index = responder.index
    if reply.kind != "answer" or reply.id is None or not reply.answers:
        return reply
    entry = index.entry(index.rows[reply.id])
    reasons = why_not(index, entry, said)
    if not reasons:
        return reply
    unsuited = Unsuited(entry.id, entry.question, as_told(reasons, said))
    if last and last.unsuited and last.unsuited.id == entry.id:
        return replace(reply, unsuited=unsuited)
    instead = [index.entry(index.rows[each.entry]) for each in reasons if each.entry]
    suiting = next((each for each in instead if not why_not(index, each, said)), None)
    if suiting:
        shown = responder.entry_reply(suiting, reply.query, reply.confidence)
        return replace(shown, unsuited=unsuited, caution=reply.caution, matches=reply.matches, read_as=reply.read_as)
    others = [other for other in reply.related if not set(said) & set(index.entry(index.rows[other.id]).not_for)]
    return replace(responder.listed(told_apart(others), query=reply.query), unsuited=unsuited, caution=reply.caution)
