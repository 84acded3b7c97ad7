"""Fits of logistic models with known solutions."""

from math import exp, log

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from chatbot.building.logistic import fit_logistic, fit_many_features
from chatbot.matching.logistic import LogisticModel

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


def of_many(features, truth, weight=None, strength=1e-9):
    weight = np.ones(len(truth)) if weight is None else np.array(weight)
    return fit_many_features(features, np.array(truth, dtype=bool), weight, strength)


@pytest.mark.parametrize("kind", [np.array, csr_matrix])
def test_many_features_have_the_same_solution(kind):
    # As above: one of 4 right at feature 0, 3 of 4 where it is 1; the intercept is a feature that all have.
    features = kind(np.array([[each, 1.0] for each in (0, 0, 0, 0, 1, 1, 1, 1)]))
    assert of_many(features, [1, 0, 0, 0, 1, 1, 1, 0]) == pytest.approx([2 * log(3), -log(3)], abs=1e-4)


def test_of_many_features_some_may_speak_against():
    features = np.array([[each, 1.0] for each in (0, 0, 0, 0, 1, 1, 1, 1)])
    assert of_many(features, [1, 1, 1, 0, 1, 0, 0, 0]) == pytest.approx([-2 * log(3), log(3)], abs=1e-4)


def test_messages_with_many_features_count_by_their_weight():
    # 2 messages, both right, stand for three times as many as 6, all wrong: logit(0.75).
    assert of_many(np.ones((8, 1)), [1] * 2 + [0] * 6, [1] * 2 + [1 / 9] * 6) == pytest.approx([log(3)], abs=1e-4)


def test_the_prior_of_many_features_is_pulled_by_what_it_weighs():
    # Two messages, both right, and strength 3: 2 * (1 - p) = 3 * beta with p = logistic(beta).
    (beta,) = of_many(np.ones((2, 1), dtype=np.float32), [1, 1], strength=3)
    assert beta == pytest.approx(2 / 3 * (1 - 1 / (1 + exp(-beta))), abs=1e-5)
