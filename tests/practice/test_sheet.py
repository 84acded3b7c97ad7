"""The sheet: what stands on it, escaped, and nothing that is loaded."""

from xml.etree import ElementTree

import pytest

from chatbot.practice.sheet import sheet
from tests.movers import DISCLAIMER
from tests.practice.test_movements import of


@pytest.fixture(scope="module")
def page(mover):
    return sheet(of(mover, "calf", "plan", "lost"), DISCLAIMER, mover.drawing)


def body(page):
    """The page's body; reading it as XML tells that every element is closed."""
    return ElementTree.fromstring(page[page.index("<body>") : page.index("</html>")])  # noqa: S314 -- our own


def texts(element, path):
    return ["".join(each.itertext()) for each in element.iterfind(path)]


def test_each_movement_has_its_parts(page):
    calf, plan, lost = body(page).iterfind("section")
    assert texts(calf, "h2") == ["1. How do I stretch <my> calf?"]
    assert texts(calf, "p") == ["Hold 20 to 30 s, 2 to 3 times, each side."]
    assert texts(calf, "figure/figcaption") == ["Lean"]
    assert texts(calf, "div/ol/li") == ["Step back.", "Hold 20 to 30 seconds [1]. Do two or three on each leg."]
    assert texts(calf, "div/p/strong") == ["Stop"]
    assert texts(calf, "div/h3") == ["Not for you if"]
    assert texts(calf, "div/ul/li") == ["a torn calf", "a clot"]
    assert texts(calf, "ol/li") == [
        "(2016) Review of <holds>. https://example.org/behm",
        "(2019) Walls. https://example.org/hill",  # cited beside the steps
    ]
    assert texts(plan, "p") == ["Counted by hand: the answer has no single count."]
    assert texts(lost, "p") == ["This is no longer in the corpus; take it off the list."]


def test_what_all_have_in_common(page):
    assert texts(body(page), "h1") == ["My routine"]
    assert texts(body(page), "p") == ["2 movements, about 3 minutes, 1 counted by hand."]
    assert texts(body(page), "footer/p") == [DISCLAIMER]


def test_it_loads_nothing_and_tells_its_pictures_in_words(page):
    assert 'aria-label="Lean, drawn"' in page
    for loads in ("<img", "<link", "<script", "url(", "@import", " src="):
        assert loads not in page
