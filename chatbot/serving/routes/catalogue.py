"""Reading what is there: entries, topics, finding by words, pictures."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from chatbot.answering.reply_parts import match_to_dict
from chatbot.serving.schemas import EntryId, FigureId, Matches
from chatbot.serving.service import TheService

router = APIRouter(prefix="/v1", tags=["reading"])
_A_DAY = "public, max-age=86400"


@router.get("/entries/{entry_id}", summary="One entry, as a reply shows it")
async def entry(entry_id: EntryId, service: TheService) -> dict[str, Any]:
    """The reply that shows the entry."""
    return (await service.entry(entry_id)).to_dict()


@router.get("/topics", summary="The topics, and how many answers each has")
async def topics(service: TheService) -> dict[str, dict[str, int]]:
    """In the corpus's order."""
    return {"topics": service.bot.topics()}


@router.get("/search", summary="Find entries by words", response_model=Matches)
async def search(
    service: TheService,
    q: Annotated[str, Query(min_length=1, max_length=1000, description="Words.", examples=["calf cramp"])],
    topic: Annotated[str | None, Query(max_length=200, description="Of this topic only.")] = None,
    k: Annotated[int, Query(ge=1, le=100, description="How many.")] = 10,
) -> dict[str, Any]:
    """Those that have the words first, then those near in meaning."""
    bot = service.bot
    try:
        matches = await service.turns.run(lambda: bot.search(q, topic, k))
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    return {"matches": [match_to_dict(each) for each in matches]}


@router.get("/figures/{figure_id}.svg", summary="A picture", response_class=Response)
async def figure(figure_id: FigureId, service: TheService) -> Response:
    """The SVG of a figure that a reply names."""
    try:
        drawing = service.bot.drawing(figure_id)
    except KeyError as unknown:
        raise HTTPException(404, f"no figure is called {figure_id!r}") from unknown
    return Response(drawing, media_type="image/svg+xml", headers={"Cache-Control": _A_DAY})
