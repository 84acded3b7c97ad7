"""The page of an entry, at an address to cite and to pass on."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from chatbot.serving.schemas import EntryId
from chatbot.serving.service import TheService

router = APIRouter(tags=["reading"])


@router.get("/entries/{entry_id}", summary="One entry, to read", response_class=PlainTextResponse)
async def entry_page(entry_id: EntryId, service: TheService) -> str:
    """The entry as text in Markdown, which needs no script to be read, by a browser or by a program."""
    return (await service.entry(entry_id)).to_markdown()
