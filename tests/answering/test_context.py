"""What a message follows in a conversation, and the entries that it asks for in its light."""

import numpy as np
import pytest

from chatbot.answering.context import Context, compared_together, follow, screened_together
from chatbot.arrays import NONE
from chatbot.matching.follow_ups import Before, Readings, mean_of
from chatbot.matching.turns import TurnReading
from chatbot.records import TURNS, Entry

HIPS = Entry("hips", "How do I stretch my hips?", ())
CLOT = Entry("clot", "My calf is swollen", (), kind="urgent")
HELLO = Entry("hello", "Hello", (), kind="small-talk")
EIGHT = "it is swollen and warm since this morning"


def words(count):
    return " ".join(["so"] * count)


# What is screened and compared together.


def test_a_short_message_is_screened_with_the_question_of_the_answer_before_it():
    context = Context("what is good for hips", HIPS)
    assert screened_together(EIGHT, context) == [f"How do I stretch my hips? {EIGHT}"]
    assert screened_together(f"{EIGHT} too", context) == []


@pytest.mark.parametrize(
    "context",
    [None, Context("hips", HIPS, shown=False), Context("calf", CLOT), Context("hi", HELLO)],
    ids=["nothing", "only offered", "a sign", "small talk"],
)
def test_beside_anything_else_a_message_is_screened_alone(context):
    assert screened_together("it is swollen", context) == []


@pytest.mark.parametrize("shown", [True, False])
def test_a_message_is_compared_together_with_what_was_asked_and_beside_it(shown):
    context = Context("what is good for hips", HIPS, shown)
    assert compared_together("and knees?", context) == ["what is good for hips and knees?", "what is good for hips"]


def test_a_message_of_more_than_twenty_five_words_says_itself_what_it_asks():
    context = Context("hips", HIPS)
    assert compared_together(words(25), context) == [f"hips {words(25)}", "hips"]
    assert compared_together(words(26), context) == []


@pytest.mark.parametrize("context", [None, Context("calf", CLOT), Context("hi", HELLO)])
def test_what_does_not_go_on_from_an_answer_is_compared_alone(context):
    assert compared_together("and knees?", context) == []


# What is asked for.


def followed(bot, message, entry="lunge", question=None, k=100):
    """What a message asks for after the entry that was shown, and what is near it and the two together."""
    index = bot.index
    before = index.entry(index.rows[entry])
    context = Context(question or before.question, before)
    texts = [message, *compared_together(message, context)]
    near = dict(zip(texts, index.points.near(texts, index.encoder.encode(texts)), strict=True))
    return follow(index, message, near, context, k), near


def readings_of(bot, message, near, question):
    scorer = bot.index.matcher.scorer
    alone, joined, asked = near[message], near[f"{question} {message}"], near[question]
    [between] = bot.index.points.near([message], mean_of(alone.vector[None], asked.vector[None]))
    turn = TurnReading(dict.fromkeys(TURNS, 0.0), NONE)
    return Readings(scorer.compare(alone), scorer.compare(joined), scorer.compare(between), turn)


@pytest.mark.parametrize(("message", "unsaid"), [("lean forward", False), ("stiff knees", False), ("ankles", True)])
def test_entries_are_ranked_by_three_readings_beside_the_entry_before(talker, message, unsaid):
    index, question = talker.index, "stiff hips"
    found, near = followed(talker, message, question=question)
    before = Before(index.rows["lunge"], [index.rows["hold"], index.rows["splits"]], unsaid)
    assert found.candidates == index.follow_ups.rank(readings_of(talker, message, near, question), before, 100)
    other = Before(before.entry, before.related, not unsaid)
    assert found.candidates != index.follow_ups.rank(readings_of(talker, message, near, question), other, 100)


def test_together_with_none_all_of_them_add_up_to_1(talker):
    found, _ = followed(talker, "what of the knees")
    assert sum(each.confidence for each in found.candidates) + found.none == pytest.approx(1)
    assert found.none == pytest.approx(1 - found.candidates[0].in_scope)


def test_as_many_as_are_wanted(talker):
    all_of_them, _ = followed(talker, "why?")
    two, _ = followed(talker, "why?", k=2)
    assert two.candidates == all_of_them.candidates[:2]
    assert talker.index.ids[two.candidates[0].entry] == "lunge"


def test_a_corpus_without_trial_messages_knows_no_turns(talker):
    found, _ = followed(talker, "why?")
    assert found.turn == TurnReading(dict.fromkeys(TURNS, 0.0), NONE)
    assert np.shape(talker.index.turns.vectors)[0] == 0
