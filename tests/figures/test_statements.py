import re

import numpy as np
import pytest

from chatbot.figures.statements import Facts, Known, read_statement

KNOWN = Known(("knee.R",), ("heel.R", "hip.R"), ("thigh.R",), ("floor", "wall"))
FACTS = Facts(
    {"knee.R": 30.0},
    {"heel.R": np.array([0.5, -0.1, 0.0]), "hip.R": np.array([0.2, -0.1, 0.9])},
    {"thigh.R": np.array([1.0, 0.0, 0.0])},
    lambda _, thing: {"floor": 0.01, "wall": 0.4, "hip.R": 0.2}[thing],
)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("knee.R below 40", ""),
        ("knee.R below 20", "knee.R is 30"),
        ("knee.R above 20", ""),
        ("knee.R above 40", "knee.R is 30"),
        ("knee.R between 20 and 40", ""),
        ("knee.R between 40 and 50", "knee.R is 30"),
        ("heel.R ahead of hip.R by 0.25", ""),
        ("heel.R ahead of hip.R by 0.35", "heel.R is 0.30 m ahead of hip.R"),
        ("heel.R behind hip.R", "heel.R is -0.30 m behind hip.R"),
        ("hip.R above heel.R by 0.8", ""),
        ("heel.R left of hip.R by 0.1", "heel.R is 0.00 m left of hip.R"),
        ("heel.R on floor", ""),
        ("heel.R on wall", "heel.R is 0.40 m from wall"),
        ("heel.R near hip.R within 0.3", ""),
        ("heel.R near hip.R", "heel.R is 0.20 m from hip.R"),
        ("thigh.R level", ""),
        ("thigh.R ahead within 5", ""),
        ("thigh.R up", "thigh.R is 90 degrees off"),
    ],
)
def test_a_statement_holds_or_says_what_was_found(words, fault):
    assert read_statement(words, KNOWN).fault(FACTS) == fault


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("knee.L below 4", "'knee.L' is no angle; did you mean 'knee.R'?"),
        ("heel.R on flor", "'flor' is no thing of this pose; did you mean 'floor'?"),
        ("heels.R near hip.R", "'heels.R' is no point; did you mean 'heel.R'?"),
        ("thigh.R sideways", "'thigh.R sideways' is no statement"),
    ],
)
def test_what_is_not_understood_is_told(words, told):
    with pytest.raises(ValueError, match=f"^{re.escape(told)}"):
        read_statement(words, KNOWN)
