"""Choices from a list, as people put them."""

import pytest

from chatbot.answering.choice import chosen_places, confirms, is_none, is_yes, named_place


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("2", [1]),
        ("#3", [2]),
        ("option 2 please", [1]),
        ("number two", [1]),
        ("the 2nd one", [1]),
        ("Second please!", [1]),
        ("one", [0]),
        ("yes, the last one", [2]),
        ("1 and 3", [0, 2]),
        ("3, 1", [2, 0]),
        ("the first and the third one, thanks", [0, 2]),
        ("2 & 2", [1]),
        ("both", [0, 1]),
        ("all of them", [0, 1, 2]),
        ("either", [0, 1]),
        ("either one of these", [0, 1]),
        ("the middle one", [1]),
        ("the first two", [0, 1]),
        ("last two please", [1, 2]),
        ("the last three", [0, 1, 2]),
        ("not the first, the second", [1]),
        ("not 1 but 3", [2]),
        ("no, the second one", [1]),
        ("the third, not the first", [2]),
        ("not the first or second but the last", [2]),
        ("not the first", []),
        ("either way", []),
        ("last two weeks", []),
        ("4", []),
        ("0", []),
        ("1 and 9", []),
        ("one more time", []),
        ("two weeks", []),
        ("how about 2", []),
        ("last night", []),
    ],
)
def test_numbers_in_any_form(text, places):
    assert chosen_places(text, 3) == places


@pytest.mark.parametrize(("count", "places"), [(1, [0]), (2, []), (4, [1]), (5, [2]), (6, [1])])
def test_the_middle_one_of_an_even_number_is_that_of_those_shown_first(count, places):
    assert chosen_places("the middle one", count) == places


def test_the_first_or_last_of_fewer_are_all():
    assert [chosen_places(text, 1) for text in ("the first two", "the last three", "both")] == [[0], [0], [0]]


def test_of_nothing_nothing_is_chosen():
    assert [chosen_places(text, 0) for text in ("1", "both", "all", "last", "middle", "last two")] == [[]] * 6


@pytest.mark.parametrize(
    ("text", "yes"), [("Yes please", True), ("yep!", True), ("yes but why", False), ("yes, 2", False), ("no", False)]
)
def test_yes(text, yes):
    assert is_yes(text) is yes


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("none", True),
        ("None of these!", True),
        ("none of them, thanks", True),
        ("none them", True),
        ("neither", True),
        ("neither of those", True),
        ("no", True),
        ("Nope.", True),
        ("no, none of these", True),
        ("not any of them please", True),
        ("not one of these", True),
        ("no way", False),
        ("none of my business", False),
        ("not one", False),
        ("no, the second one", False),
        ("nonetheless", False),
        ("none of these help", False),
    ],
)
def test_none_of_what_was_offered(text, none):
    assert is_none(text) is none


LABELS = [
    "Can I stretch after back surgery?",
    "Why is my lower back stiff in the mornings?",
    "How do I stretch my back?",
]
WEIGHTS = {"the": 0.1, "one": 0.2, "about": 0.2, "in": 0.1, "my": 0.1, "back": 1.0}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the one about surgery", 0),
        ("in the morning", 1),
        ("my lower back", 1),
        ("back", None),  # all three
        ("the one about knees", None),
        ("what can I do in the morning when I get up with surgery", None),  # too long to be a choice
        ("?", None),
    ],
)
def test_an_offer_named_by_what_it_is_about(text, place):
    assert named_place(text, LABELS, lambda word: WEIGHTS.get(word, 3.0)) == place


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("yes", True),
        ("yes it spreads to my jaw", True),
        ("Yeah, since the flight.", True),
        ("it does", True),
        ("i have that", True),
        ("She is!", True),
        ("I am", True),
        ("yes please", False),
        ("yes, the second one", False),
        ("yes 2", False),
        ("yes but which stretch?", False),
        ("i do that daily", False),
        ("no", False),
        ("it does not", False),
    ],
)
def test_a_message_that_confirms_what_was_asked_of_its_writer(text, says_so):
    assert confirms(text) is says_so
