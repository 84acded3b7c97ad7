"""What is not for someone who has said what they have: told before, and instead of, the answer."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from chatbot import settings
from chatbot.answering.offers import related_offers, told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.index.index import Index
from chatbot.matching.conditions import Told
from chatbot.records import Condition, Entry, RelatedQuestion, Unsuited


def as_told(conditions: Iterable[Condition], told: Told) -> tuple[str, ...]:
    """Those of the conditions that the writer has, each as it follows "you", with how long ago or how far along, where
    that was said."""
    own = [each for each in conditions if each.id not in told.another]
    return tuple(_with_when(each.said, when) for each, when in _most_specific(own, told))


def told_of_another(conditions: Iterable[Condition], told: Told) -> tuple[str, ...]:
    """Those that somebody has for whom the writer asks, each as it follows "they", alike."""
    theirs = [each for each in conditions if each.id in told.another]
    return tuple(_with_when(each.said.replace("your ", "their "), when) for each, when in _most_specific(theirs, told))


def _most_specific(conditions: Sequence[Condition], told: Told) -> Iterator[tuple[Condition, str]]:
    """Those of one person's conditions that no other of them includes, as one thing is told once, each with when it
    was, be it that only of one it includes it was said."""
    included = {name for each in conditions for name in each.includes}
    for each in conditions:
        if each.id not in included:
            whens = (told.said.get(name, "") for name in (each.id, *each.includes))
            yield each, next(filter(None, whens), "")


def _with_when(said: str, when: str) -> str:
    return f"{said} ({when})" if when else said


def unsuited(entry: Entry, reasons: Sequence[Condition], told: Told) -> Unsuited:
    """That an entry is not for someone who `told` what they have, for these reasons."""
    return Unsuited(entry.id, entry.question, as_told(reasons, told), told_of_another(reasons, told))


def why_not(index: Index, entry: Entry, said: Container[str]) -> list[Condition]:
    """Those of the conditions `said` that an entry is not for."""
    return [each for each in index.conditions.of(entry.not_for) if each.id in said and each.entry != entry.id]


def suited(responder: Responder, reply: Reply, told: Told, shown: Container[str] = ()) -> Reply:
    """A reply, unless it shows an answer that is not for someone who `told` what they have: then one that says so and
    shows the entry that is for them, where there is one; where that was `shown` before (by its id), or there is none,
    it is only offered with what else suits them. What is offered beside is sorted by whether it is for them."""
    index = responder.index
    if reply.kind != "answer" or reply.id is None or not reply.answers:
        return _sorted_by_suiting(index, reply, told)
    entry = index.entry(index.rows[reply.id])
    reasons = why_not(index, entry, told.said)
    if not reasons:
        return _sorted_by_suiting(index, reply, told)
    instead = [index.entry(index.rows[each.entry]) for each in reasons if each.entry]
    suiting = next((each for each in instead if not why_not(index, each, told.said)), None)
    if suiting and suiting.id not in shown:
        other = _sorted_by_suiting(index, responder.entry_reply(suiting, reply.query), told)
    else:
        offers = suitable(index, entry, told, first=(suiting.id,) if suiting else ())
        other = responder.listed(offers, query=reply.query)
    return replace(
        other,
        unsuited=unsuited(entry, reasons, told),
        confidence=reply.confidence,
        caution=reply.caution,
        matches=reply.matches,
        read_as=reply.read_as,
    )


def _sorted_by_suiting(index: Index, reply: Reply, told: Told) -> Reply:
    """A reply whose suggestions begin with those that are for someone who `told` what they have, and say of the others
    that they are not; it goes on only with what is for them, and with what has a hint, as that was asked for."""
    if not told.said:
        return reply
    reasons = {
        offer.id: why_not(index, index.entry(index.rows[offer.id]), told.said)
        for offer in (*reply.suggestions, *reply.related)
    }
    suiting = [offer for offer in reply.suggestions if not reasons[offer.id]]
    others = [_not_for(offer, reasons[offer.id], told) for offer in reply.suggestions if reasons[offer.id]]
    related = tuple(offer for offer in reply.related if offer.hint or not reasons[offer.id])
    return replace(reply, suggestions=(*suiting, *others), related=related)


def _not_for(offer: RelatedQuestion, reasons: Sequence[Condition], told: Told) -> RelatedQuestion:
    whom = "them" if all(each.id in told.another for each in reasons) else "you"
    return replace(offer, hint="; ".join(filter(None, (offer.hint, f"not for {whom}"))))


def suiting_further(responder: Responder, entry_id: str, past: Iterable[Reply], told: Told, query: str) -> Reply | None:
    """What else suits someone for whom the entry is not than what was listed in the `past`; None where nothing does."""
    index = responder.index
    asked = [reply for reply in past if reply.unsuited and reply.unsuited.id == entry_id]
    listed = {offer.id for reply in asked for offer in reply.suggestions}
    offers = suitable(index, index.entry(index.rows[entry_id]), told, without=listed)
    return replace(responder.listed(offers, query), unsuited=asked[-1].unsuited) if offers and asked else None


def suitable(
    index: Index, entry: Entry, told: Told, first: Iterable[str] = (), without: Collection[str] = ()
) -> tuple[RelatedQuestion, ...]:
    """What suits someone who asked for `entry`, which does not: the entries `first`, then those that go on from it, and
    those that go on from these; none of `without`."""
    kept = (
        each
        for each in dict.fromkeys((*first, *_near(index, entry)))
        if each not in without and not why_not(index, index.entry(index.rows[each]), told.said)
    )
    return told_apart([index.offer(index.rows[each]) for each in islice(kept, settings.MAX_RELATED)])


def _near(index: Index, entry: Entry) -> Iterator[str]:
    """The ids of the answers that go on from `entry`, then of those that go on from these."""
    first = [offer.id for offer in related_offers(index, entry)]
    yield from first
    for each in first:
        further = related_offers(index, index.entry(index.rows[each]))
        yield from (offer.id for offer in further if offer.id != entry.id)
