"""A conversation: questions that lean on the reply before, and choices from its lists."""

from collections.abc import Sequence
from dataclasses import replace

from chatbot import settings
from chatbot.answering.arguments import text_argument
from chatbot.answering.choice import chosen_places, confirms, is_none, is_yes, named_place
from chatbot.answering.context import Context, context_of
from chatbot.answering.knowing import learnt, taken_back
from chatbot.answering.offers import told_apart
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.answering.restoring import restored
from chatbot.answering.signs import graver
from chatbot.answering.state import ConversationState, shown_of
from chatbot.answering.suiting import as_told, suited, suiting_further, told_of_another, why_not
from chatbot.matching.conditions import Told
from chatbot.records import Answer, Command, RelatedQuestion
from chatbot.text.message import SHORT, clean_question
from chatbot.text.sentences import questions

_WHAT_GOES_ON = "what goes on from it"
_AT_FIRST = 3  # so many of what goes on from an answer are shown with it
_MOST_KEPT = 8  # replies that one can go back to
_NEXT = "say “next”"  # behind what was chosen and waits


class Conversation:
    """One person's exchange with the bot. Keep one for each person; it is not to be shared between threads.

    `last` is the newest reply, None at the beginning. `sign` is the id of the warning sign that was described, of
    several the gravest, and that nobody has looked at yet, None when there is none: till someone has, care comes first.
    """

    def __init__(self, responder: Responder, state: ConversationState | None = None) -> None:
        self._responder = responder
        state = state or ConversationState()
        known = responder.index.rows
        said = {name: when for name, when in state.said.items() if name in responder.index.conditions.ids}
        self._known = Told(said, frozenset(state.another) & said.keys())
        self._newest = tuple(name for name in state.newest if name in said)  # of what is known, what was told last
        self._waits = tuple(each for each in state.waits if each in known)  # chosen with what was opened, and not yet
        self._past = [reply for shown in state.shown if (reply := restored(responder, shown, self._known))]
        self._asked = state.asked
        self.sign = state.sign if state.sign in known else None
        self._seen_to = state.seen_to if state.seen_to in known else None  # the sign that was looked at: its card stays

    @property
    def last(self) -> Reply | None:
        return self._past[-1] if self._past else None

    @property
    def said(self) -> dict[str, str]:
        """What the person has told of themselves, or of somebody they ask for: conditions by id, with how long ago."""
        return self._known.said

    @property
    def told(self) -> tuple[str, ...]:
        """What the person has told of themselves, each as it follows "you": "have a new hip (3 months ago)"."""
        return as_told(self._responder.index.conditions.of(self.said), self._known)

    @property
    def remembered(self) -> tuple[str, ...]:
        """What the conversation knows of its person, a sentence each; where that is nothing, a sentence says so beside
        others, and none stands alone."""
        others = told_of_another(self._responder.index.conditions.of(self.said), self._known)
        known = [
            f"We are at: {self.subject}" if self.subject else "",
            *(f"You told me that you {each}." for each in self.told),
            *(f"You asked for people who {each}." for each in others),
            "A warning sign that you named comes first until someone has looked at it." if self.sign else "",
        ]
        lines = tuple(filter(None, known))
        return (
            lines if self.said or self.sign or not lines else (*lines, "I keep nothing that you told me of yourself.")
        )

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
        told = self._responder.told(text)
        denies = self._learn(told)
        all_clear = self._responder.all_clear(text) if self.sign and reply.kind != "urgent" else None
        if reply.kind != "urgent" and not all_clear:
            reply = self._with_something_to_take_back(reply, text, told)
            if denies and len(text.split()) <= SHORT:
                reply = self._commanded("unsay", text) or reply
            if done := self._done(reply):
                return self._remember(self._care_first(done, text), text)
            reply = self._named(text) or self._asked_for_another(reply, text, told) or reply
        return self._remember(self._in_the_light_of_signs(reply, text, all_clear), text)

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
        self._past, self._known, self._newest, self._waits = [], Told(), (), ()
        self._seen_to, self._asked = None, ""

    def to_dict(self, *, messages: bool = False) -> dict[str, object]:
        """What the conversation knows, as plain data that `Chatbot.conversation` goes on from: a few hundred bytes as
        JSON. No words of a message are in it, unless `messages` asks for the newest one; without it, what follows a
        list of suggestions leans on the first of these instead."""
        state = ConversationState(
            shown=tuple(shown_of(reply) for reply in self._past),
            said=self.said,
            another=tuple(name for name in self.said if name in self._known.another),
            newest=self._newest,
            waits=self._waits,
            sign=self.sign,
            seen_to=self._seen_to,
            asked=self._asked if messages else "",
        )
        return state.to_dict()

    def _in_the_light_of_signs(self, reply: Reply, text: str, all_clear: str | None) -> Reply:
        """The reply to a message; `sign` is set by what it says, or cleared where it is like `all_clear`."""
        if all_clear:
            self._seen_to, self.sign = self.sign, None
            asked = questions(text)
            reply = self._responder.reply(asked) if asked else self._opened(all_clear, text)
        if reply.kind == "urgent":
            self.sign = graver(self._responder.index, self.sign, reply.id)
        return self._care_first(reply, text)

    def _care_first(self, reply: Reply, text: str) -> Reply:
        """The reply to `text`, unless a warning sign was described before: then that comes first. One that was looked
        at leaves its card, as nobody knows what was seen, or whose. What is not for someone who said what was said is
        not shown at once."""
        if self.sign and reply.kind != "urgent":
            urgent = self._opened(self.sign, text)
            return replace(urgent, about=urgent.question)
        shown = {before.id for before in self._past if before.id and before.answers}
        reply = suited(self._responder, reply, self._known, shown)
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
        if command == "more" and self._waits:
            return self._opened_of([index.offer(index.rows[each]) for each in self._waits], reply.query)
        if command == "more" and shown and shown.unsuited and not shown.related:
            return suiting_further(self._responder, shown.unsuited.id, self._past, self._known, reply.query)
        if command == "more" and shown and shown.related:
            related = (*shown.related[_AT_FIRST:], *shown.related[:_AT_FIRST])  # those that no list showed come first
            goes_on = replace(shown, query=reply.query, again=True, part=_WHAT_GOES_ON, answers=(), related=related)
            return replace(goes_on, unsuited=None)
        if command == "unsay":
            return self._without_what_was_told(reply)
        if command == "about" and (lines := self.remembered):
            return replace(reply, answers=(Answer(reply.answers[0].viewpoint, "\n\n".join(lines)),))
        if command == "forget":
            self.forget()
        return None

    def _learn(self, told: Told) -> bool:
        """Keep what a message tells of conditions; whether it takes back what was told."""
        denies = bool(told.denied & self.said.keys())
        self._known = learnt(self._known, told)
        self._newest = tuple(told.said) or tuple(name for name in self._newest if name in self.said)
        return denies

    def _commanded(self, command: Command, text: str) -> Reply | None:
        """The small talk that asks for `command`, as if `text` had; None where the corpus has none."""
        entries = (entry for entry in self._responder.index.entries() if entry.command == command)
        return next((self._responder.entry_reply(entry, text) for entry in entries), None)

    def _with_something_to_take_back(self, reply: Reply, text: str, told: Told) -> Reply:
        """A reply, but one that takes back what was told before where nothing was, or more is told: then what else may
        have been meant."""
        index = self._responder.index
        entry = index.entry(index.rows[reply.id]) if reply.kind == "small-talk" and reply.id else None
        if entry is None or entry.command != "unsay" or (self.said and not told.said):
            return reply
        return self._responder.others(reply, text)

    def _without_what_was_told(self, reply: Reply) -> Reply:
        """The reply to who takes something back, which then is no longer known. What was not for them because of it is
        offered."""
        index = self._responder.index
        self._known = taken_back(self._known, self._newest, reply.query, index.conditions)
        self._newest = ()
        unsuited = next((before.unsuited for before in reversed(self._past) if before.unsuited), None)
        if unsuited and not why_not(index, index.entry(index.rows[unsuited.id]), self.said):
            return replace(reply, related=(index.offer(index.rows[unsuited.id]),))
        return reply

    def _asked_for_another(self, reply: Reply, text: str, told: Told) -> Reply | None:
        """What was shown before, where a message tells that it is not for who asks now ("and with a new hip?") and that
        is not clearly about something else."""
        context = self._context()
        if context is None or not context.shown:
            return None
        reasons = why_not(self._responder.index, context.entry, told.said)
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
        return context_of(self._responder.index, self._past, self._asked)

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
        return self._opened_of([offers[place] for place in places], text) if places else None

    def _opened_of(self, chosen: Sequence[RelatedQuestion], text: str) -> Reply:
        """The reply that opens the first of what was chosen; the others wait for "next", and are the first to go on
        with."""
        first, *others = chosen
        self._waits = tuple(each.id for each in others)
        reply = self._opened(first.id, text)
        kept = [offer for offer in reply.related if offer.id not in {each.id for each in chosen}]
        if not others:
            return reply
        follow, *rest = told_apart([*others, *kept])[: settings.MAX_RELATED]
        return replace(reply, related=(replace(follow, hint=_NEXT), *rest))

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
        if reply.kind != "small-talk" and not (reply.related and reply.related[0].hint == _NEXT):
            self._waits = ()
        self._past = [*self._past, reply][-_MOST_KEPT:]
        self._asked = asked
        return reply


def _goes_on(reply: Reply) -> bool:
    """Whether a reply is one that "again" and "more" mean."""
    return reply.kind not in ("small-talk", "no-answer") or reply.unsuited is not None
