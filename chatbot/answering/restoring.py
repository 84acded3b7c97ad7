"""A reply of an earlier conversation, as far as one goes on from it."""

from dataclasses import replace

from chatbot.answering.again import cut_to
from chatbot.answering.offers import told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.answering.state import Shown
from chatbot.answering.suiting import unsuited, why_not
from chatbot.matching.conditions import Told
from chatbot.records import Unsuited


def restored(responder: Responder, shown: Shown, told: Told) -> Reply | None:
    """The reply that was shown to someone who `told` what they have; None for one whose entry is no longer there."""
    index = responder.index
    if shown.entry is not None and shown.entry not in index.rows:
        return None
    offers = told_apart([index.offer(index.rows[offer]) for offer in shown.offers if offer in index.rows])
    if shown.entry:
        entry = index.entry(index.rows[shown.entry])
        reply = replace(responder.entry_reply(entry, entry.question), related=offers)
    else:
        reply = responder.listed(offers, asks_back=shown.asks_back)
    caution = responder.caution(shown.caution) if shown.caution in index.rows else None
    reply = replace(reply, caution=caution, unsuited=_unsuited(responder, shown.unsuited, told))
    return cut_to(index, reply, shown.part) if shown.part else reply


def _unsuited(responder: Responder, entry_id: str | None, told: Told) -> Unsuited | None:
    """What was told not to be for them, as it was; None where nothing that is known speaks against it."""
    index = responder.index
    if entry_id not in index.rows:
        return None
    entry = index.entry(index.rows[str(entry_id)])
    reasons = why_not(index, entry, told.said)
    return unsuited(entry, reasons, told) if reasons else None
