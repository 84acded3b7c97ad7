"""An answer that was shown before: the part of it that is asked about, and how that is told."""

from dataclasses import replace

import pytest

from chatbot.answering.again import again
from chatbot.arrays import NONE
from chatbot.matching.turns import TurnReading
from chatbot.records import Answer, RelatedQuestion
from chatbot.settings import MAX_RELATED

STEPS, FEEL, DOSE = range(3)  # the rows of the corpus's parts


def asked(bot, query, part=NONE, entry="lunge", **changes):
    """The reply about an entry that was shown before, with the part that the message sounds like."""
    reply = replace(bot.entry(entry), query=query, **changes)
    return again(bot.index, reply, TurnReading({}, part))


def texts(reply):
    return [answer.text for answer in reply.answers]


def test_the_parts_of_the_corpus_stand_in_the_order_of_their_table(talker):
    assert [part.name for part in talker.index.parts] == ["steps", "feel", "dose"]


def test_the_part_that_a_message_sounds_like_is_shown_with_the_whole_to_choose(talker):
    whole = talker.entry("lunge")
    reply = asked(talker, "how does it go", STEPS)
    assert (reply.again, reply.part, reply.lead) == (True, "how to do it", "From the answer above: how to do it.")
    assert texts(reply) == ["1. Kneel on one knee.\n2. Lean forward and hold it [@behm-2016]."]
    assert [source.id for source in reply.sources] == ["behm-2016"]
    first, *others = reply.related
    assert (first.id, first.label) == ("lunge", "What loosens tight hips? (all of it)")
    assert others == list(whole.related)
    assert (reply.id, reply.question, reply.answers[0].avoid_if) == (
        "lunge",
        whole.question,
        ("recent hip replacement", "pregnancy"),
    )


def test_a_part_without_a_citation_has_no_sources(talker):
    reply = asked(talker, "?", FEEL)
    assert texts(reply) == ["**Where to feel it.** At the front of the hip."]
    assert (reply.sources, reply.numbers) == ((), {})


@pytest.mark.parametrize(
    ("query", "sounds", "part"),
    [
        ("the feel", STEPS, "where to feel it"),  # it is named
        ("FEEL?", NONE, "where to feel it"),
        ("feels", STEPS, "how to do it"),  # not as it is called
        ("steps or dose", FEEL, "where to feel it"),  # two are named
        ("steps or dose", NONE, None),
        ("and", NONE, None),
    ],
)
def test_the_part_that_is_named_goes_before_the_one_that_it_sounds_like(talker, query, sounds, part):
    reply = asked(talker, query, sounds)
    assert (reply.part, reply.again) == (part, True)
    if part is None:
        assert texts(reply) == texts(talker.entry("lunge"))
        assert reply.related == talker.entry("lunge").related


def test_an_answer_without_the_part_is_shown_whole(talker):
    reply = asked(talker, "feel", entry="knees")
    assert (reply.part, reply.again, reply.lead) == (None, True, "This is the answer from above.")
    assert (texts(reply), reply.related) == (["Bend them."], talker.entry("knees").related)


def test_of_several_answers_those_with_the_part_are_shown(talker):
    answers = (Answer("A", "Walk."), Answer("B", "Hold it. Rest."), Answer("C", "Twice a day."))
    reply = asked(talker, "dose", answers=answers)
    assert reply.answers == (Answer("B", "Hold it."), Answer("C", "Twice a day."))


def test_no_more_is_offered_than_elsewhere(talker):
    offers = tuple(RelatedQuestion(name, f"{name}?", "", "") for name in "abcdef")
    assert len(offers) == MAX_RELATED
    assert [each.id for each in asked(talker, "dose", related=offers).related] == ["lunge", *"abcde"]


@pytest.mark.parametrize(("sure", "told"), [(1.0, 0.84), (0.85, 0.84), (0.84, 0.84), (0.7, 0.7)])
def test_it_is_fairly_sure_at_most(talker, sure, told):
    for part in (NONE, STEPS):
        reply = asked(talker, "?", part, confidence=sure)
        assert (reply.confidence, reply.certainty) == (told, "fairly sure")


# In a conversation.


def test_who_goes_on_about_an_answer_is_shown_it_again(talker):
    chat = talker.conversation()
    first = chat.open("lunge")
    assert (first.again, first.part) == (False, None)
    whole = chat.ask("lean forward")
    assert (whole.id, whole.again, whole.part, whole.about) == ("lunge", True, None, "What loosens tight hips?")
    part = chat.ask("feel it")
    assert (part.id, part.again, part.part, part.about) == ("lunge", True, "where to feel it", part.question)
    # All of it is the first to choose.
    assert texts(chat.ask("1")) == texts(first)
    assert (chat.last.again, chat.last.part) == (False, None)


def test_what_was_not_shown_before_is_not_shown_again(talker):
    chat = talker.conversation()
    chat.open("lunge")
    reply = chat.ask("what of my knees?")
    assert (reply.id, reply.again, reply.part) == ("knees", False, None)
