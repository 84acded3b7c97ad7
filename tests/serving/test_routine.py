"""A routine for a calendar over HTTP, and what a page may keep of an answer."""

import json

import pytest
import vobject
from starlette.testclient import TestClient

from chatbot.serving.app import make_app
from chatbot.serving.keeping import to_keep
from chatbot.serving.options import ServerOptions
from tests.movers import moving_bot

ASKED = {
    "entries": ["calf", "lie"],
    "days": ["fri"],
    "at": "18:00",
    "now": "2026-11-30T12:00:00",
    "name": "one",
}


class Still:
    """A bot that is always the same."""

    def __init__(self, bot):
        self.bot = bot

    def refresh(self):
        pass


@pytest.fixture(scope="module")
def mover(tmp_path_factory):
    return moving_bot(tmp_path_factory.mktemp("mover"))


@pytest.fixture
def client(mover):
    with TestClient(make_app(ServerOptions(), current=Still(mover))) as client:
        yield client


def test_a_calendar_of_what_there_is(client):
    answer = client.post("/v1/routine.ics", json=ASKED)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    event = vobject.readOne(answer.text).vevent
    assert event.uid.value == "one@flexbot.invalid"
    assert event.dtstart.value.isoformat() == "2026-12-04T18:00:00"
    names = [line.partition("?")[0] for line in event.description.value.split("\n")[:2]]
    assert names == ["1. How do I stretch <my> calf", "2. How do I lie down"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"entries": []}, 422),
        ({"entries": ["calf"] * 51}, 422),
        ({"days": []}, 422),
        ({"days": ["someday"]}, 422),
        ({"at": "25:00"}, 422),
        ({"now": "2026-11-30T12:00:00Z"}, 422),
        ({"now": "0001-01-01T00:00:00"}, 422),
        ({"now": "1999-12-31T23:59:59"}, 422),
        ({"now": "2100-12-31T00:00:01"}, 422),
        ({"now": "9999-12-31T23:59:59"}, 422),
        ({"name": "a\r\nb"}, 422),
        ({"more": 1}, 422),
    ],
)
def test_what_cannot_be_made_is_refused(client, change, status):
    answer = client.post("/v1/routine.ics", json={**ASKED, **change})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("now", ["2000-01-01T00:00:00", "2100-12-31T00:00:00"])
def test_the_first_and_the_last_time_that_it_takes(client, now):
    assert client.post("/v1/routine.ics", json={**ASKED, "now": now}).status_code == 200


def test_the_years_are_told(client):
    told = client.get("/openapi.json").json()["components"]["schemas"]["CalendarRequest"]["properties"]["now"]
    assert told["description"] == "The local time of who asks, in the years 2000 to 2100."


@pytest.mark.parametrize("entries", [["calf", "lost", "why"], ["lost", "why"]])
def test_what_is_gone_is_named(client, entries):
    answer = client.post("/v1/routine.ics", json={**ASKED, "entries": entries})
    told = answer.json()
    assert (answer.status_code, told["gone"]) == (422, ["lost", "why"])
    assert told["detail"] == "entries: no movement to practise, leave out lost, why"


def test_what_a_page_keeps_of_a_movement(mover):
    kept = to_keep(mover.index, "calf", "/pictures")
    assert json.loads(json.dumps(kept)) == kept
    assert (kept["id"], kept["title"], kept["byHand"]) == ("calf", "How do I stretch <my> calf?", False)
    assert (kept["avoid"], kept["stop"], kept["order"]) == (
        ["a torn calf", "a clot"],
        "Stop for sharp pain & a pop.",
        [0, 1],
    )
    assert kept["stages"][1] == {"kind": "hold", "words": "Hold, first side, 1 of 2", "seconds": 30, "byHand": False}
    assert '<img src="/pictures/lean.svg" alt="Lean, drawn">' in kept["card"]
    assert "Review of &lt;holds&gt;" in kept["card"]
    assert to_keep(mover.index, "plan", "")["byHand"]
    assert to_keep(mover.index, "why", "") is None


def test_only_whole_answers_can_be_kept(client):
    for entry, there in (("calf", True), ("why", False), ("hello", False)):
        opened = client.post("/v1/open", json={"entry": entry, "html": True})
        assert ("data-keep=" in opened.json()["html"]) == there
