import pytest

from chatbot.answering.followup import is_follow_up


@pytest.mark.parametrize(
    ("message", "confidence", "leans"),
    [
        ("how long should I hold it?", 0.79, True),
        ("how long should I hold it?", 0.8, False),  # stands well enough by itself
        ("and for my hamstrings?", 0.79, True),
        ("and for my hamstrings?", 0.8, False),
        ("why?", 0.15, True),
        ("how do I stretch my calves", 0.6, False),  # nothing points back
        ("how do I stretch my calves", 0.59, True),  # but it says little alone
        ("tight hamstrings exercise", 0.79, True),  # three words say little, however sure
        ("tight hamstrings exercise", 0.8, False),
        ("tight hamstrings morning exercise", 0.6, False),
        ("does that help me when I run uphill", 0.1, True),  # eight words
        ("does that help me when I run far uphill", 0.1, False),  # too long to lean
        ("what can I do when it hurts behind the knee while I run uphill", 0.1, False),
    ],
)
def test_what_leans(message, confidence, leans):
    assert is_follow_up(message, confidence, introduces_rare_word=False) is leans


@pytest.mark.parametrize(
    ("message", "confidence", "leans"),
    [
        ("how do I stretch my calves", 0.1, False),  # about something else
        ("calves", 0.1, False),
        ("why calves?", 0.1, True),  # opens as what goes on
        ("does it help my calves", 0.79, True),  # points back
        ("does it help my calves", 0.8, False),
        ("the other side of my calves", 0.1, True),
        ("the inner side of my calves", 0.1, False),
    ],
)
def test_a_message_that_brings_news_leans_only_where_it_points_back(message, confidence, leans):
    assert is_follow_up(message, confidence, introduces_rare_word=True) is leans


@pytest.mark.parametrize(
    "message", ["yes", "Yes!", "yeah", "yep", "no.", "nope", "ok", "Okay…", "sure", "fine", "right"]
)
@pytest.mark.parametrize("introduces_rare_word", [True, False])
def test_a_reaction_asks_nothing(message, introduces_rare_word):
    assert not is_follow_up(message, 0.0, introduces_rare_word)


@pytest.mark.parametrize("message", ["oh", "hm", "  Hmmm ...", "«oh»"])
def test_so_does_a_sound(message):
    assert not is_follow_up(message, 0.0, introduces_rare_word=False)


@pytest.mark.parametrize(
    "message", ["ok and my hips?", "no, the other one", "right side?", "ok why", "yes but how long"]
)
def test_more_than_a_reaction_leans(message):
    assert is_follow_up(message, 0.3, introduces_rare_word=False)
