"""K9: no two offers of a reply read alike."""

import pytest

from chatbot import Chatbot
from chatbot.answering.offers import distinguishing_hints, told_apart
from chatbot.records import RelatedQuestion
from tests.builders import put_lines
from tests.fakes import WordEncoder


def offer(entry_id, question, topic="", preview=""):
    return RelatedQuestion(entry_id, question, "Answer", preview or f"Answer {entry_id}.", topic)


def labels(*offers):
    return [each.label for each in told_apart(offers)]


def test_questions_that_differ_stay_as_they_are():
    assert labels(offer("a", "Why?", "x"), offer("b", "How?", "y")) == ["Why?", "How?"]
    assert labels() == []


def test_the_topic_tells_apart_where_it_does():
    assert labels(offer("a", "Why?", "north-shop"), offer("b", "How?"), offer("c", "why", "south-shop")) == [
        "Why? (north shop)",
        "How?",
        "why (south shop)",
    ]
    assert labels(offer("a", "Why?", "shop"), offer("b", "Why?")) == ["Why? (shop)", "Why?"]


def test_else_the_first_words_of_the_answer():
    assert labels(offer("a", "Why?", "shop", "So."), offer("b", "Why?", "shop", "Because.")) == [
        "Why? (So.)",
        "Why? (Because.)",
    ]
    # Two of the three stand in one topic, so that it tells nothing of them.
    three = (offer("a", "Why?", "x", "A."), offer("b", "Why?", "x", "B."), offer("c", "Why?", "y", "C."))
    assert labels(*three) == ["Why? (A.)", "Why? (B.)", "Why? (C.)"]


def test_else_the_id():
    assert labels(offer("a", "Why?", "x", "So."), offer("b", "Why?", "x", "So!")) == ["Why? (a)", "Why? (b)"]


def test_groups_are_told_apart_each_by_what_tells_in_it():
    offers = [offer("a", "Why?", "x"), offer("b", "Why?", "y"), offer("c", "How?", "z"), offer("d", "How?", "z")]
    assert labels(*offers) == ["Why? (x)", "Why? (y)", "How? (Answer c.)", "How? (Answer d.)"]


def test_texts_without_letters_are_alike_only_when_they_are_the_same():
    assert distinguishing_hints(["?", "!", "?"], ["a", "b", "c"]) == ["a", "", "c"]


def entry(entry_id, question, topic, **fields):
    return {"id": entry_id, "question": question, "topic": topic, "answer": f"Answer {entry_id}.", **fields}


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """A bot of two shops, which have a question in common, and of two returns in one topic."""
    folder = tmp_path_factory.mktemp("shops")
    hours = ["opening hours on weekdays", "until when can I come in the evening"]
    entries = [
        entry("north", "When are you open?", "north-shop", alternate_questions=hours, related=["south"]),
        entry("south", "when are you open", "south-shop", alternate_questions=["hours of the south"]),
        entry("card", "Can I pay by card?", "paying", alternate_questions=["do you take credit cards"]),
        entry("return", "How do I return something?", "returns", related=["gift"]),
        entry("gift", "How do I return something?", "returns"),
    ]
    put_lines(folder / "faq.jsonl", *entries)
    return Chatbot.build(folder / "faq.jsonl", folder / "index", encoder=WordEncoder())


@pytest.mark.parametrize("question", ["When are you open?", "WHEN ARE YOU OPEN", "when are you  open ..."])
def test_a_phrasing_of_two_entries_asks_which(shops, question):
    reply = shops.ask(question)
    assert reply.kind == "clarify"
    assert sorted(suggestion.label for suggestion in reply.suggestions) == [
        "When are you open? (north shop)",
        "when are you open (south shop)",
    ]


def test_a_phrasing_of_one_of_them_is_answered(shops):
    reply = shops.ask("opening hours on weekdays")
    assert (reply.kind, reply.id) == ("answer", "north")
    # What is related is told apart from what is shown, too.
    assert reply.related[0].label == "when are you open (south shop)"
    assert shops.entry("return").related[0].label == "How do I return something? (Answer gift.)"


def test_the_choice_is_opened_by_its_number(shops):
    chat = shops.conversation()
    first = chat.ask("when are you open")
    assert chat.ask("2").id == first.suggestions[1].id


def test_within_a_topic_one_of_them_answers(shops):
    reply = shops.ask("When are you open?", topics=["south-shop"])
    assert (reply.kind, reply.id) == ("answer", "south")


def test_every_form_of_the_reply_tells_them_apart(shops):
    reply = shops.ask("when are you open")
    for text in (str(reply), reply.to_markdown()):
        assert "When are you open? (north shop)" in text
        assert "when are you open (south shop)" in text
    assert {each["label"] for each in reply.to_dict()["suggestions"]} == {each.label for each in reply.suggestions}
