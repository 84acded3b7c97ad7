"""A conversation: questions that lean on the reply before, and choices from its lists."""

from dataclasses import replace

from chatbot import settings
from chatbot.answering.arguments import text_argument
from chatbot.answering.choice import chosen_places, confirms, is_yes, named_place
from chatbot.answering.offers import told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.records import Entry
from chatbot.text.message import clean_question
from chatbot.text.sentences import questions


class Conversation:
    """One person's exchange with the bot. Keep one for each person; it is not to be shared between threads.

    `last` is the newest reply, None at the beginning. `sign` is the id of the warning sign that was described and that
    nobody has looked at yet, None when there is none: until someone has, care comes before any stretch.
    """

    def __init__(self, responder: Responder, sign: str | None = None) -> None:
        self._responder = responder
        self._past: list[Reply] = []
        self.sign = sign if sign in responder.index.rows else None
        self._seen_to: str | None = None  # the sign that was looked at: its card goes on

    @property
    def last(self) -> Reply | None:
        return self._past[-1] if self._past else None

    def ask(self, question: str) -> Reply:
        """The reply to a question in the light of the one before. Raises `QuestionError`.

        After a list, "2", "the second one", "1 and 3" or "the one about surgery" opens what it names.
        """
        text = clean_question(text_argument(question, "question"))
        reply = self._confirmed(text) or self._chosen(text) or self._responder.reply(text, self._subject())
        if reply.kind != "urgent":
            reply = self._named(text) or reply
        return self._remember(self._in_the_light_of_signs(reply, text))

    def open(self, entry_id: str) -> Reply:
        """The reply that shows an entry, as when it is chosen from a list. Raises `KeyError` for an unknown id."""
        opened = self._opened(text_argument(entry_id, "entry_id"), "")
        return self._remember(self._care_first(opened, ""))

    def back(self) -> Reply | None:
        """Return to the reply before the last, which becomes the last again; None when there is none."""
        if len(self._past) < 2:
            return None
        self._past.pop()
        return self._remember(self._care_first(self._past.pop(), ""))

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
        at leaves its card, as nobody knows what was seen, or whose."""
        if self.sign and reply.kind != "urgent":
            urgent = self._opened(self.sign, text)
            return replace(urgent, about=urgent.question)
        if self._seen_to and reply.kind != "urgent" and not reply.caution:
            return replace(reply, caution=self._responder.caution(self._seen_to))
        return reply

    def _opened(self, entry_id: str, query: str) -> Reply:
        index = self._responder.index
        entry = index.entry(index.rows[entry_id])
        return self._responder.entry_reply(entry, query or entry.question)

    def _subject(self) -> Entry | None:
        """The entry that the conversation is about: that of the last reply, when it showed one."""
        if self.last is None or self.last.id is None:
            return None
        index = self._responder.index
        return index.entry(index.rows[self.last.id])

    def _chosen(self, text: str) -> Reply | None:
        """The reply that opens what a message chooses by number of what the last reply offered; of several the first,
        which offers the others."""
        offers = (self.last.suggestions or self.last.related) if self.last else ()
        places = chosen_places(text, len(offers))
        if not places and self._asks_back and is_yes(text):
            places = [0]
        if not places:
            return None
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

    def _remember(self, reply: Reply) -> Reply:
        self._past.append(reply)
        return reply
