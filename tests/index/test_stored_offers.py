"""What is offered of an entry: written and read again, with the first words of its first answer."""

import json

import pytest

from chatbot.index.stored_offers import offer_from_json, offer_to_json
from chatbot.records import Answer, Entry, RelatedQuestion


def offered(text, **fields):
    answers = (Answer("Yoga", text), Answer("Other", "Other text."))
    return offer_from_json(offer_to_json(Entry("a-1", "Why é?", answers, **fields)))


def test_through_json_and_back():
    assert offered("Because.", kind="urgent") == ("urgent", RelatedQuestion("a-1", "Why é?", "Yoga", "Because."))
    line = offer_to_json(Entry("a", "q", (Answer("", "two\nlines"),)))
    assert "\n" not in line
    assert json.loads(line)[0] == "answer"


@pytest.mark.parametrize(
    ("text", "preview"),
    [
        ("Hold **30 seconds** [@bandy-1994-stretch-time].\nThen rest.", "Hold 30 seconds. Then rest."),
        # 88 characters are shown, the last for what is left out; no word is cut
        ("word " * 17 + "abc", ("word " * 17 + "abc")),
        ("word " * 17 + "abcd", ("word " * 17).strip() + " …"),
    ],
)
def test_a_preview_is_plain_and_short(text, preview):
    assert offered(text)[1].preview == preview
