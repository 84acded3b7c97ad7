"""Logistic fits with known solutions, and thresholds in two dimensions worked out by hand on six questions."""

from math import exp, log

import numpy as np
import pytest

from chatbot import settings
from chatbot.building.thresholds import Judged, thresholds
from chatbot.matching.logistic import LogisticModel, Outcomes, fit_logistic, logistic, question_weights

NOTHING = LogisticModel(np.zeros(2))


def outcomes(signal, right, share=1.0):
    return Outcomes(np.array(signal, dtype=float).reshape(len(right), 1), np.array(right, dtype=float), share)


def test_a_fit_with_a_known_solution():
    # One of 4 right at signal 0, 3 of 4 where it is 1: intercept logit(1/4), weight logit(3/4) - logit(1/4).
    held_out = outcomes([0, 0, 0, 0, 1, 1, 1, 1], [1, 0, 0, 0, 1, 1, 1, 0])
    beta = fit_logistic([held_out], NOTHING, 1e-9).weights
    assert beta == pytest.approx([2 * log(3), -log(3)], abs=1e-4)


def test_kinds_count_by_their_share_and_not_by_their_number():
    # 2 questions of share 0.75, both right, against 6 of share 0.25, all wrong, with no signal: logit(0.75).
    kinds = [outcomes([0, 0], [1, 1], 0.75), outcomes([0] * 6, [0] * 6, 0.25)]
    assert fit_logistic(kinds, NOTHING, 1e-9).weights[-1] == pytest.approx(log(3), abs=1e-4)


def test_a_signal_never_speaks_against_a_match():
    held_out = outcomes([0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 1, 0, 0, 0])
    beta = fit_logistic([held_out], NOTHING, 1e-9).weights
    assert beta[0] == 0
    assert beta[1] == pytest.approx(0, abs=1e-6)  # 4 of 8 right
    from_above = fit_logistic([held_out], LogisticModel(np.array([3.0, 0.0])), 1e-9).weights
    assert from_above == pytest.approx([0, 0], abs=1e-6)
    assert from_above[0] >= 0


def test_a_strong_prior_stays():
    held_out = outcomes([0, 1, 1, 0], [1, 0, 0, 1])
    assert fit_logistic([held_out], LogisticModel(np.array([6.0, -2.0])), 1e9).weights == pytest.approx(
        [6, -2], abs=1e-6
    )


def test_the_prior_is_pulled_by_what_it_weighs():
    # Only an intercept matters: strength 10 means a penalty of 1, so 2 * (1 - p) = beta with p = logistic(beta).
    (_, intercept) = fit_logistic([outcomes([0, 0], [1, 1])], NOTHING, 10).weights
    assert intercept == pytest.approx(2 * (1 - 1 / (1 + exp(-intercept))), abs=1e-6)


def test_question_weights():
    kinds = [outcomes([0] * 4, [1] * 4, 0.8), outcomes([], [], 0.1), outcomes([0] * 2, [0] * 2, 0.1)]
    assert question_weights(kinds).tolist() == [1, 1, 1, 1, 0.25, 0.25]


def test_logistic():
    assert logistic(np.array([0.0, log(3), -log(3)])) == pytest.approx([0.5, 0.75, 0.25])
    assert logistic(np.array([-1e9, 1e9])) == pytest.approx([exp(-30), 1 - exp(-30)])


def test_a_model_by_hand():
    model = LogisticModel(np.array([2.0, 1.0, -1.7]))
    signals = np.array([[0.5, 0.7], [0.5, 0.7 + log(3)]])
    assert model.logit(signals) == pytest.approx([0, log(3)])
    assert model.probability(signals) == pytest.approx([0.5, 0.75])
    assert model.probability(np.empty((0, 2))).shape == (0,)


def test_a_rescaled_model_has_twice_the_logit_and_a_shift():
    model = LogisticModel(np.array([2.0, 1.0, -1.7])).rescaled(2.0, -0.5)
    assert model.weights == pytest.approx([4, 2, -3.9])
    assert model.logit(np.array([[0.5, 0.7 + log(3)]])) == pytest.approx([2 * log(3) - 0.5])


# Six questions: confidence and covered, then what came of each.
SIX = [
    (0.955, 0.955, "right"),
    (0.705, 0.905, "listed"),  # wrong, but the right one would be offered
    (0.505, 0.505, "unlisted"),  # wrong, and the right one would not be offered
    (0.605, 0.305, "unanswerable"),
    (0.205, 0.405, "unanswerable"),
    (0.005, 0.205, "unanswerable"),
]


def judged(questions=SIX, weight=(1, 1, 1, 1, 1, 1)):
    confidence, covered, kinds = zip(*questions, strict=True)
    return Judged(
        confidence=np.array(confidence),
        covered=np.array(covered),
        listed=np.array([kind in ("right", "listed") for kind in kinds]),
        answerable=np.array([kind != "unanswerable" for kind in kinds]),
        weight=np.array(weight, dtype=float),
    )


def test_thresholds_answer_by_confidence_and_ask_by_what_is_covered():
    # Answering the first two costs 0.045 and 0.295, clarifying the third 0.5; the others are declined for nothing,
    # though the first of them is surer than the one that is clarified: 0.84. Declining the third, too, costs 0.94;
    # answering the first four, 1.23.
    assert thresholds(judged()) == {"answer": 0.61, "clarify": 0.41}


def test_the_order_of_questions_does_not_matter():
    assert thresholds(judged(SIX[::-1])) == {"answer": 0.61, "clarify": 0.41}


def test_questions_count_by_their_weight():
    # The third stands for ten and the fourth for none: clarifying those costs 5, answering them 4.95.
    assert thresholds(judged(weight=(1, 1, 10, 0, 1, 1))) == {"answer": 0.21, "clarify": 0.41}


def test_the_costs_are_those_of_the_settings(monkeypatch):
    monkeypatch.setitem(settings.COSTS, "clarification without the right one", 0.7)
    # Declining the third (0.6) is now cheaper.
    assert thresholds(judged()) == {"answer": 0.61, "clarify": 0.51}
    monkeypatch.setitem(settings.COSTS, "wrong answer", 0.1)
    # And answering it (0.0495), with the unanswerable one above it (0.0395), is cheaper still.
    assert thresholds(judged()) == {"answer": 0.21, "clarify": 0.41}


def test_a_confidence_that_equals_a_threshold_reaches_it():
    # As the bot decides: `confidence >= answer`. Right on a point of the grid, and unanswerable on the one below it.
    below, at = np.linspace(0.02, 0.98, 97)[[77, 78]]
    questions = [(at, at, "right"), (below, below, "unanswerable")]
    assert thresholds(judged(questions, (1, 1))) == {"answer": 0.8, "clarify": 0.8}


def test_where_nothing_is_right_nothing_is_answered():
    none = [(confidence, covered, "unanswerable") for confidence, covered, _ in SIX]
    assert thresholds(judged(none)) == {"answer": 0.96, "clarify": 0.96}


def test_where_all_is_right_what_is_less_sure_is_asked_about():
    # Answering costs 0.045, 0.295, 0.495, 0.395 and 0.795; clarifying 0.4.
    every = [(confidence, covered, "right") for confidence, covered, _ in SIX[:5]]
    assert thresholds(judged(every, (1,) * 5)) == {"answer": 0.51, "clarify": 0.02}
