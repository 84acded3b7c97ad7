"""Logistic models by hand."""

from math import exp, log

import numpy as np
import pytest

from chatbot.matching.logistic import LogisticModel, logistic


def test_logistic():
    assert logistic(np.array([0.0, log(3), -log(3)])) == pytest.approx([0.5, 0.75, 0.25])
    assert logistic(np.array([-1e9, 1e9])) == pytest.approx([exp(-30), 1 - exp(-30)])


def test_a_model_by_hand():
    model = LogisticModel(np.array([2.0, 1.0, -1.7]))
    signals = np.array([[0.5, 0.7], [0.5, 0.7 + log(3)]])
    assert model.logit(signals) == pytest.approx([0, log(3)])
    assert model.probability(signals) == pytest.approx([0.5, 0.75])
    assert model.probability(np.empty((0, 2))).shape == (0,)


def test_one_message_has_one_number():
    model = LogisticModel(np.array([2, -3, 0, 0.5]))
    assert float(model.logit(np.array([1, 0, 0], dtype=np.float32))) == 2.5
    assert model.logit(np.eye(3, dtype=np.float32)[:2]).tolist() == [2.5, -2.5]
