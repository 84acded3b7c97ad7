"""A conversation: questions that lean on the reply before, and choices from its lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot import settings
from chatbot.answering.again import cut_to
from chatbot.answering.arguments import text_argument
from chatbot.answering.choice import chosen_places, confirms, is_none, is_yes, named_place
from chatbot.answering.context import Context
from chatbot.answering.offers import told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.answering.state import ConversationState, Shown
from chatbot.answering.suiting import as_told, suited, why_not
from chatbot.records import RelatedQuestion, Unsuited
from chatbot.text.message import clean_question
from chatbot.text.sentences import questions

_WHAT_GOES_ON = "what goes on from it"
_AT_FIRST = 3  # so many of what goes on from an answer are shown with it
_MOST_KEPT = 8  # replies that one can go back to


class Conversation:
    """One person's exchange with the bot. Keep one for each person; it is not to be shared between threads.

    `last` is the newest reply, None at the beginning. `said` holds what the person has told of themselves: conditions
    by id, with how long ago or how far along. `sign` is the id of the warning sign that was described and that nobody
    has looked at yet, None when there is none: until someone has, care comes before any stretch.
    """

    def __init__(self, responder: Responder, state: ConversationState | None = None) -> None:
        self._responder = responder
        state = state or ConversationState()
        known = responder.index.rows
        self.said = {name: when for name, when in state.said.items() if name in responder.index.conditions.ids}
        self._past = [reply for shown in state.shown if (reply := self._restored(shown))]
        self._asked = state.asked
        self.sign = state.sign if state.sign in known else None
        self._seen_to = state.seen_to if state.seen_to in known else None  # the sign that was looked at: its card stays

    @property
    def last(self) -> Reply | None:
        return self._past[-1] if self._past else None

    @property
    def told(self) -> tuple[str, ...]:
        """What the person has told of themselves, each as it follows "you": "have a new hip (3 months ago)"."""
        return as_told(self._responder.index.conditions.of(self.said), self.said)

    @property
    def subject(self) -> str | None:
        """The question that the conversation is about; None when it is about none."""
        context = self._context()
        return context.entry.question if context and context.shown else None

    def ask(self, question: str) -> Reply:
        """The reply to a question in the light of the one before. Raises `QuestionError`.

        After a list, "2", "the second one", "1 and 3", "none" or "the one about surgery" chooses from it.
        """
        text = clean_question(text_argument(question, "question"))
        context = None if is_none(text) else self._context()  # "none" asks nothing of what was shown
        reply = self._confirmed(text) or self._chosen(text) or self._responder.reply(text, context)
        said = self._responder.said(text)
        self.said |= {name: when or self.said.get(name, "") for name, when in said.items()}
        if reply.kind != "urgent":
            if done := self._done(reply):
                return self._remember(self._care_first(done, text), text)
            reply = self._named(text) or self._asked_for_another(reply, text, said) or reply
        return self._remember(self._in_the_light_of_signs(reply, text), text)

    def open(self, entry_id: str) -> Reply:
        """The reply that shows an entry, as when it is chosen from a list. Raises `KeyError` for an unknown id."""
        opened = self._opened(text_argument(entry_id, "entry_id"), "")
        return self._remember(self._care_first(opened, ""))

    def back(self) -> Reply | None:
        """Return to the reply before the last, which becomes the last again; None when there is none."""
        before = self._before_the_last()
        return None if before is None else self._remember(self._care_first(before, ""))

    def forget(self) -> None:
        """Forget what was asked, shown and told, all but a warning sign that nobody has looked at."""
        self._past, self.said, self._seen_to, self._asked = [], {}, None, ""

    def to_dict(self, *, messages: bool = False) -> dict[str, object]:
        """What the conversation knows, as plain data that `Chatbot.conversation` goes on from: a few hundred bytes as
        JSON. No words of a message are in it, unless `messages` asks for the newest one; without it, what follows a
        list of suggestions leans on the first of these instead."""
        state = ConversationState(
            shown=tuple(_shown(reply) for reply in self._past),
            said=self.said,
            sign=self.sign,
            seen_to=self._seen_to,
            asked=self._asked if messages else "",
        )
        return state.to_dict()

    def _in_the_light_of_signs(self, reply: Reply, text: str) -> Reply:
        """The reply to a message; `sign` is set or cleared by what it says."""
        if reply.kind != "urgent" and self.sign and (all_clear := self._responder.all_clear(text)):
            self._seen_to, self.sign = self.sign, None
            asked = questions(text)
            reply = self._responder.reply(asked) if asked else self._opened(all_clear, text)
        if reply.kind == "urgent":
            self.sign = reply.id
        return self._care_first(reply, text)

    def _care_first(self, reply: Reply, text: str) -> Reply:
        """The reply to `text`, unless a warning sign was described before: then that comes first. One that was looked
        at leaves its card, as nobody knows what was seen, or whose. What is not for someone who said what was said is
        not shown at once."""
        if self.sign and reply.kind != "urgent":
            urgent = self._opened(self.sign, text)
            return replace(urgent, about=urgent.question)
        reply = suited(self._responder, reply, self.said, self.last)
        if self._seen_to and reply.kind != "urgent" and not reply.caution:
            return replace(reply, caution=self._responder.caution(self._seen_to))
        return reply

    def _done(self, reply: Reply) -> Reply | None:
        """The reply once what small talk asks for is done; None where it asks for nothing, or there is nothing yet."""
        index = self._responder.index
        command = index.entry(index.rows[reply.id]).command if reply.kind == "small-talk" and reply.id else None
        shown = next(filter(_goes_on, reversed(self._past)), None)
        if command == "again" and shown:
            return replace(shown, query=reply.query, again=shown.kind == "answer")
        if command == "back":
            return replace(before, query=reply.query) if (before := self._before_the_last()) else None
        if command == "more" and shown and shown.related:
            related = (*shown.related[_AT_FIRST:], *shown.related[:_AT_FIRST])  # those that no list showed come first
            goes_on = replace(shown, query=reply.query, again=True, part=_WHAT_GOES_ON, answers=(), related=related)
            return replace(goes_on, unsuited=None)
        if command == "forget":
            self.forget()
        return None

    def _asked_for_another(self, reply: Reply, text: str, said: Mapping[str, str]) -> Reply | None:
        """What was shown before, where a message tells that it is not for who asks now ("and with a new hip?") and that
        is not clearly about something else."""
        context = self._context()
        if context is None or not context.shown:
            return None
        reasons = why_not(self._responder.index, context.entry, said)
        is_about_it = reply.kind != "answer" or reply.id in {context.entry.id, *(each.entry for each in reasons)}
        return self._opened(context.entry.id, text) if reasons and is_about_it else None

    def _before_the_last(self) -> Reply | None:
        """Go back by a reply, which is no longer among those that one can go back to."""
        if len(self._past) < 2:
            return None
        self._past.pop()
        return self._past.pop()

    def _opened(self, entry_id: str, query: str) -> Reply:
        index = self._responder.index
        entry = index.entry(index.rows[entry_id])
        return self._responder.entry_reply(entry, query or entry.question)

    def _context(self) -> Context | None:
        """What a message goes on from: the last reply that showed an answer, or asked which one was meant; small talk
        and what had no answer do not end it."""
        index = self._responder.index
        for reply in reversed(self._past):
            if reply.kind == "urgent":
                return None
            if reply.kind == "answer" and reply.id and reply.question:
                return Context(reply.question, index.entry(index.rows[reply.id]))
            if reply.kind == "clarify" and reply.suggestions and not self._leads_back(reply):
                likeliest = index.entry(index.rows[reply.suggestions[0].id])
                asked = self._asked if reply is self.last else reply.query
                return Context(asked or likeliest.question, likeliest, shown=False)
        return None

    def _leads_back(self, reply: Reply) -> bool:
        """Whether a reply that asks which was meant names first what it leans on: then that is still what it is
        about."""
        return reply.about is not None and reply.about == reply.suggestions[0].question

    def _chosen(self, text: str) -> Reply | None:
        """The reply that opens what a message chooses by number of what the last reply offered; of several the first,
        which offers the others. Where it wants none of those that might have been meant, the next are offered."""
        if self.last is None:
            return None
        offers = self.last.suggestions or self.last.related
        if self._asks_back and is_none(text):
            return self._responder.others(self.last, text)
        places = chosen_places(text, len(offers))
        if not places and self._asks_back and is_yes(text):
            places = [0]
        return self._opened_of(offers, places, text) if places else None

    def _opened_of(self, offers: Sequence[RelatedQuestion], places: Sequence[int], text: str) -> Reply:
        first, *others = [offers[place] for place in places]
        reply = self._opened(first.id, text)
        kept = [offer for offer in reply.related if offer.id not in {each.id for each in (first, *others)}]
        return replace(reply, related=told_apart([*others, *kept])[: settings.MAX_RELATED]) if others else reply

    def _confirmed(self, text: str) -> Reply | None:
        """The reply to a message that says yes to the card of a warning sign: what it says may be one is one."""
        caution = self.last.caution if self.last else None
        return self._opened(caution.id, text) if caution and confirms(text) else None

    def _named(self, text: str) -> Reply | None:
        """The reply that opens the one of the suggestions which a short message names by what it is about."""
        if self.last is None or not self._asks_back:
            return None
        labels = [offer.label for offer in self.last.suggestions]
        place = named_place(text, labels, self._responder.index.lexical.weight)
        return None if place is None else self._opened(self.last.suggestions[place].id, text)

    @property
    def _asks_back(self) -> bool:
        """Whether the last reply asked which of several was meant."""
        return self.last is not None and self.last.kind == "clarify"

    def _remember(self, reply: Reply, asked: str = "") -> Reply:
        self._past = [*self._past, reply][-_MOST_KEPT:]
        self._asked = asked
        return reply

    def _unsuited(self, entry_id: str | None) -> Unsuited | None:
        """What was told not to be for them, as it was; None where nothing that is known speaks against it."""
        index = self._responder.index
        if entry_id not in index.rows:
            return None
        entry = index.entry(index.rows[str(entry_id)])
        reasons = why_not(index, entry, self.said)
        return Unsuited(entry.id, entry.question, as_told(reasons, self.said)) if reasons else None

    def _restored(self, shown: Shown) -> Reply | None:
        """A reply as it is gone on from; None for one whose entry is no longer there."""
        index = self._responder.index
        if shown.entry is not None and shown.entry not in index.rows:
            return None
        offers = told_apart([index.offer(index.rows[offer]) for offer in shown.offers if offer in index.rows])
        if shown.entry:
            reply = replace(self._opened(shown.entry, ""), related=offers)
        else:
            reply = self._responder.listed(offers, asks_back=shown.asks_back)
        caution = self._responder.caution(shown.caution) if shown.caution in index.rows else None
        reply = replace(reply, caution=caution, unsuited=self._unsuited(shown.unsuited))
        return cut_to(index, reply, shown.part) if shown.part else reply


def _goes_on(reply: Reply) -> bool:
    """Whether a reply is one that "again" and "more" mean."""
    return reply.kind not in ("small-talk", "no-answer") or reply.unsuited is not None


def _shown(reply: Reply) -> Shown:
    offers = reply.suggestions or reply.related
    caution = reply.caution.id if reply.caution else None
    unsuited = reply.unsuited.id if reply.unsuited else None
    return Shown(reply.id, tuple(offer.id for offer in offers), reply.kind == "clarify", reply.part, caution, unsuited)
