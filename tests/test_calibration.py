"""Logistic fits with known solutions, and thresholds in two dimensions worked out by hand on six questions."""

from math import exp, log

import numpy as np
import pytest

from chatbot import settings
from chatbot.calibration import Judged, Model, Outcomes, fit_logistic, logistic, question_weights, thresholds

NOTHING = Model(np.zeros(2))


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
    from_above = fit_logistic([held_out], Model(np.array([3.0, 0.0])), 1e-9).weights
    assert from_above == pytest.approx([0, 0], abs=1e-6)
    assert from_above[0] >= 0


def test_a_strong_prior_stays():
    held_out = outcomes([0, 1, 1, 0], [1, 0, 0, 1])
    assert fit_logistic([held_out], Model(np.array([6.0, -2.0])), 1e9).weights == pytest.approx([6, -2], abs=1e-6)


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
    model = Model(np.array([2.0, 1.0, -1.7]))
    signals = np.array([[0.5, 0.7], [0.5, 0.7 + log(3)]])
    assert model.logit(signals) == pytest.approx([0, log(3)])
    assert model.probability(signals) == pytest.approx([0.5, 0.75])
    assert model.probability(np.empty((0, 2))).shape == (0,)


def test_a_rescaled_model_has_twice_the_logit_and_a_shift():
    model = Model(np.array([2.0, 1.0, -1.7])).rescaled(2.0, -0.5)
    assert model.weights == pytest.approx([4, 2, -3.9])
    assert model.logit(np.array([[0.5, 0.7 + log(3)]])) == pytest.approx([2 * log(3) - 0.5])


# Six questions: confidence and covered, then what came of each.
SIX = [
    (0.955, 0.955, "right"),
    (0.705, 0.905, "listed"),  # wrong, but the right one would be offered
    (0.505, 0.505, "unlisted"),  # wrong, and the right one would not be offered
    (0.605, 0.305, "unanswerable"),
    (0.205, 0.405, "unanswerable"),
    (0.005, 0.905, "unanswerable"),
]


def judged(questions=SIX, weight=(1, 1, 1, 1, 1, 1)):
    confidence, covered, kinds = zip(*questions, strict=True)
    return Judged(
        confidence=np.array(confidence),
        covered=np.array(covered),
        right=np.array([kind == "right" for kind in kinds]),
        listed=np.array([kind in ("right", "listed") for kind in kinds]),
        answerable=np.array([kind != "unanswerable" for kind in kinds]),
        weight=np.array(weight, dtype=float),
    )


def test_thresholds_answer_by_confidence_and_ask_by_what_is_covered():
    # Answering above 0.705 costs nothing; clarifying above 0.405 costs 0.3 and 0.5, and 0.3 for the last one; the other
    # two are declined for nothing, though the first of them is surer than one that is clarified: 1.1. Clarifying only
    # above 0.505, or nobody, declines the third, or the second too: 1.2.
    assert thresholds(judged()) == {"answer": 0.71, "clarify": 0.41}


def test_the_order_of_questions_does_not_matter():
    assert thresholds(judged(SIX[::-1])) == {"answer": 0.71, "clarify": 0.41}


def test_questions_count_by_their_weight():
    # The last one stands for ten: clarifying it costs 3, and declining it with the two answerable ones 1.2.
    assert thresholds(judged(weight=(1, 1, 1, 1, 1, 10))) == {"answer": 0.71, "clarify": 0.91}


def test_the_costs_are_those_of_the_settings(monkeypatch):
    monkeypatch.setitem(settings.COSTS, "clarification with the right one", 10.0)
    # Declining the two answerable ones (1.2) is now cheapest; clarifying begins above what they and the last reach.
    assert thresholds(judged()) == {"answer": 0.71, "clarify": 0.91}
    monkeypatch.setitem(settings.COSTS, "wrong answer", 0.1)
    # And answering them wrongly, with the unanswerable one between them (0.3), is cheaper still.
    assert thresholds(judged()) == {"answer": 0.21, "clarify": 0.91}


def test_a_confidence_that_equals_a_threshold_reaches_it():
    # As the bot decides: `confidence >= answer`. Right on a point of the grid, and unanswerable on the one below it.
    below, at = np.linspace(0.02, 0.98, 97)[[47, 48]]
    questions = [(at, at, "right"), (below, below, "unanswerable")]
    assert thresholds(judged(questions, (1, 1))) == {"answer": 0.5, "clarify": 0.5}


def test_where_nothing_is_right_nothing_is_answered():
    none = [(confidence, covered, "unanswerable") for confidence, covered, _ in SIX]
    assert thresholds(judged(none)) == {"answer": 0.96, "clarify": 0.96}


def test_where_all_is_right_all_is_answered():
    assert thresholds(judged([(confidence, covered, "right") for confidence, covered, _ in SIX[:5]], (1,) * 5)) == {
        "answer": 0.02,
        "clarify": 0.02,
    }
