"""What every route works with: the bot that answers now, and whose turn it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from chatbot.answering.conversation import Conversation
from chatbot.answering.reply import Reply
from chatbot.bot import Chatbot
from chatbot.serving.conversation_ids import conversation_of, id_of
from chatbot.serving.current import CurrentBot
from chatbot.serving.options import Limits
from chatbot.serving.turns import Turns
from chatbot.text.message import clean_question

T = TypeVar("T")
FIGURES = "/v1/figures"  # where pictures are


@dataclass
class Service:
    """Answers for the routes, within `limits`."""

    current: CurrentBot
    limits: Limits = field(default_factory=Limits)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.limits, self._answers)

    @property
    def bot(self) -> Chatbot:
        return self.current.bot

    async def ask(self, question: str) -> Reply:
        """The reply to a question by itself. Raises `QuestionError`, `Busy` or `TooSlow`."""
        return await self.turns.ask(clean_question(question))

    async def converse(self, conversation_id: str, turn: Callable[[Conversation], T]) -> tuple[T, str]:
        """What a turn gives in the conversation of an id, and the id to go on with. Raises `UnknownConversation` and
        what the turn raises."""
        bot = self.bot

        def take_turn() -> tuple[T, str]:
            conversation = conversation_of(bot, conversation_id)
            given = turn(conversation)
            return given, id_of(conversation)

        return await self.turns.run(take_turn)

    def _answers(self, questions: Sequence[str]) -> list[Reply]:
        return self.bot.ask_many(questions)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(_service)]
