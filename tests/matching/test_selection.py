"""The largest of many values, against a sort of all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.matching.selection import largest


def test_of_equal_values_the_first_stands_in_front():
    assert largest(np.array([3, 1, 4, 3, 4], dtype=np.float32), 3).tolist() == [2, 4, 0]


@pytest.mark.parametrize("k", [1, 7, 16, 200])
def test_all_are_found_however_many_are_equal(k):
    values = np.repeat(np.float32([0.25, 0.5, 0.75]), 100)
    assert largest(values, k).tolist() == [*range(200, 300), *range(100, 200)][:k]


@settings(deadline=None)
@given(st.integers(1, 2000), st.integers(1, 300), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_it_equals_a_stable_sort(count, k, different, seed):
    values = np.random.default_rng(seed).integers(0, different, count).astype(np.float32)
    assert largest(values, k).tolist() == np.argsort(-values, kind="stable")[:k].tolist()
