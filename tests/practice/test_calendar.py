"""The routine in a calendar, read by another library than the one that writes it."""

import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject

from chatbot.errors import MissingExtra
from chatbot.practice.calendar import calendar
from tests.movers import DISCLAIMER
from tests.practice.test_movements import of

MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def event(bot, *names, days=("mon", "fri"), at=time(18, 0), now=MONDAY, name="one"):
    written = calendar(of(bot, *names), days, at, now, name, DISCLAIMER)
    assert max(map(len, written.split(b"\r\n"))) <= 75
    return vobject.readOne(written.decode()).vevent


def test_an_event_each_week_on_these_days(mover):
    read = event(mover, "calf", "lie", "lost", days=("fri", "mon", "fri"))
    assert read.dtstart.value == datetime(2026, 11, 30, 18, 0)  # without a zone: six in the evening wherever one is
    assert read.duration.value == timedelta(minutes=4)
    assert read.rrule.value == "FREQ=WEEKLY;BYDAY=MO,FR"
    days = [each.date() for each in read.rruleset[:3]]
    assert days == [date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 7)]
    assert read.summary.value == "My routine"
    assert read.description.value.split("\n") == [
        "1. How do I stretch <my> calf? Hold 20 to 30 s, 2 to 3 times, each side.",
        "2. How do I lie down? Hold 40 s.",
        "",
        DISCLAIMER,
    ]


def test_it_begins_on_the_first_day_that_is_not_over(mover):
    for at, first in ((time(12, 0), date(2026, 11, 30)), (time(11, 59), date(2026, 12, 4))):
        assert event(mover, "lie", at=at).dtstart.value.date() == first
    assert event(mover, "lie", days=("mon",), at=time(7, 0)).dtstart.value.date() == date(2026, 12, 7)


def test_a_later_one_replaces_an_earlier_one(mover):
    first, later = event(mover, "lie"), event(mover, "calf", now=MONDAY + timedelta(hours=1))
    assert first.uid.value == later.uid.value == "one@flexbot.invalid"
    assert int(later.sequence.value) == int(first.sequence.value) + 60
    assert later.dtstamp.value == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert event(mover, "lie", name="two").uid.value != first.uid.value


def test_no_days_are_refused(mover):
    for days in ((), ("someday",)):
        with pytest.raises(ValueError, match=r"no days|not in tuple"):
            calendar(of(mover, "lie"), days, time(7), MONDAY, "one", "")


def test_without_its_package_it_says_what_to_install(mover, monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingExtra, match=r"pip install 'flexibility-chatbot\[calendar\]'"):
        event(mover, "lie")
