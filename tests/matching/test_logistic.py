"""Logistic models, and fits with known solutions."""

from math import exp, log

import numpy as np
import pytest

from chatbot.matching.logistic import LogisticModel, fit_logistic, logistic

NOTHING = LogisticModel(np.zeros(2))


def fitted(signal, truth, prior=NOTHING, strength=1e-9, weight=None):
    """The weights of a fit with one signal; each question weighs 1 where nothing else is said."""
    weight = np.ones(len(truth)) if weight is None else np.array(weight)
    return fit_logistic(
        np.array(signal, dtype=float)[:, None], np.array(truth, dtype=bool), weight, prior, strength
    ).weights


def test_a_fit_with_a_known_solution():
    # One of 4 right at signal 0, 3 of 4 where it is 1: intercept logit(1/4), weight logit(3/4) - logit(1/4).
    assert fitted([0, 0, 0, 0, 1, 1, 1, 1], [1, 0, 0, 0, 1, 1, 1, 0]) == pytest.approx([2 * log(3), -log(3)], abs=1e-4)


def test_questions_count_by_their_weight():
    # 2 questions, both right, stand for three times as many as 6, all wrong, with no signal: logit(0.75).
    weight = [1] * 2 + [1 / 9] * 6
    assert fitted([0] * 8, [1] * 2 + [0] * 6, weight=weight)[-1] == pytest.approx(log(3), abs=1e-4)


def test_a_signal_never_speaks_against_a_match():
    held_out = [0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 1, 0, 0, 0]
    beta = fitted(*held_out)
    assert beta[0] == 0
    assert beta[1] == pytest.approx(0, abs=1e-6)  # 4 of 8 right
    from_above = fitted(*held_out, LogisticModel(np.array([3.0, 0.0])))
    assert from_above == pytest.approx([0, 0], abs=1e-6)
    assert from_above[0] >= 0


def test_a_strong_prior_stays():
    prior = LogisticModel(np.array([6.0, -2.0]))
    assert fitted([0, 1, 1, 0], [1, 0, 0, 1], prior, 1e9) == pytest.approx([6, -2], abs=1e-6)


def test_the_prior_is_pulled_by_what_it_weighs():
    # Only an intercept matters: strength 10 means a penalty of 1, so 2 * (1 - p) = beta with p = logistic(beta).
    (_, intercept) = fitted([0, 0], [1, 1], strength=10)
    assert intercept == pytest.approx(2 * (1 - 1 / (1 + exp(-intercept))), abs=1e-6)


def test_logistic():
    assert logistic(np.array([0.0, log(3), -log(3)])) == pytest.approx([0.5, 0.75, 0.25])
    assert logistic(np.array([-1e9, 1e9])) == pytest.approx([exp(-30), 1 - exp(-30)])


def test_a_model_by_hand():
    model = LogisticModel(np.array([2.0, 1.0, -1.7]))
    signals = np.array([[0.5, 0.7], [0.5, 0.7 + log(3)]])
    assert model.logit(signals) == pytest.approx([0, log(3)])
    assert model.probability(signals) == pytest.approx([0.5, 0.75])
    assert model.probability(np.empty((0, 2))).shape == (0,)
