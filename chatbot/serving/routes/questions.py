"""Asking: one question, many, in a conversation; ranking; opening an entry."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from chatbot.answering.reply import Reply
from chatbot.answering.reply_parts import match_to_dict
from chatbot.index.index import Index
from chatbot.page.html import reply_html
from chatbot.serving.keeping import to_keep
from chatbot.serving.schemas import Asked, AskedMany, AskManyRequest, AskRequest, Matches, MatchRequest, OpenRequest
from chatbot.serving.service import FIGURES, TheService, require_entry

router = APIRouter(prefix="/v1", tags=["asking"])


@router.post("/ask", summary="Answer a question", response_model=Asked)
async def ask(asked: AskRequest, service: TheService, request: Request) -> Response:
    """An answer as it was written, with its sources; or a warning, a question back, or that there is none."""
    request.state.question = asked.question
    question, topics, bot = asked.question, asked.topics, service.bot
    if asked.conversation is not None:
        if topics is not None:
            raise HTTPException(422, "topics: only for a question by itself; leave topics or conversation out")
        (reply, sign), conversation = await service.converse(
            asked.conversation, lambda chat: (chat.ask(question), chat.sign)
        )
        return _asked(reply, conversation, asked.html, bot.index, sign)
    if topics is None:
        return _asked(await service.ask(question), None, asked.html, bot.index)
    try:
        reply = await service.turns.run(lambda: bot.ask(question, topics=topics))
    except ValueError as error:  # a topic that is not there
        raise HTTPException(422, str(error)) from error
    return _asked(reply, None, asked.html, bot.index)


@router.post("/open", summary="Open an entry in a conversation", response_model=Asked)
async def open_entry(opened: OpenRequest, service: TheService) -> Response:
    """The reply that shows an entry, as when it is chosen from a list; a warning sign that was told comes first."""
    require_entry(service.bot, opened.entry)
    (reply, sign), conversation = await service.converse(
        opened.conversation, lambda chat: (chat.open(opened.entry), chat.sign)
    )
    return _asked(reply, conversation, opened.html, service.bot.index, sign)


@router.post("/ask_many", summary="Answer many questions, each by itself", response_model=AskedMany)
async def ask_many(asked: AskManyRequest, service: TheService) -> Response:
    """The replies in the order of the questions."""
    bot = service.bot
    replies = await service.turns.run(lambda: bot.ask_many(asked.questions))
    return JSONResponse({"replies": [reply.to_dict() for reply in replies]})


@router.post("/match", summary="Rank entries by a question", response_model=Matches)
async def match(asked: MatchRequest, service: TheService) -> dict[str, Any]:
    """The entries that match best, whatever the bot would reply."""
    bot = service.bot
    matches = await service.turns.run(lambda: bot.match(asked.question, asked.k))
    return {"matches": [match_to_dict(each) for each in matches]}


def _kept(reply: Reply, index: Index) -> dict[str, Any] | None:
    """What the page may keep of a reply: the movement of a whole answer."""
    return to_keep(index, reply.id, FIGURES) if reply.kind == "answer" and reply.id and not reply.part else None


def _asked(reply: Reply, conversation: str | None, html: bool, index: Index, sign: str | None = None) -> Response:
    # A response, not data: replies are made to their schema, and checking each once more takes longer than to answer.
    written = reply_html(reply, FIGURES, _kept(reply, index)) if html else None
    return JSONResponse({"reply": reply.to_dict(), "conversation": conversation, "sign": sign, "html": written})
