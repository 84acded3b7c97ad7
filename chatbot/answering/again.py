"""An answer that was shown before and is asked about: the part of it that is meant, else all of it."""

from dataclasses import replace

from chatbot import settings
from chatbot.answering.answer_parts import answer_part
from chatbot.answering.reply import BELOW_SURE, Reply
from chatbot.arrays import NONE
from chatbot.index.index import Index
from chatbot.matching.turns import TurnReading
from chatbot.records import Part
from chatbot.text.cleaning import words

_WHOLE = "all of it"  # behind the question of an answer of which a part is shown


def again(index: Index, reply: Reply, turn: TurnReading) -> Reply:
    """A reply that shows the entry shown before: the part of it that is asked about, with the whole to choose, else all
    of it. It is no surer than fairly sure that this is what was asked for."""
    shown = replace(reply, again=True, confidence=min(reply.confidence, BELOW_SURE))
    part = _part(index, reply.query, turn)
    if part is None or reply.id is None:
        return shown
    cut = cut_to(index, shown, part.title)
    if not cut.answers:
        return shown
    whole = replace(index.offer(index.rows[reply.id]), hint=_WHOLE)
    related = (whole, *reply.related)[: settings.MAX_RELATED]
    return replace(cut, related=related)


def cut_to(index: Index, reply: Reply, title: str) -> Reply:
    """A reply cut down to the part of its answers that is called `title`; without answers where none is."""
    part = next((each for each in index.parts if each.title == title), None)
    answers = [cut for answer in reply.answers if part and (cut := answer_part(answer, part, index.parts))]
    return replace(reply, part=title, answers=tuple(answers))


def _part(index: Index, message: str, turn: TurnReading) -> Part | None:
    """The part of an answer that a message asks about: the one that it names, else the one that it sounds like."""
    asked = set(words(message))
    named = [part for part in index.parts if part.name in asked]
    if len(named) == 1:
        return named[0]
    return None if turn.part == NONE else index.parts[turn.part]
