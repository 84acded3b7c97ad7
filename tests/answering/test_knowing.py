"""What a conversation knows of its person, and what is taken back."""

import pytest

from chatbot.answering.knowing import learnt, taken_back
from chatbot.matching.conditions import Conditions, Told
from chatbot.records import Condition


def told(*own, another=(), denied=()):
    return Told(dict.fromkeys((*own, *another), ""), frozenset(another), frozenset(denied))


@pytest.mark.parametrize(
    ("known", "message", "now"),
    [
        (told(), told("hip"), told("hip")),
        (told("hip"), told("gout"), told("hip", "gout")),
        (told("hip"), told(another=["gout"]), told("hip", another=["gout"])),
        (told("hip"), told(another=["hip"]), told("hip")),  # both have it
        (told(another=["hip"]), told("hip"), told("hip")),
        (told(another=["hip"]), told(another=["hip"]), told(another=["hip"])),
        (told("hip", "gout"), told(denied=["hip"]), told("gout")),
        (told(another=["hip"]), told(denied=["hip"]), told()),
        (told("hip"), told(another=["hip"], denied=["hip"]), told(another=["hip"])),
        (told("hip"), told(), told("hip")),
    ],
)
def test_what_is_known_once_more_was_told(known, message, now):
    assert learnt(known, message) == now


def test_how_long_ago_stays_where_it_is_not_said_again():
    known = Told({"hip": "3 weeks ago"})
    assert learnt(known, told("hip")).said == {"hip": "3 weeks ago"}
    assert learnt(known, Told({"hip": "in may"})).said == {"hip": "in may"}


CONDITIONS = Conditions(
    [
        Condition("hip", "have a new hip", names=("new hip",)),
        Condition("knee", "have a new knee", names=("new knee",)),
        Condition("gout", "have gout", names=("gout", "hot toe")),
    ]
)


@pytest.mark.parametrize(
    ("message", "newest", "left"),
    [
        ("no, it was my husband", ["gout"], ["hip"]),
        ("no, it was my husband", ["hip", "gout"], []),
        ("forget the hip", ["gout"], ["gout"]),  # as it is said
        ("not my hot toe", ["hip"], ["hip"]),  # as people name it
        ("not the hip and not the gout", [], []),
        ("forget the new knee", ["hip"], ["hip", "gout"]),  # which nobody told of
        ("no", [], ["hip", "gout"]),
    ],
)
def test_what_is_taken_back(message, newest, left):
    known = Told({"hip": "3 weeks ago", "gout": ""}, frozenset({"gout"}))
    now = taken_back(known, newest, message, CONDITIONS)
    assert list(now.said) == left
    assert now.another == {"gout"} & set(left)


def test_words_that_many_conditions_are_said_with_tell_none():
    known = Told({"hip": "", "gout": ""})
    assert list(taken_back(known, ["gout"], "i have not", CONDITIONS).said) == ["hip"]
