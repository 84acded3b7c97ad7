"""Thresholds in two dimensions, worked out by hand on six questions."""

from dataclasses import replace

import numpy as np

from chatbot import settings
from chatbot.building.samples import Samples
from chatbot.building.thresholds import thresholds

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
    return thresholds(samples, np.array(confidence), np.array(in_scope))


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
