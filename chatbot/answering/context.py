"""What stands before a message in a conversation, and the entries that the message asks for in its light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.answering.reply import Reply
from chatbot.index.index import Index
from chatbot.matching.follow_ups import Before, Readings, mean_of
from chatbot.matching.matcher import Candidate
from chatbot.matching.points import Near
from chatbot.matching.specifics import words_unsaid
from chatbot.matching.turns import TurnReading
from chatbot.records import Entry
from chatbot.text.message import in_context

_LONGEST = 25  # words; a longer message says itself what it asks


@dataclass(frozen=True, slots=True)
class Context:
    """What a message follows: the `question` that was asked, and the `entry` that was shown for it; or, where `shown`
    is false, the likeliest of those that were offered."""

    question: str
    entry: Entry
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Following:
    """What a message asks for after what was before: the likeliest entries, best first; how likely it asks for none;
    and what kind of turn it is."""

    candidates: Sequence[Candidate]
    none: float
    turn: TurnReading


def context_of(index: Index, past: Sequence[Reply], asked: str) -> Context | None:
    """What a message goes on from: the last reply that showed an answer, or asked which one was meant; small talk and
    what had no answer do not end it. `asked`: what the newest reply is to, where it is known."""
    for reply in reversed(past):
        if reply.kind == "urgent":
            return None
        if reply.kind == "answer" and reply.id and reply.question:
            return Context(reply.question, index.entry(index.rows[reply.id]))
        if reply.kind == "clarify" and reply.suggestions and not _leads_back(reply):
            likeliest = index.entry(index.rows[reply.suggestions[0].id])
            question = asked if reply is past[-1] else reply.query
            return Context(question or likeliest.question, likeliest, shown=False)
    return None


def _leads_back(reply: Reply) -> bool:
    """Whether a reply that asks which was meant names first what it leans on: then that is still what it is about."""
    return reply.about is not None and reply.about == reply.suggestions[0].question


def screened_together(message: str, context: Context | None) -> list[str]:
    """A short message joined to what it may be about, to be screened for warning signs. Not after a warning sign:
    whatever is said then would be about that sign."""
    if context is None or not context.shown or context.entry.kind != "answer":
        return []
    return in_context(context.entry.question, message)


def compared_together(message: str, context: Context | None) -> list[str]:
    """The texts that a message is compared as after what was before, beside itself: the two together, and what was
    asked before; none where it does not go on from there."""
    if context is None or context.entry.kind != "answer" or len(message.split()) > _LONGEST:
        return []
    return [f"{context.question} {message}", context.question]


def follow(index: Index, message: str, near: Mapping[str, Near], context: Context, k: int) -> Following:
    """The `k` likeliest entries for a message in the light of `context`; `near` has what is near it and near the texts
    of `compared_together`."""
    together, asked = compared_together(message, context)
    alone, scorer = near[message], index.matcher.scorer
    between = mean_of(alone.vector[None], near[asked].vector[None])
    turn = index.turns.read(alone.vector)
    [mean] = index.points.near([message], between)
    readings = Readings(scorer.compare(alone), scorer.compare(near[together]), scorer.compare(mean), turn)
    entry = context.entry
    before = Before(
        index.rows[entry.id],
        [index.rows[other] for other in entry.related],
        bool(words_unsaid(index.matcher.rare_words(message), entry)),
    )
    candidates = index.follow_ups.rank(readings, before, k)
    return Following(candidates, 1 - candidates[0].in_scope if candidates else 1.0, turn)
