"""A routine for a calendar. Its movements come with the request, and nothing of them stays."""

from fastapi import APIRouter, Response

from chatbot.practice.calendar import calendar
from chatbot.practice.kept import Kept
from chatbot.practice.movements import Gone, movements
from chatbot.serving.problems import Problem
from chatbot.serving.schemas import CalendarRequest
from chatbot.serving.service import TheService
from chatbot.text.cleaning import one_line

router = APIRouter(prefix="/v1", tags=["practising"])


@router.post("/routine.ics", summary="A routine as an event of a calendar", response_class=Response)
async def routine_calendar(asked: CalendarRequest, service: TheService) -> Response:
    """A file in the form of iCalendar, of an event that comes again each week; entries that teach no movement are
    refused, and named as `gone`."""
    bot = service.bot
    routine = movements(bot.index, [Kept(entry, "") for entry in asked.entries])
    if gone := [each.id for each in routine if isinstance(each, Gone)]:
        return Problem(422, one_line(f"entries: no movement to practise, leave out {', '.join(gone)}"), gone=gone)
    written = calendar(routine, asked.days, asked.at, asked.now, asked.name, bot.index.disclaimer)
    return Response(written, media_type="text/calendar")
