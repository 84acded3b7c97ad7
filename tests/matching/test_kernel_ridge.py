"""The regression among neighbours: solved by hand for a few points, and against a ridge over all of them."""

from math import exp

import numpy as np
import pytest

from chatbot.matching.kernel_ridge import class_balance, kernel_matrix, kernel_weights, prior_score

FAR = exp(-3)  # the kernel of two unit vectors at right angles; of a vector with itself it is 1, plus 0.3 of noise
AXES = np.eye(3, dtype=np.float32)


def counts(neighbours, query, words=None):
    neighbours, query = np.array(neighbours, dtype=np.float32), np.array(query, dtype=np.float32)
    words = np.zeros(len(neighbours)) if words is None else np.array(words)
    return kernel_weights(kernel_matrix(neighbours), neighbours @ query, words.astype(np.float32))


def test_a_neighbour_alone():
    assert counts([AXES[0]], AXES[0]) == pytest.approx([1 / 1.3])
    assert counts([AXES[0]], [0.6, 0.8, 0]) == pytest.approx([exp(3 * (0.6 - 1)) / 1.3])


def test_two_neighbours_at_right_angles():
    # (1.3, far; far, 1.3) times the weights is (near, less): Cramer's rule.
    near, less = exp(-3 * 0.2), exp(-3 * 0.4)
    determinant = 1.3**2 - FAR**2
    wanted = [(1.3 * near - FAR * less) / determinant, (1.3 * less - FAR * near) / determinant]
    assert counts(AXES[:2], [0.8, 0.6, 0]) == pytest.approx(wanted, rel=1e-5)


def test_the_same_point_twice_shares_what_it_says():
    assert counts([AXES[0], AXES[0]], AXES[0]) == pytest.approx([1 / 2.3] * 2)


def test_three_neighbours_as_far_from_the_query_as_from_each_other():
    # Each row of the three says (1.3 + 2 far) * weight = the kernel of the cosine 1/sqrt(3).
    alike = exp(3 * (3**-0.5 - 1))
    assert counts(AXES, np.full(3, 3**-0.5)) == pytest.approx([alike / (1.3 + 2 * FAR)] * 3, rel=1e-5)


def test_two_of_three_neighbours_are_the_query_and_the_third_is_far():
    # 2.3 p + far q = 1 and 2 far p + 1.3 q = far.
    p = (1.3 - FAR**2) / (2.99 - 2 * FAR**2)
    assert counts([AXES[0], AXES[1], AXES[0]], AXES[0]) == pytest.approx([p, FAR * (1 - 2 * p) / 1.3, p], rel=1e-4)


def test_words_in_common_bring_a_neighbour_nearer_by_a_fifth():
    # A neighbour at a right angle: far + 0.2 * 0.5, over 1.3.
    assert counts([AXES[1]], AXES[0], [0.5]) == pytest.approx([(FAR + 0.1) / 1.3], rel=1e-5)
    # Even one that is the query itself, with every word: 1 + 0.2.
    assert counts([AXES[0]], AXES[0], [1]) == pytest.approx([1.2 / 1.3], rel=1e-5)


def test_words_in_common_with_one_neighbour_say_less_for_another_that_is_like_it():
    # (1.3, alike; alike, 1.3) times the weights is (near + 0.2, near): Cramer's rule.
    alike, near = exp(-3 * 0.2), exp(-3 * 0.4)  # the neighbours have a cosine of 0.8, and both 0.6 to the query
    determinant = 1.3**2 - alike**2
    wanted = [(1.3 * (near + 0.2) - alike * near) / determinant, (1.3 * near - alike * (near + 0.2)) / determinant]
    neighbours = [[1, 0, 0], [0.8, 0.6, 0]]
    query = [0.6, 0.2, (1 - 0.4) ** 0.5]
    assert counts(neighbours, query, [1, 0]) == pytest.approx(wanted, rel=1e-4)
    assert counts(neighbours, query, [1, 0])[1] < counts(neighbours, query)[1]


def test_among_all_points_it_is_the_plain_ridge_over_all_of_them():
    random = np.random.default_rng(7)
    points, query = random.normal(size=(30, 8)), random.normal(size=8)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    query /= np.linalg.norm(query)
    owner = random.integers(0, 5, 30)
    least = prior_score(5)
    targets = (owner[:, None] == np.arange(5)) - least
    alphas = np.linalg.solve(np.exp(3 * (points @ points.T - 1)) + 0.3 * np.eye(30), targets)
    wanted = least + np.exp(3 * (points @ query - 1)) @ alphas
    assert least + counts(points, query) @ targets == pytest.approx(wanted, abs=1e-5)


def test_the_prior_score_shares_what_nothing_is_known_of_with_ten_more_entries():
    assert prior_score(10) == 1 / 20
    assert prior_score(40) == 1 / 50


def test_class_balance_makes_up_for_few_phrasings():
    # 6 and 2 phrasings, 4 as a handicap: (10/6) and (6/2), times 4/8 for an average of 4.
    assert class_balance(np.array([6, 2])) == pytest.approx([10 / 6 / 2, 6 / 2 / 2])
    assert class_balance(np.array([2, 2])) == pytest.approx([1, 1])


def test_class_balance_is_one_for_the_average_point():
    counts = np.array([1, 3, 14, 40])
    assert counts @ class_balance(counts) == pytest.approx(counts.sum())


def test_the_matrix_is_the_kernel_of_every_cosine():
    draw = np.random.default_rng(3).normal(size=(37, 8))  # more than two strips, the last of them cut short
    vectors = (draw / np.linalg.norm(draw, axis=1, keepdims=True)).astype(np.float32)
    assert kernel_matrix(vectors) == pytest.approx(np.exp(3 * (vectors @ vectors.T - 1)), abs=1e-5)


@pytest.mark.parametrize("count", [96, 97, 192, 250])
def test_many_neighbours_are_solved_for_as_all_at_once(count):
    vectors = np.random.default_rng(3).normal(size=(count, 24)) + 0.4
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    words = np.linspace(0, 1, count, dtype=np.float32)
    cosines = vectors @ vectors[5]
    kernel = np.exp(3.0 * (vectors.astype(float) @ vectors.T - 1)) + 0.3 * np.eye(count)
    wanted = np.linalg.solve(kernel, np.exp(3.0 * (cosines.astype(float) - 1)) + 0.2 * words)
    assert kernel_weights(kernel_matrix(vectors), cosines, words) == pytest.approx(wanted, abs=1e-4)
