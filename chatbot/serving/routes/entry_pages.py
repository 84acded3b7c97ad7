"""The page of an entry, at an address to cite and to pass on."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import PlainTextResponse

from chatbot.serving.schemas import EntryId
from chatbot.serving.service import TheService

router = APIRouter(tags=["reading"])


@router.get("/entries/{entry_id}", summary="One entry, to read", response_class=PlainTextResponse)
async def entry_page(entry_id: EntryId, service: TheService) -> str:
    """The entry as text in Markdown, which needs no script to be read, by a browser or by a program."""
    bot = service.bot
    if entry_id not in bot.index.rows:
        raise HTTPException(404, f"no entry is called {entry_id!r}; /v1/search finds entries by words")
    reply = await service.turns.run(lambda: bot.entry(entry_id))
    return reply.to_markdown()
