"""A conversation: questions that lean on the reply before, and choices from its lists."""

import re
from dataclasses import replace

from chatbot.answering.arguments import text_argument
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.records import Entry
from chatbot.text.message import clean_question
from chatbot.text.sentences import asks

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}
_CHOICE = re.compile(rf"(?:number |option |#)?(\d\d?)\W*|(?:the )?({'|'.join(_ORDINALS)})(?: one)?\W*", re.IGNORECASE)


class Conversation:
    """One person's exchange with the bot. Keep one for each person; it is not to be shared between threads.

    `last` is the newest reply, None at the beginning. `sign` is the id of the warning sign that was described and that
    nobody has looked at yet, None when there is none: until someone has, care comes before any stretch.
    """

    def __init__(self, responder: Responder, sign: str | None = None) -> None:
        self._responder = responder
        self._past: list[Reply] = []
        self.sign = sign if sign in responder.index.rows else None

    @property
    def last(self) -> Reply | None:
        return self._past[-1] if self._past else None

    def ask(self, question: str) -> Reply:
        """The reply to a question in the light of the one before. Raises `QuestionError`.

        After a list, a digit or "the second one" opens what it names.
        """
        text = clean_question(text_argument(question, "question"))
        chosen = self._chosen(text)
        reply = self._opened(chosen, text) if chosen else self._responder.reply(text, self._subject())
        return self._remember(self._in_the_light_of_signs(reply, text))

    def open(self, entry_id: str) -> Reply:
        """The reply that shows an entry, as when it is chosen from a list. Raises `KeyError` for an unknown id."""
        return self._remember(self._care_first(self._opened(text_argument(entry_id, "entry_id"), "")))

    def back(self) -> Reply | None:
        """Return to the reply before the last, which becomes the last again; None when there is none."""
        if len(self._past) < 2:
            return None
        self._past.pop()
        return self._past[-1]

    def _in_the_light_of_signs(self, reply: Reply, text: str) -> Reply:
        """The reply to a message; `sign` is set or cleared by what it says."""
        if reply.kind == "urgent":
            self.sign = reply.id
        elif self.sign and (all_clear := self._responder.all_clear(text)):
            self.sign = None
            return reply if asks(text) else self._opened(all_clear, text)
        return self._care_first(reply)

    def _care_first(self, reply: Reply) -> Reply:
        """The reply, unless a warning sign was described before: then that comes first, or with small talk its card."""
        if not self.sign or reply.kind == "urgent":
            return reply
        if reply.kind == "small-talk":
            return replace(reply, caution=self._responder.caution(self.sign))
        urgent = self._opened(self.sign, reply.query)
        return replace(urgent, about=urgent.question)

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

    def _chosen(self, text: str) -> str | None:
        """The id of the offer that `text` names, when the last reply made offers."""
        offers = (self.last.suggestions or self.last.related) if self.last else ()
        match = _CHOICE.fullmatch(text)
        if not offers or not match:
            return None
        number = int(match[1]) if match[1] else _ORDINALS[match[2].lower()]
        if number == -1:
            return offers[-1].id
        return offers[number - 1].id if 1 <= number <= len(offers) else None

    def _remember(self, reply: Reply) -> Reply:
        self._past.append(reply)
        return reply
