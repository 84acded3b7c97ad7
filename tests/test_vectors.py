"""FAISS against plain numpy, and its odd answers kept out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.vectors import nearest


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_geometry():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    scores, rows = nearest(vectors, unit([[1, 0]]), 3)
    assert rows.tolist() == [[0, 2, 1]]
    assert scores[0] == pytest.approx([1, np.sqrt(0.5), 0], abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_faiss_equals_numpy(count, queries, k, seed):
    random = np.random.default_rng(seed)
    vectors, asked = unit(random.normal(size=(count, 16))), unit(random.normal(size=(queries, 16)))
    scores, rows = nearest(vectors, asked, k)
    wanted = asked @ vectors.T
    assert scores.shape == rows.shape == (queries, min(k, count))
    assert scores == pytest.approx(-np.sort(-wanted, axis=1)[:, :k], abs=1e-5)
    assert np.take_along_axis(wanted, rows, axis=1) == pytest.approx(scores, abs=1e-5)
    assert all(len(set(each)) == len(each) for each in rows.tolist())


def test_k_is_cut_at_the_number_of_vectors():
    scores, rows = nearest(unit([[1, 0], [0, 1]]), unit([[0, 1]]), 1000)
    assert rows.tolist() == [[1, 0]]
    assert scores.tolist() == [[1.0, 0.0]]


def test_no_vectors_give_no_rows():
    scores, rows = nearest(np.empty((0, 2), dtype=np.float32), unit([[0, 1], [1, 0]]), 5)
    assert scores.shape == rows.shape == (2, 0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_query_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="a query vector holds values that are not finite"):
        nearest(unit([[1, 0]]), np.array([[value, 0]], dtype=np.float32), 1)


@pytest.mark.parametrize("shape", [(2,), (1, 3), (1, 1, 2)])
def test_a_query_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="do not fit vectors of shape"):
        nearest(unit([[1, 0]]), np.ones(shape, dtype=np.float32), 1)


def test_other_float_types_and_strides_are_taken():
    vectors = unit([[1, 0], [0, 1]])
    queries = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float64)[:, ::-1]
    assert nearest(vectors, queries, 1)[1].tolist() == [[0], [1]]
