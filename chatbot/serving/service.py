"""What every route works with: the bot that answers now, and whose turn it is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request

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
_LOOK_AGAIN_SECONDS = 1.0


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

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """While this holds, a new index is taken in; at its end what runs is waited for, and nothing more is taken."""
        looking = asyncio.create_task(self._take_new_indexes_in())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            self.turns.close()

    async def ask(self, question: str) -> Reply:
        """The reply to a question by itself. Raises `QuestionError`, `Busy` or `TooSlow`."""
        return await self.turns.ask(clean_question(question))

    async def entry(self, entry_id: str) -> Reply:
        """The reply that shows an entry. Raises `HTTPException` (404) for an unknown id, `Busy` or `TooSlow`."""
        bot = self.bot
        require_entry(bot, entry_id)
        return await self.turns.run(lambda: bot.entry(entry_id))

    async def converse(self, conversation_id: str, turn: Callable[[Conversation], T]) -> tuple[T, str]:
        """What a turn gives in the conversation of an id, and the id to go on with. Raises `UnknownConversation` and
        what the turn raises."""
        bot = self.bot

        def take_turn() -> tuple[T, str]:
            conversation = conversation_of(bot, conversation_id)
            given = turn(conversation)
            return given, id_of(conversation)

        return await self.turns.run(take_turn)

    async def _take_new_indexes_in(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            await asyncio.to_thread(self.current.refresh)

    def _answers(self, questions: Sequence[str]) -> list[Reply]:
        return self.bot.ask_many(questions)


def require_entry(bot: Chatbot, entry_id: str) -> None:
    """Raises `HTTPException` (404) for an id that no entry has."""
    if entry_id not in bot.index.rows:
        raise HTTPException(404, f"no entry is called {entry_id!r}; /v1/search finds entries by words")


async def _service(request: Request) -> Service:  # `async`, or each call waits for a thread
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(_service)]
