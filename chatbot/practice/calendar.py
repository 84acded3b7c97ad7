"""A routine as an event of a calendar that comes again each week (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from chatbot.errors import MissingExtra
from chatbot.practice.movements import Gone, Movement
from chatbot.practice.sheet import TITLE
from chatbot.practice.stages import seconds_of
from chatbot.practice.words import amount
from chatbot.text.cleaning import one_line

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MISSING = "a calendar needs one more package: pip install 'flexibility-chatbot[calendar]'"


def calendar(
    routine: Sequence[Movement | Gone], days: Sequence[str], at: time, now: datetime, name: str, disclaimer: str
) -> bytes:
    """A file with one event: on `days` (of `DAYS`), at a time that is the same wherever one is, from the first of them
    that is not over at `now`, a local time. The `name` tells calendars that it is the one of before, which this
    replaces. Raises `MissingExtra`, and `ValueError` for no days or one that is none."""
    try:
        from icalendar import Calendar, Event
    except ModuleNotFoundError as error:
        raise MissingExtra(MISSING) from error
    places = sorted({DAYS.index(day) for day in days})
    if not places:
        raise ValueError("no days")
    event = Event()
    event.add("uid", f"{name}@flexbot.invalid")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", int(now.timestamp()) // 60)  # a later export replaces an earlier one
    event.add("dtstart", datetime.combine(_first(places, at, now), at))
    event.add("duration", timedelta(minutes=max(-(-seconds_of(routine) // 60), 1)))
    event.add("rrule", {"freq": "weekly", "byday": [DAYS[place][:2].upper() for place in places]})
    event.add("summary", TITLE)
    event.add("description", "\n".join((*_lines(routine), "", one_line(disclaimer))))
    made = Calendar()
    made.add("prodid", "-//flexbot//routine//EN")
    made.add("version", "2.0")
    made.add_component(event)
    written: bytes = made.to_ical()
    return written


def _first(places: Sequence[int], at: time, now: datetime) -> date:
    """The first day of the week's `places`, today or later, on which `at` is not over."""
    days = (now.date() + timedelta(days=ahead) for ahead in range(8))
    begun = now.replace(tzinfo=None)
    return next(day for day in days if day.weekday() in places and datetime.combine(day, at) >= begun)


def _lines(routine: Sequence[Movement | Gone]) -> list[str]:
    there = [each for each in routine if isinstance(each, Movement)]
    return [f"{number}. {one_line(each.title)} {amount(each)}" for number, each in enumerate(there, start=1)]
