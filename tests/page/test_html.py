"""A reply as a fragment of the page: its parts in their places, words escaped, nothing that a strict policy refuses."""

import re
from dataclasses import replace

import pytest

from chatbot.answering.reply import NOTHING_ELSE, Reply
from chatbot.page.html import reply_html
from chatbot.records import Answer, Caution, Figure, RelatedQuestion, Source, Unsuited

SOURCE = Source("a", "On <stretching>.", "Doe J", "2016", "Journal & Co", url="https://example.org/?a=1&b=2")
OFFERS = tuple(RelatedQuestion(name, f"Why {name} & how?", "", "") for name in ("v", "w", "x<", "y"))
REPLY = Reply(
    kind="answer",
    query="x",
    disclaimer="No <advice> here.",
    confidence=0.9,
    id="x",
    question="Is <b>8</b>?",
    answers=(Answer("Yoga <b>", "Hold *30* s [@a].", (SOURCE,), ("a <clot>", "a fever")),),
    figures=(Figure("lift & turn", "Raise <one> knee", 'A person "raises" a knee.'),),
    related=OFFERS,
    reviewed="2026-11-30",
)


def test_an_answer():
    assert reply_html(REPLY, "/f") == (
        '<article class="reply answer">\n'
        '<h2 tabindex="-1">Is &lt;b&gt;8&lt;/b&gt;?</h2>\n'
        '<div class="figures"><figure><img src="/f/lift%20%26%20turn.svg" alt="A person &quot;raises&quot; a knee.">'
        "<figcaption>Raise &lt;one&gt; knee</figcaption></figure></div>\n"
        '<h3 class="viewpoint">Yoga &lt;b&gt;</h3>\n'
        '<div class="text"><p>Hold <em>30</em> s [1].</p></div>\n'
        '<section class="avoid"><h3>Not for you if</h3><ul><li>a &lt;clot&gt;</li><li>a fever</li></ul></section>\n'
        '<section class="related"><h3>Continue with</h3><ul class="choices">'
        '<li><button type="button" data-entry="v">Why v &amp; how?</button></li>'
        '<li><button type="button" data-entry="w">Why w &amp; how?</button></li>'
        '<li><button type="button" data-entry="x&lt;">Why x&lt; &amp; how?</button></li></ul>'
        '<details><summary>More like this</summary><ul class="choices">'
        '<li><button type="button" data-entry="y">Why y &amp; how?</button></li></ul></details></section>\n'
        '<footer class="foot">\n'
        '<details class="sources"><summary>Sources (1)</summary><ol>'
        "<li>Doe J (2016) On &lt;stretching&gt;. Journal &amp; Co "
        '<a href="https://example.org/?a=1&amp;b=2" rel="noreferrer noopener" target="_blank">'
        "https://example.org/?a=1&amp;b=2</a></li></ol></details>\n"
        '<details class="advice"><summary>About this advice</summary>'
        "<p>No &lt;advice&gt; here. Last checked on 30 November 2026.</p>\n"
        "</details>\n"
        '<button type="button" class="print" data-print>Print this answer</button>\n'
        "</footer>\n"
        "</article>"
    )


def parts(reply):
    """What stands first in each line of a fragment's beginning."""
    return reply_html(reply, "/f").split("\n")[1:]


def test_an_urgent_reply_says_what_to_do_first_and_offers_nothing():
    urgent = replace(REPLY, kind="urgent", care="same-day", related=(), figures=())
    first, second, *others = parts(urgent)
    assert first == '<p class="care" role="alert">URGENT: get medical help today</p>'
    assert second.startswith("<h2")
    assert f'<p class="nothing-else">{NOTHING_ELSE}</p>' in others
    assert "data-entry" not in "".join(others)


def test_a_caution_stands_before_everything():
    caution = Caution("z", "One calf <is> swollen", "same-day", "See a doctor today & now")
    assert parts(replace(REPLY, caution=caution))[0] == (
        '<div class="caution" role="alert"><p><strong>Take care:</strong> See a doctor today &amp; now</p>'
        '<button type="button" data-entry="z">See: One calf &lt;is&gt; swollen</button></div>'
    )


def test_what_is_not_for_someone_is_told_before_what_is():
    unsuited = Unsuited("pigeon", "How do I do <pigeon>?", ("have a new hip",))
    assert parts(replace(REPLY, unsuited=unsuited))[0] == (
        '<p class="note">You said that you have a new hip. '
        "“How do I do &lt;pigeon&gt;?” is not for you then; this is:</p>"
    )


def test_a_part_says_so_and_leaves_the_pictures_to_the_whole():
    first, second, *others = parts(replace(REPLY, part="how often", again=True))
    assert first == '<p class="note">From the answer above: how often.</p>'
    assert second == '<h2 tabindex="-1">Is &lt;b&gt;8&lt;/b&gt;?</h2>'
    assert "<img" not in "".join(others)


def test_what_was_read_otherwise_is_noted():
    noted = replace(REPLY, about="The <calf>?", read_as="tight calf", not_said=("Bowen", "90"))
    assert parts(noted)[1:4] == [
        '<p class="note">About: The &lt;calf&gt;?</p>',
        '<p class="note">Read as: tight calf</p>',
        '<p class="note">This answer does not mention: Bowen, 90</p>',
    ]


def test_a_list_to_choose_from_has_its_question_for_a_heading():
    asks = Reply("clarify", "x", "No advice.", 0.4, suggestions=OFFERS[:1])
    first, second, *_ = parts(asks)
    assert first == '<h2 tabindex="-1">Did you mean</h2>'
    assert second == (
        '<ul class="choices"><li><button type="button" data-entry="v">Why v &amp; how?</button></li>'
        '<li><button type="button" data-say="none of these">None of these</button></li></ul>'
    )
    assert "data-say" not in reply_html(replace(asks, several=True), "/f")
    assert "data-print" not in reply_html(asks, "/f")


def test_without_an_answer_the_nearest_are_offered():
    reply = Reply("no-answer", "x", "No advice.", 0.1, subject="taps", suggestions=OFFERS[:1])
    written = reply_html(reply, "/f")
    assert '<h2 tabindex="-1">I have no answer to that. I cover taps.</h2>\n<p>Nearest, if it helps:</p>' in written
    assert "data-say" not in written


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "Library, shelf 3"])
def test_only_addresses_of_the_web_are_links(address):
    reply = replace(REPLY, answers=(Answer("", "x [@a]", (replace(SOURCE, url=address),)),))
    assert "<a " not in reply_html(reply, "/f")


def test_nothing_needs_inline_styles_or_scripts():
    table = "| a | b |\n|:-:|--:|\n| 1 | style=\"text-align:left\" |\n\n[x](javascript:alert(1)) <b onclick='x'>c</b>"
    written = reply_html(replace(REPLY, answers=(Answer("", table),)), "/f")
    assert '<th class="center">a</th>' in written
    assert '<td class="right">style=&quot;text-align:left&quot;</td>' in written
    assert not re.search(r'<[^>]*(style=|on\w+=|href="javascript)', written)
