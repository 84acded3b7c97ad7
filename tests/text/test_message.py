"""A question as it was typed, read for what is matched."""

import numpy as np
import pytest

from chatbot import settings
from chatbot.errors import QuestionError
from chatbot.text.message import clean_question, read_message
from chatbot.text.spelling import SpellingCorrector, english_words


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\r", "\x85", "\u2028", "\u2029", "\n", "\t", "\xa0"], ids=ascii)
def test_k1_separators_are_spaces(separator):
    assert clean_question(f"How do I loosen{separator}tight calves?") == "How do I loosen tight calves?"


@pytest.mark.parametrize("unseen", ["\xad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u202e"], ids=ascii)
def test_k1_format_characters_are_dropped(unseen):
    assert clean_question(f"tight cal{unseen}ves 🧘{unseen}♀") == "tight calves 🧘♀"


@pytest.mark.parametrize("nothing", ["", " \n", "\u2028\u200b", "\x1b[0m"], ids=ascii)
def test_nothing_left_is_no_question(nothing):
    with pytest.raises(QuestionError, match="the question is empty; type a few words"):
        clean_question(nothing)


def test_a_question_has_an_end():
    longest = "a" * settings.MAX_QUESTION_CHARACTERS
    assert clean_question(longest) == longest
    with pytest.raises(QuestionError, match="is the most: ask it shorter"):
        clean_question(longest + "a")


def test_what_is_matched_and_what_is_screened():
    corrector = SpellingCorrector(["hamstring"], np.array([9]), english_words())
    message = read_message("Hi, my hamstrng is tight. No numbness at all. Thanks!", corrector)
    corrected = "my hamstring is tight. No numbness at all."
    assert (message.corrected, message.read_as) == (corrected, corrected)
    assert message.sentences == ("my hamstring is tight.", "No numbness at all.")
    # The whole, with what it denies: only beside the rest does a sentence tell what it means.
    assert message.passages == (corrected,)
    assert message.texts == (corrected, message.unguessed, *message.sentences)
    long = read_message("my hamstrng is tight today " * 15, corrector)
    assert [len(passage.split()) for passage in long.passages] == [70, 5]
    assert "hamstrng" not in " ".join(long.passages)
