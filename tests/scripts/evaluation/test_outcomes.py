"""What the bot did with the questions of a set, each asked in a conversation of its own."""

import pytest

from scripts.evaluation.outcomes import ask_all
from scripts.evaluation.questions import Question
from tests.spoken import spoken_bot

HIP, CALF = "How do I stretch my hip?", "How do I stretch my calf?"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return spoken_bot(tmp_path_factory.mktemp("spoken"))


def test_who_is_told_that_it_is_not_for_them_found_what_was_asked_for(spoken):
    told, free, nowhere = ask_all(
        spoken,
        [
            Question(HIP, (("hip",),), first="I have a new hip", suits=False),
            Question(HIP, (("hip",),), first="I had a blood clot", suits=True),
            Question(CALF, (("calf",),), first="I had a blood clot", suits=False),
        ],
    )
    assert (told.action, told.shown, told.warned, told.decision) == ("answer", "hip", True, "answered right")
    assert (free.action, free.shown, free.warned, free.decision) == ("answer", "hip", False, "answered right")
    told = (nowhere.action, nowhere.shown, nowhere.warned, nowhere.decision)
    assert told == ("no-answer", "calf", True, "answered right")


def test_each_question_has_a_conversation_of_its_own(spoken):
    first, second = ask_all(spoken, [Question("I have a new hip"), Question(HIP, (("hip",),))])
    assert (first.warned, second.warned, second.shown) == (False, False, "hip")


def test_what_is_asked_after_an_answer_is_asked_in_its_light(spoken):
    opened, alone = ask_all(spoken, [Question("easier", (("hip",),), opened="hip"), Question("easier", (("hip",),))])
    assert (opened.action, opened.shown) == ("answer", "hip")
    assert (alone.action, alone.shown) == ("no-answer", "")


def test_what_cannot_be_read_has_no_answer(spoken):
    (outcome,) = ask_all(spoken, [Question("\u200b")])
    assert (outcome.action, outcome.decision, outcome.ranked) == ("no-answer", "declined", ())
