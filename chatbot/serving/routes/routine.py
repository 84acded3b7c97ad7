"""A routine for a calendar. Its movements come with the request, and nothing of them stays."""

from fastapi import APIRouter, HTTPException, Response

from chatbot.practice.calendar import calendar
from chatbot.practice.kept import Kept
from chatbot.practice.movements import Movement, movements
from chatbot.serving.schemas import CalendarRequest
from chatbot.serving.service import TheService

router = APIRouter(prefix="/v1", tags=["practising"])


@router.post("/routine.ics", summary="A routine as an event of a calendar", response_class=Response)
async def routine_calendar(asked: CalendarRequest, service: TheService) -> Response:
    """A file in the form of iCalendar, of an event that comes again each week; entries that teach no movement are left
    out."""
    bot = service.bot
    routine = movements(bot.index, [Kept(entry, "") for entry in asked.entries])
    if not any(isinstance(each, Movement) for each in routine):
        raise HTTPException(404, "none of these entries teaches a movement to practise")
    written = calendar(routine, asked.days, asked.at, asked.now, asked.name, bot.index.disclaimer)
    return Response(written, media_type="text/calendar")
