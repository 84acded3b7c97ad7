"""Decisions, from probabilities written by hand: no index, no model."""

import math

import pytest

from chatbot.answering.decision import Decision, decide
from chatbot.answering.reply_parts import REPLY_KIND_OF, REPLY_KINDS
from chatbot.records import KINDS, Match, Thresholds

THRESHOLDS = Thresholds(answer=0.6, clarify=0.5, urgent=0.3, caution=0.2)


def match(entry_id, confidence=0.1, in_scope=0.5, kind="answer", phrasing=""):
    return Match(entry_id, f"Question {entry_id}?", kind, 0.0, confidence, in_scope, phrasing or f"phrasing {entry_id}")


def test_nothing_near_is_no_answer():
    assert decide([], THRESHOLDS) == Decision("no-answer")


@pytest.mark.parametrize("kind", ["answer", "small-talk"])
def test_the_first_match_is_shown_from_the_threshold_on(kind):
    first, second = match("a", 0.6, kind=kind), match("b", 0.59)
    assert decide([first, second], THRESHOLDS) == Decision(kind, shown=first)
    below = match("a", 0.5999, kind=kind)
    assert decide([below, second], THRESHOLDS).shown is None


def test_what_was_meant_is_asked_when_the_corpus_covers_the_message():
    matches = [match("a", in_scope=0.5), match("b", in_scope=0.0), match("c"), match("d")]
    assert decide(matches, THRESHOLDS) == Decision("clarify", suggestions=tuple(matches[:3]))


def test_below_that_only_what_is_near_is_offered_beside_no_answer():
    # 0.55 of the threshold of 0.5 is 0.275.
    near, far = match("b", in_scope=0.2751), match("c", in_scope=0.2749)
    assert decide([match("a", in_scope=0.4999), far, near], THRESHOLDS) == Decision(
        "no-answer", suggestions=(match("a", in_scope=0.4999), near)
    )
    assert decide([far], THRESHOLDS) == Decision("no-answer")


def test_only_answers_are_offered():
    talk = match("hello", in_scope=0.9, kind="small-talk")
    assert decide([talk, match("a")], THRESHOLDS) == Decision("clarify", suggestions=(match("a"),))
    assert decide([talk], THRESHOLDS) == Decision("no-answer")


def test_k9_a_phrasing_that_two_entries_have_is_answered_by_neither():
    north = match("north", 0.9, 0.95, phrasing="When are you open?")
    other = match("card", 0.05, 0.9)
    south = match("south", 0.05, 0.9, phrasing="when are you OPEN")  # case and punctuation tell nothing
    assert decide([north, other, south], THRESHOLDS) == Decision("clarify", suggestions=(north, south))
    # Not sure of the first one either: still a choice between the two that have it.
    unsure = match("north", 0.3, 0.95, phrasing="When are you open?")
    assert decide([unsure, other, south], THRESHOLDS) == Decision("clarify", suggestions=(unsure, south))


def test_k9_all_that_have_the_phrasing_are_offered():
    shops = [match(str(shop), 0.3, 0.9, phrasing="When are you open?") for shop in range(5)]
    assert decide(shops, THRESHOLDS) == Decision("clarify", suggestions=tuple(shops))


def test_k9_what_only_others_share_changes_nothing():
    first = match("a", 0.9)
    shared = [match(each, phrasing="When are you open?") for each in "bc"]
    assert decide([first, *shared], THRESHOLDS) == Decision("answer", shown=first)


def test_k9_a_message_out_of_scope_stays_one():
    shared = [match(each, 0.01, 0.02, phrasing="When are you open?") for each in "ab"]
    assert decide(shared, THRESHOLDS) == Decision("no-answer")


def test_k9_phrasings_of_signs_only_are_the_same_when_they_are():
    assert decide([match("a", 0.9, phrasing="?!"), match("b", phrasing="...")], THRESHOLDS).shown
    assert decide([match("a", 0.9, phrasing="?!"), match("b", phrasing="?!")], THRESHOLDS).kind == "clarify"


def test_every_kind_of_entry_has_its_kind_of_reply():
    assert REPLY_KIND_OF == {
        "answer": "answer", "urgent": "urgent", "small-talk": "small-talk", "all-clear": "small-talk",
    }  # fmt: skip
    assert list(REPLY_KIND_OF) == list(KINDS)
    assert set(REPLY_KIND_OF.values()) <= set(REPLY_KINDS)


def test_an_all_clear_is_shown_as_small_talk_and_never_offered():
    seen_to = match("seen-to", 0.6, in_scope=0.9, kind="all-clear")
    assert decide([seen_to, match("a")], THRESHOLDS) == Decision("small-talk", shown=seen_to)
    unsure = match("seen-to", 0.5, in_scope=0.9, kind="all-clear")
    assert decide([unsure, match("a")], THRESHOLDS) == Decision("clarify", suggestions=(match("a"),))


def test_several_things_that_were_asked_are_each_offered():
    asked = [match("b", 0.6), match("a", 0.9), match("b", 0.7)]
    # Each entry once, as it was asked for last, in the order of the questions.
    several = Decision("clarify", suggestions=(match("b", 0.7), match("a", 0.9)), several=True)
    assert decide([match("c", 0.99)], THRESHOLDS, asked) == several
    four = [match(name, 0.9) for name in "wxyz"]
    assert decide([match("c", 0.99)], THRESHOLDS, four).suggestions == tuple(four[:3])


@pytest.mark.parametrize(
    "asked",
    [
        [match("b", 0.9), match("b", 0.9)],  # one and the same
        [match("b", 0.9), match("a", 0.5999)],  # not sure of the other one
        [match("b", 0.9), match("hello", 0.9, kind="small-talk")],  # no question
    ],
)
def test_one_thing_that_was_asked_is_answered(asked):
    first = match("c", 0.6)
    assert decide([first], THRESHOLDS, asked) == Decision("answer", shown=first)


@pytest.mark.parametrize(
    "wrong",
    [(-0.1, 0.5, 0.5, 0.5), (0.5, 1.1, 0.5, 0.5), (0.5, 0.5, math.nan, 0.5), (0.5, 0.5, 0.5, 1.1)],
)
def test_thresholds_are_probabilities(wrong):
    with pytest.raises(ValueError, match="no probabilities"):
        Thresholds(*wrong)


def test_in_a_conversation_an_answer_must_be_likelier_than_all_others_by_a_half():
    assert Thresholds(0.7, 0.4, 0.3, 0.2).in_conversation == Thresholds(0.6, 0.5, 0.3, 0.2)
