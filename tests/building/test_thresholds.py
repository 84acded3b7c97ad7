"""Thresholds in two dimensions, worked out by hand on six questions, and how few answers may be wrong."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot import settings
from chatbot.building.samples import Samples
from chatbot.building.thresholds import promised, thresholds, upper_bound


@pytest.fixture(autouse=True)
def four_in_a_hundred(monkeypatch):
    """What these tests promise."""
    monkeypatch.setattr(settings, "PROMISE", 0.04)


# Six questions: confidence and the probability of being in scope, then what came of each.
SIX = [
    (0.955, 0.955, "right"),
    (0.705, 0.905, "listed"),  # wrong, but the right one would be offered
    (0.505, 0.505, "unlisted"),  # wrong, and the right one would not be offered
    (0.605, 0.305, "unanswerable"),
    (0.205, 0.405, "unanswerable"),
    (0.005, 0.205, "unanswerable"),
]


def chosen(questions=SIX, weight=(1, 1, 1, 1, 1, 1)):
    confidence, in_scope, kinds = zip(*questions, strict=True)
    samples = Samples(
        in_scope_signals=np.empty((len(kinds), 0)),
        top1_signals=np.empty((len(kinds), 0)),
        in_scope=np.array([kind != "unanswerable" for kind in kinds]),
        correct=np.array([kind == "right" for kind in kinds]),
        listed=np.array([kind in ("right", "listed") for kind in kinds]),
        weight=np.array(weight, dtype=float),
    )
    return thresholds(samples, np.array(confidence), np.array(in_scope), keep_promise=True)


def test_thresholds_answer_by_confidence_and_ask_by_what_is_in_scope():
    # Answering the first two costs 0.045 and 0.295, clarifying the third 0.5; the others are declined for nothing,
    # though the first of them is surer than the one that is clarified: 0.84. Declining the third, too, costs 0.94;
    # answering the first four, 1.23.
    assert chosen() == {"answer": 0.61, "clarify": 0.41}


def test_the_order_of_questions_does_not_matter():
    assert chosen(SIX[::-1]) == {"answer": 0.61, "clarify": 0.41}


def test_questions_count_by_their_weight():
    # The third stands for ten and the fourth for none: clarifying those costs 5, answering them 4.95.
    assert chosen(weight=(1, 1, 10, 0, 1, 1)) == {"answer": 0.21, "clarify": 0.41}


def test_the_costs_are_those_of_the_settings(monkeypatch):
    monkeypatch.setattr(settings, "COSTS", replace(settings.COSTS, clarification_without_the_right_one=0.7))
    # Declining the third (0.6) is now cheaper.
    assert chosen() == {"answer": 0.61, "clarify": 0.51}
    monkeypatch.setattr(settings, "COSTS", replace(settings.COSTS, wrong_answer=0.1))
    # And answering it (0.0495), with the unanswerable one above it (0.0395), is cheaper still.
    assert chosen() == {"answer": 0.21, "clarify": 0.41}


def test_a_confidence_that_equals_a_threshold_reaches_it():
    # As the bot decides: `confidence >= answer`. Right on a point of the grid, and unanswerable on the one below it.
    below, at = np.linspace(0.02, 0.98, 97)[[77, 78]]
    questions = [(at, at, "right"), (below, below, "unanswerable")]
    assert chosen(questions, (1, 1)) == {"answer": 0.8, "clarify": 0.8}


def test_where_nothing_is_right_nothing_is_answered():
    none = [(confidence, in_scope, "unanswerable") for confidence, in_scope, _ in SIX]
    assert chosen(none) == {"answer": 0.96, "clarify": 0.96}


def test_where_all_is_right_what_is_less_sure_is_asked_about():
    # Answering costs 0.045, 0.295, 0.495, 0.395 and 0.795; clarifying 0.4.
    every = [(confidence, in_scope, "right") for confidence, in_scope, _ in SIX[:5]]
    assert chosen(every, (1,) * 5) == {"answer": 0.51, "clarify": 0.02}


# What is promised.


def test_the_upper_end_of_wilson_s_interval():
    # With z = 1.2816 and 100 questions, z squared / n is 0.016425. Of none: 0.016425 / 1.016425. Of 10: the share and
    # half of that are 0.1082125, and the root of 0.09 / 100 + 0.016425 / 400 is 0.0306766, times z 0.0393151.
    assert upper_bound(0, 100) == pytest.approx(0.016425 / 1.016425, abs=1e-5)
    assert upper_bound(0.1, 100) == pytest.approx((0.1082125 + 0.0393151) / 1.016425, abs=1e-5)
    assert upper_bound(1, 100) == pytest.approx(1)


def least_promised(*groups):
    """The least confidence for groups of questions: their confidence, how many there are and how many are wrong."""
    confidence = np.repeat([each for each, _, _ in groups], [count for _, count, _ in groups])
    right = np.concatenate([np.arange(count) >= wrong for _, count, wrong in groups])
    empty = np.empty((len(right), 0))
    samples = Samples(empty, empty, np.ones_like(right), right, right, np.ones(len(right)))
    return promised(samples, confidence)


def test_as_much_is_answered_as_keeps_the_promise():
    # Of 200 with 3 wrong the upper end is 0.031, of 300 with 13 wrong 0.061: more than 0.04.
    assert least_promised((0.905, 200, 3), (0.605, 100, 10), (0.305, 100, 0)) == pytest.approx(0.61)
    assert least_promised((0.905, 200, 3), (0.605, 100, 0), (0.305, 100, 90)) == pytest.approx(0.31)


def test_the_first_failure_ends_it_though_less_sure_ones_would_pass():
    # 12 of 200 are too many, 12 of 2200 are not.
    assert least_promised((0.905, 200, 0), (0.805, 200, 12), (0.305, 1800, 0)) == pytest.approx(0.81)


def test_where_the_surest_fail_no_others_are_answered():
    assert least_promised((0.905, 100, 30), (0.305, 900, 0)) == pytest.approx(0.9)


def test_too_few_answers_tell_nothing():
    assert least_promised((0.905, 49, 49)) == 0
    assert least_promised((0.905, 49, 49), (0.605, 1, 0)) == pytest.approx(0.6)


def test_all_may_be_answered_where_all_are_right():
    assert least_promised((0.905, 200, 0)) == pytest.approx(0.02)


def test_an_answer_to_what_has_none_is_wrong():
    empty, yes = np.empty((100, 0)), np.ones(100, dtype=bool)
    samples = Samples(empty, empty, ~yes, yes, yes, np.ones(100))
    assert promised(samples, np.full(100, 0.905)) == pytest.approx(0.9)


def test_what_is_seldom_asked_counts_for_little():
    # 20 of 520 wrong are too many; where each stands for a quarter, 5 of 505 are not.
    empty, yes, right = np.empty((520, 0)), np.ones(520, dtype=bool), np.arange(520) >= 20
    for weight, least in ((1.0, 0.9), (0.25, 0.02)):
        samples = Samples(empty, empty, right, right, yes, np.where(right, 1.0, weight))
        assert promised(samples, np.full(520, 0.905)) == pytest.approx(least)


def test_the_threshold_keeps_the_promise_whatever_an_answer_costs(monkeypatch):
    monkeypatch.setattr(settings, "COSTS", replace(settings.COSTS, wrong_answer=0.0))
    questions = [(0.905, 0.905, "right")] * 100 + [(0.605, 0.905, "listed")] * 100
    assert chosen(questions, (1,) * 200)["answer"] == 0.61
    monkeypatch.setattr(settings, "PROMISE", 1.0)
    assert chosen(questions, (1,) * 200)["answer"] == 0.02
