"""A reply as HTML: every part of it, escaped, with its pictures or their words."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from chatbot.answering.reply import NOTHING_ELSE, Reply
from chatbot.records import Answer, Caution, Figure, RelatedQuestion, Source

SOURCE = Source("a", "On <stretching>", "Doe J", "2016", "Journal & Co", url="https://example.org/?a=1&b=2")
LIFT = Figure("lift", "Raise <one> knee", 'A person "raises" a knee.')
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><title>Raise</title><desc>A person</desc>'
    '<path id="p" d="M0 0"/></svg>'
)
REPLY = Reply(
    kind="answer",
    query="x",
    disclaimer="No <advice> here.",
    confidence=0.9,
    id="x",
    question="Is 2**3 <b>8</b> [x](y)?",
    answers=(Answer("C# <b>", "Hold *30* s [@a]. <i>x</i>", (SOURCE,), ("a <clot>",)),),
    figures=(LIFT,),
    related=(RelatedQuestion("y", "Why & how?", "Yoga", "Because <so>", "hips"),),
)


def test_every_part_of_a_reply_is_there_and_escaped():
    assert REPLY.to_html() == (
        "<article>\n"
        "<h2>Is 2**3 &lt;b&gt;8&lt;/b&gt; [x](y)?</h2>\n"
        "<p><em>Picture:</em> A person &quot;raises&quot; a knee.</p>\n"
        "<h3>C# &lt;b&gt;</h3>\n"
        "<p>Hold <em>30</em> s [1]. x</p>\n"
        "<p><strong>Not for you if:</strong> a &lt;clot&gt;</p>\n"
        "<h3>Sources</h3>\n"
        "<ol>\n"
        "<li>Doe J (2016) On &lt;stretching&gt;. Journal &amp; Co https://example.org/?a=1&amp;b=2</li>\n"
        "</ol>\n"
        "<h3>Continue with</h3>\n"
        "<ol>\n"
        "<li><strong>Why &amp; how?</strong> Yoga · Because &lt;so&gt;</li>\n"
        "</ol>\n"
        "<footer><p>No &lt;advice&gt; here.</p></footer>\n"
        "</article>\n"
    )


def test_a_picture_stands_in_it_with_its_words():
    written = REPLY.to_html({"lift": SVG}.__getitem__)
    figure = re.search(r"<figure>\n(.*)\n<figcaption>(.*)</figcaption>\n</figure>", written)
    assert figure[2] == "Raise &lt;one&gt; knee"
    assert 'role="img" aria-label="A person &quot;raises&quot; a knee."' in figure[1]
    assert '<path id="figure-' in figure[1]
    assert "<desc>" not in written


def test_no_id_comes_twice_on_a_page_that_shows_a_reply_twice():
    twice = REPLY.to_html({"lift": SVG}.__getitem__) + REPLY.to_html({"lift": SVG}.__getitem__)
    ids = re.findall(r' id="([^"]*)"', twice)
    assert len(ids) == 4
    assert len(set(ids)) == 4


def test_a_warning_stands_first_and_an_urgent_reply_offers_nothing_else():
    caution = Caution("z", "One calf <is> swollen", "same-day", "See a doctor today & now")
    written = replace(REPLY, caution=caution, kind="urgent", care="same-day", related=(), figures=()).to_html()
    said = "See a doctor today &amp; now See: One calf &lt;is&gt; swollen"
    assert written.startswith(f"<article>\n<p><strong>Take care:</strong> {said}</p>\n")
    assert f"<p>{NOTHING_ELSE}</p>" in written
    assert "<p><strong>URGENT: get medical help today</strong></p>" in written


class Balance(HTMLParser):
    """The tags that are open, and whether each end had a begin."""

    def __init__(self):
        super().__init__()
        self.open, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open += [tag] if tag not in ("br", "hr") else []
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("question", ["how long should i hold <img src=x>", "<b>hello", "numb & <i> legs"])
def test_a_real_reply_is_whole_html_without_what_was_typed_as_tags(bot, question):
    reader = Balance()
    reader.feed(bot.ask(question).to_html(bot.drawing))
    assert not reader.open
    assert not reader.tags & {"img", "b", "i", "script"}


def test_what_gives_no_picture_is_told():
    with pytest.raises(KeyError):
        REPLY.to_html({}.__getitem__)
    with pytest.raises(ValueError, match="not an SVG"):
        REPLY.to_html(lambda _name: "<p>")
