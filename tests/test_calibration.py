"""Logistic fits with known solutions, and thresholds worked out by hand on six questions."""

from math import exp, log

import numpy as np
import pytest

from chatbot import settings
from chatbot.calibration import Outcomes, fit_logistic, logistic, question_weights, thresholds


def outcomes(signal, right, share=1.0):
    return Outcomes(np.array(signal, dtype=float).reshape(len(right), 1), np.array(right, dtype=float), share)


def test_a_fit_with_a_known_solution():
    # One of 4 right at signal 0, 3 of 4 where it is 1: intercept logit(1/4), weight logit(3/4) - logit(1/4).
    held_out = outcomes([0, 0, 0, 0, 1, 1, 1, 1], [1, 0, 0, 0, 1, 1, 1, 0])
    beta = fit_logistic([held_out], np.zeros(2), 1e-9)
    assert beta == pytest.approx([2 * log(3), -log(3)], abs=1e-4)


def test_kinds_count_by_their_share_and_not_by_their_number():
    # 2 questions of share 0.75, both right, against 6 of share 0.25, all wrong, with no signal: logit(0.75).
    kinds = [outcomes([0, 0], [1, 1], 0.75), outcomes([0] * 6, [0] * 6, 0.25)]
    assert fit_logistic(kinds, np.zeros(2), 1e-9)[-1] == pytest.approx(log(3), abs=1e-4)


def test_a_signal_never_speaks_against_a_match():
    held_out = outcomes([0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 1, 0, 0, 0])
    beta = fit_logistic([held_out], np.zeros(2), 1e-9)
    assert beta[0] == 0
    assert beta[1] == pytest.approx(0, abs=1e-6)  # 4 of 8 right
    from_above = fit_logistic([held_out], np.array([3.0, 0.0]), 1e-9)
    assert from_above == pytest.approx([0, 0], abs=1e-6)
    assert from_above[0] >= 0


def test_a_strong_prior_stays():
    held_out = outcomes([0, 1, 1, 0], [1, 0, 0, 1])
    assert fit_logistic([held_out], np.array([6.0, -2.0]), 1e9) == pytest.approx([6, -2], abs=1e-6)


def test_the_prior_is_pulled_by_what_it_weighs():
    # Only an intercept matters: strength 10 means a penalty of 1, so 2 * (1 - p) = beta with p = logistic(beta).
    (_, intercept) = fit_logistic([outcomes([0, 0], [1, 1])], np.zeros(2), 10)
    assert intercept == pytest.approx(2 * (1 - 1 / (1 + exp(-intercept))), abs=1e-6)


def test_question_weights():
    kinds = [outcomes([0] * 4, [1] * 4, 0.8), outcomes([], [], 0.1), outcomes([0] * 2, [0] * 2, 0.1)]
    assert question_weights(kinds).tolist() == [1, 1, 1, 1, 0.25, 0.25]


def test_logistic():
    assert logistic(np.array([0.0, log(3), -log(3)])) == pytest.approx([0.5, 0.75, 0.25])
    assert logistic(np.array([-1e9, 1e9])) == pytest.approx([exp(-30), 1 - exp(-30)])


SIX = {
    "confidence": np.array([0.955, 0.905, 0.705, 0.505, 0.305, 0.105]),
    "right": np.array([1, 1, 0, 0, 0, 0]),
    "listed": np.array([1, 1, 1, 1, 0, 0]),
    "answerable": np.array([1, 1, 1, 1, 0, 0]),
    "weight": np.ones(6),
}


def test_thresholds_answer_the_right_clarify_the_listed_and_decline_the_rest():
    # Answering above 0.705 and clarifying above 0.305 costs 2 * 0.12; every other pair costs more.
    assert thresholds(**SIX) == {"answer": 0.71, "clarify": 0.31}


def test_the_order_of_questions_does_not_matter():
    turned = {name: values[::-1] for name, values in SIX.items()}
    assert thresholds(**turned) == {"answer": 0.71, "clarify": 0.31}


def test_a_wrong_answer_that_hardly_counts_is_risked():
    # The two wrong ones below weigh 0.1 each: answering them costs 0.2, clarifying 0.024, so they are still clarified;
    # with clarifications at a cost of 10, they are answered.
    light = {**SIX, "weight": np.array([1, 1, 0.1, 0.1, 1, 1])}
    assert thresholds(**light) == {"answer": 0.71, "clarify": 0.31}


def test_the_costs_are_those_of_the_settings(monkeypatch):
    monkeypatch.setitem(settings.COSTS, "clarification with the right one", 10.0)
    # Declining the two answerable ones (0.8) is now cheapest: clarifying begins where answering does.
    assert thresholds(**SIX) == {"answer": 0.71, "clarify": 0.71}
    monkeypatch.setitem(settings.COSTS, "wrong answer", 0.1)
    # And answering them wrongly (0.2) is cheaper still; the last two are declined for nothing.
    assert thresholds(**SIX) == {"answer": 0.31, "clarify": 0.31}


def test_where_nothing_is_right_nothing_is_answered():
    none = {**SIX, "right": np.zeros(6), "listed": np.zeros(6), "answerable": np.zeros(6)}
    assert thresholds(**none) == {"answer": 0.96, "clarify": 0.96}
