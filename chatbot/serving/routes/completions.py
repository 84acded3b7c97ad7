"""The bot in the shape of OpenAI's chat completions, for the many programs that speak it: the model is the corpus."""

import json
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field, StrictBool

from chatbot import settings
from chatbot.answering.reply import Reply
from chatbot.bot import Chatbot
from chatbot.errors import QuestionError
from chatbot.serving.openai_errors import ERRORS, NO_MODEL
from chatbot.serving.service import TheService
from chatbot.text.message import clean_question

router = APIRouter(prefix="/v1", tags=["OpenAI's shape"], responses=ERRORS)
MODEL = settings.APP
_EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
_MOST_REPLAYED = 8  # messages of the user, the one that is asked among them
# Nothing is generated, so no tokens are counted.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class TextPart(BaseModel):
    """A part of a message. Only text can be read."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """A message; those of the user are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream holds besides the answer."""

    include_usage: StrictBool = False


class ChatRequest(BaseModel):
    """What is asked, last, and what was before. Settings of a model that generates are let through and ignored."""

    model: Annotated[str, Field(max_length=200, examples=[MODEL])]
    messages: Annotated[
        list[ChatMessage],
        Field(min_length=1, max_length=1000, examples=[[{"role": "user", "content": "my lower back is stiff"}]]),
    ]
    stream: StrictBool | None = Field(None, description="Whether the answer comes as server-sent events.")
    stream_options: StreamOptions | None = None


@router.post("/chat/completions", summary="Answer the last message of a user", responses=_EVENTS)
async def complete(asked: ChatRequest, service: TheService, request: Request) -> Any:
    """The reply in Markdown, with its disclaimer; the reply as data stands under `flexbot` beside it. The last message
    of the user is asked in the light of the seven before. `usage` is zeros: nothing is generated, or counted."""
    _known(asked.model)
    bot = service.bot
    *before, question = _questions(asked)
    request.state.question = question
    reply = await service.turns.run(lambda: _reply(bot, before, question))
    answer = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
    if not asked.stream:
        return _whole(answer, reply)
    with_usage = asked.stream_options is not None and asked.stream_options.include_usage
    events = "".join(_events(answer, reply, with_usage=with_usage))
    return Response(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


@router.get("/models", summary="The models: the one corpus")
async def models(service: TheService) -> dict[str, Any]:
    """`created`: when its index was built."""
    return {"object": "list", "data": [_model(service.bot)]}


@router.get("/models/{model}", summary="One model")
async def model(model: Annotated[str, Field(examples=[MODEL])], service: TheService) -> dict[str, Any]:
    """The model of that name."""
    _known(model)
    return _model(service.bot)


def _known(model: str) -> None:
    if model != MODEL:
        raise HTTPException(404, f"{NO_MODEL} {model[:200]!r}; there is one: {MODEL}")


def _model(bot: Chatbot) -> dict[str, Any]:
    created = datetime.fromisoformat(bot.index.manifest.created)
    return {"id": MODEL, "object": "model", "created": int(created.timestamp()), "owned_by": MODEL}


def _questions(asked: ChatRequest) -> list[str]:
    """The user's last messages, of which the last is asked. Raises `QuestionError` where that cannot be read."""
    texts = [message.text for message in asked.messages if message.role == "user"]
    if not texts:
        raise HTTPException(422, "messages: none of them is a user's")
    clean_question(texts[-1])
    return texts[-_MOST_REPLAYED:]


def _reply(bot: Chatbot, before: list[str], question: str) -> Reply:
    conversation = bot.conversation()
    for message in before:
        with suppress(QuestionError):  # it got no reply when it was asked, either
            conversation.ask(message)
    return conversation.ask(question)


def _whole(answer: dict[str, Any], reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.to_markdown(), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**answer, "object": "chat.completion", "choices": [choice], "usage": _USAGE, "flexbot": reply.to_dict()}


def _events(answer: dict[str, Any], reply: Reply, *, with_usage: bool) -> Iterator[str]:
    """The answer block by block; it is whole from the beginning, and so are its errors told before a stream begins."""
    chunk = {**answer, "object": "chat.completion.chunk"}
    if with_usage:
        chunk["usage"] = None

    def event(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**chunk, "choices": [choice], **more})

    yield event({"role": "assistant", "content": ""})
    for block in re.findall(r".+?(?:\n\n|\Z)", reply.to_markdown(), flags=re.DOTALL):
        yield event({"content": block})
    yield event({}, "stop", flexbot=reply.to_dict())
    if with_usage:
        yield _event({**chunk, "choices": [], "usage": _USAGE})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
