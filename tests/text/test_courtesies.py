"""What around a question asks nothing."""

import pytest

from chatbot.text.courtesies import without_courtesies

QUESTION = "how do I stretch my calves?"


@pytest.mark.parametrize(
    "message",
    [
        "Hi there, quick question: {}",
        "Hello! {}",
        "hi {}",
        "Good morning all. Sorry to bother you - {}",
        "Thanks for your help earlier. {}",
        "{} Thanks in advance!",
        "{} Thank you so much. Cheers",
        "Hey everyone, {} Any help appreciated!",
        "Please help: {}",
        "Hey chatbot, {}",
        "hey bot {}",
        "{} cheers mate",
        "{} tyvm!! xx",
        "{} Kind regards",
        "Asking for a friend: {}",
        "asking for a friend, {}",
        "Just asking for a friend here. {}",
        "asking for a friend {}",
        "{} (asking for a friend)",
        "{} Asking for a friend!",
        "My name is Ann. {}",
        "Hi, my name is Ann Smith, {}",
        "hello my name's ann and {}",
        "my name is José-María {}",
        "Hi there! My name is O'Neil - {} Thanks",
    ],
)
def test_k31_courtesies_are_set_aside(message):
    assert without_courtesies(message.format(QUESTION)) == QUESTION


@pytest.mark.parametrize(
    "message",
    [
        QUESTION,
        "hi",
        "thank you so much, that helped",
        "ok thanks",
        "hiking and tight calves",
        "good morning stretch",
        "Is it good to say hello?",
        "My calf hurts. Thanks to the new shoes it is better. What now?",  # in the middle, and it tells something
        "please",
        "",
        "my name is Ann",
        "asking for a friend",
        "my name is Ann calf stretch",
        "asking for a friend who cannot feel his legs",
        "I am pregnant, how do I stretch?",
        "is my name the stretch",
    ],
)
def test_k31_what_says_something_stays(message):
    assert without_courtesies(message) == message


def test_unmarked_thanks_at_the_end_go():
    assert without_courtesies("how long should i hold a stretch please") == "how long should i hold a stretch"
    assert without_courtesies("stretch please") == "stretch please"  # one word would be left
