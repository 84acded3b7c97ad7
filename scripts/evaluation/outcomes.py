"""A question set asked as a user would ask it, and what the bot did with each question."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatbot import Chatbot, QuestionError, Reply
from scripts.evaluation.questions import URGENT, Question

_CHITCHAT = "chitchat"


@dataclass(frozen=True)
class Outcome:
    """What the bot did with one question.

    `ranked`: ids by rank; `confidence`: that the first is right; `covered`: that the corpus answers the question at
    all; `action`: the kind of reply; `shown`: id of the entry that was shown; `listed`: ids that a list offered;
    `caution`: id of the warning sign that the message may be about; `warned`: it was told that what it asked for is not
    for who asks.
    """

    question: Question
    action: str
    shown: str = ""
    listed: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()
    confidence: float = 0.0
    covered: float = 0.0
    caution: str = ""
    warned: bool = False
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        return bool(self.ranked) and self.ranked[0] in self.question.expected

    @property
    def reciprocal_rank(self) -> float:
        """1 / rank of the first right entry among the first ten, else 0."""
        expected = self.question.expected
        return next((1 / rank for rank, entry in enumerate(self.ranked[:10], 1) if entry in expected), 0.0)

    @property
    def in_three(self) -> bool:
        return any(entry in self.question.expected for entry in self.ranked[:3])

    @property
    def urgent(self) -> bool:
        return self.action == URGENT

    @property
    def cautioned(self) -> bool:
        """Whether a caution stands before an ordinary reply."""
        return bool(self.caution) and not self.urgent

    @property
    def decision(self) -> str:
        """What happened, in words that the report counts. An alarm shows an entry; a caution changes nothing here. A
        reply that says that something is not for them is judged by what that is, whether it shows another entry instead
        or only offers some."""
        chitchat = self.action == "small-talk" and self.question.kind == _CHITCHAT
        if chitchat or (self.action == "no-answer" and not self.warned):
            return "declined"
        expected = set(self.question.expected)
        if self.action == "clarify":
            return "right one listed" if expected & set(self.listed) else "another listed"
        return "answered right" if self.shown in expected else "answered wrong"

    @property
    def answered(self) -> bool:
        return self.decision.startswith("answered")

    @property
    def parts_offered(self) -> int:
        """How many of the message's questions have an entry that was shown or listed."""
        offered = {self.shown, *self.listed}
        return sum(bool(offered & set(part)) for part in self.question.parts)


def ask_all(bot: Chatbot, questions: Iterable[Question]) -> Iterator[Outcome]:
    """Ask every question of the set, one at a time, each in a conversation of its own."""
    bot.ask("warm up")
    for question in questions:
        chat = bot.conversation()
        if question.opened:
            chat.open(question.opened)
        elif question.first:
            chat.ask(question.first)
        started = time.perf_counter()
        try:
            reply = chat.ask(question.query)
        except QuestionError:  # nothing that can be read
            yield Outcome(question, "no-answer")
            continue
        yield _outcome(question, reply, time.perf_counter() - started)


def _outcome(question: Question, reply: Reply, seconds: float) -> Outcome:
    return Outcome(
        question=question,
        action=reply.kind,
        shown=reply.unsuited.id if reply.unsuited else reply.id or "",
        listed=tuple(suggestion.id for suggestion in reply.suggestions) if reply.kind == "clarify" else (),
        ranked=tuple(match.id for match in reply.matches) or ((reply.id,) if reply.id else ()),
        confidence=reply.confidence,
        covered=reply.matches[0].in_scope if reply.matches else 0.0,
        caution=reply.caution.id if reply.caution else "",
        warned=reply.unsuited is not None,
        seconds=seconds,
    )
