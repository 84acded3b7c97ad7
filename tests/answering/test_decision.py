"""Decisions, from probabilities written by hand: no index, no model."""

import math

import pytest

from chatbot.answering.decision import Decision, alarm, alarm_threshold, decide
from chatbot.matching.matcher import Candidate
from chatbot.records import Match, Thresholds

THRESHOLDS = Thresholds(answer=0.6, clarify=0.5, urgent=0.3)


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
    # 0.4 of the threshold of 0.5 is 0.2.
    near, far = match("b", in_scope=0.2), match("c", in_scope=0.1999)
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


def sign(entry, confidence):
    return Candidate(entry, 0, 0.0, confidence, confidence, {})


def test_the_likeliest_warning_sign_counts():
    assert alarm([sign(1, 0.5), None, sign(2, 0.7)], 0.3) == sign(2, 0.7)
    assert alarm([sign(1, 0.3)], 0.3) == sign(1, 0.3)
    assert alarm([sign(1, 0.2999)], 0.3) is None
    assert alarm([None, None], 0.0) is None
    assert alarm([], 0.3) is None


def test_more_statements_need_a_surer_sign():
    assert alarm_threshold(0.3, 1) == 0.3
    assert alarm_threshold(0.3, 4) == 0.6
    assert alarm_threshold(0.3, 2) == pytest.approx(0.3 * math.sqrt(2))
    # Those that are like no sign count as well: they had their chance to be.
    assert alarm([sign(1, 0.5)], 0.3) == sign(1, 0.5)
    assert alarm([sign(1, 0.5), None, None, None], 0.3) is None


@pytest.mark.parametrize("wrong", [(-0.1, 0.5, 0.5), (0.5, 1.1, 0.5), (0.5, 0.5, math.nan)])
def test_thresholds_are_probabilities(wrong):
    with pytest.raises(ValueError, match="no probabilities"):
        Thresholds(*wrong)
