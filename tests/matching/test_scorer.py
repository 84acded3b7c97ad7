"""Rankings, and what is held out of them: on vectors small enough to work out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.kernel_ridge import class_balance, kernel_matrix, kernel_weights
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import CAUTION, LOOK_ALIKE, PLAIN, SIGN, Exclusion
from chatbot.matching.scorer import NOTHING, Scorer
from tests.matching.points import FAR, NOTHING_SAID, X, Y, Z, compare, points, ranking, ring

NONE_OF_3 = np.zeros(3, dtype=np.float32)  # no words in common with three points


# Scores.


def test_the_points_of_an_entry_speak_together_and_few_are_no_handicap():
    found = compare(points([X, Y, X], [0, 1, 0]), "?", X)
    weights = kernel_weights(kernel_matrix(np.array([X, X, Y])), np.array([1, 1, 0], dtype=np.float32), NONE_OF_3)
    nothing = (1 - weights.sum()) / 12
    factors = class_balance(np.array([2, 1]))
    assert factors == pytest.approx([1.5 / 2 * 2 * 3 / 5.5, 1.5 * 5 / 5.5])
    assert found.answers.scores == pytest.approx([(weights[:2].sum() + nothing), weights[2] + nothing] * factors)
    assert found.answers.points.tolist() == [0, 1]
    assert found.answers.cosines.tolist() == [1, 0]


def test_words_in_common_make_the_query_a_fifth_more_like_the_phrasing_that_has_them():
    of = points([X, Y, Y], [0, 1, 1], ["alpha", "beta", "gamma"])
    without, with_word = compare(of, "?", X).answers, compare(of, "gamma", X).answers
    assert without.words.tolist() == [0, 0]
    assert with_word.words == pytest.approx([0, 1], abs=1e-3)  # of its phrasings, the one that has most
    # The matrix of the regression (1.3, far, far; far, 1.3, 1; far, 1, 1.3) times what the weights gain is (0, 0,
    # 0.2): the second and third gain `both` together, for which the first loses far / 1.3 of it.
    both = 0.2 / (2.3 - 2 * FAR**2 / 1.3)
    first = -FAR / 1.3 * both
    nothing = -(first + both) / 12
    # Of 1 and 2 points, 1.5 on average, 4 as a handicap.
    factors = np.array([5 / 1, 6 / 2]) * 1.5 / 5.5
    wanted = np.array([first + nothing, both + nothing]) * factors
    assert with_word.scores - without.scores == pytest.approx(wanted, abs=1e-4)


def test_entries_that_are_not_near_have_no_score():
    assert ranking({1: 0.5, 4: -0.25}).scores_of(np.array([0, 1, 2, 4, 9])).tolist() == [0, 0.5, 0, -0.25, 0]
    assert NOTHING.scores_of(np.array([0, 3])).tolist() == [0, 0]


def test_the_ninety_six_nearest_answers_count():
    # Of a hundred points, the entries of the last four are out of sight.
    found = compare(points(ring(100), range(100)), "?", X)
    assert found.answers.entries.tolist() == list(range(96))


def test_signs_take_no_answer_s_place():
    # The same ring of two hundred, where every second point is of a sign: 96 answers are among the nearest 192.
    found = compare(points(ring(200), range(200), urgent=range(0, 200, 2)), "?", X)
    assert found.answers.entries.tolist() == list(range(1, 192, 2))


@pytest.mark.parametrize("kind", [SIGN, CAUTION, LOOK_ALIKE, PLAIN])
def test_nothing_of_warning_signs_speaks_for_or_against_an_answer(kind):
    # A sign and answers, with another point of the sign, or a look-alike of it, where the query is.
    query = np.array([0.6, 0, 0.8], dtype=np.float32)
    owner = NONE if kind in (LOOK_ALIKE, PLAIN) else 0
    with_it = points([Z, X, Y, query], [0, 1, 2, owner], urgent=[0], phrasings=3, kinds=[SIGN, 0, 0, kind])
    answers = compare(with_it, "?", query).answers
    assert answers.entries.tolist() == [1, 2]
    # Of x and y alone: 1.3 x + far y = close and far x + 1.3 y = far.
    close, determinant = np.exp(-3 * 0.4), 1.3**2 - FAR**2
    x, y = (1.3 * close - FAR**2) / determinant, (1.3 * FAR - FAR * close) / determinant
    wanted = (np.array([x, y]) + (1 - x - y) / 13) * with_it.class_balance[1:]
    assert answers.scores == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize(("an_entry", "entries"), [(1, 10), (25, 6), (32, 6), (50, 4)])
def test_where_entries_have_many_points_more_of_them_count(an_entry, entries):
    # 96 of 10, 150 of 250, 192 of 320 and of 500; all the nearest are of the first entries.
    found = compare(points(ring(10 * an_entry), np.repeat(range(10), an_entry)), "?", X)
    assert found.answers.entries.tolist() == list(range(entries))


# Holding out.


def test_points_held_out_are_as_if_they_were_not_there():
    of = points([X, [0.6, 0.8, 0], Y, Z], [0, 0, 1, 2])
    beside_rest = compare(of, "?", X, Exclusion(np.array([0]))).answers
    rest = points([[0.6, 0.8, 0], Y, Z], [0, 1, 2])
    wanted = compare(rest, "?", X).answers
    assert beside_rest.scores / of.class_balance == pytest.approx(wanted.scores / rest.class_balance)
    assert beside_rest.cosines == pytest.approx([0.6, 0, 0])
    assert beside_rest.points.tolist() == [1, 2, 3]
    assert compare(of, "?", X, Exclusion(np.array([0, 1]))).answers.entries.tolist() == [1, 2]


def test_each_of_many_looks_past_its_own_points():
    of = points([*[X] * 400, Y, Z], [0] * 400 + [1, 2])
    exclusions = [Exclusion(np.arange(400)), Exclusion(np.array([400])), Exclusion()]
    compared = list(map(Scorer(of, NOTHING_SAID).compare, of.near(["?"] * 3, np.array([X, Z, X]), exclusions)))
    # Without the first entry, without the second, and without nothing: there X hides the others.
    assert [each.answers.entries.tolist() for each in compared] == [[1, 2], [0, 2], [0]]
    assert [each.exclusion for each in compared] == exclusions


def test_with_everything_held_out_there_is_nothing():
    of = points([X, Y], [0, 1])
    assert compare(of, "?", X, Exclusion(np.array([0, 1]))).answers is NOTHING


def test_whether_a_kind_is_covered_is_told_by_the_vector_unless_it_is_held_out():
    of = points([X, Y], [0, 1])
    scorer = Scorer(of, LogisticModel(np.array([2, -3, 0, 0.5], dtype=np.float32)))
    first, second = of.near(["?", "?"], np.array([X, Y]))
    assert [scorer.compare(each).coverage for each in (first, second)] == [2.5, -2.5]
    assert scorer.compare(replace(first, exclusion=Exclusion(np.array([0])))).coverage == 2.5
    assert scorer.compare(replace(first, exclusion=Exclusion(coverage=-7.0))).coverage == -7


def test_out_of_scope_similarity_is_that_of_the_three_nearest_but_for_the_query_itself():
    of = points([X], [0], out_of_scope=[X, [0.8, 0.6, 0], Y, [0.6, 0.8, 0]])
    assert compare(of, "?", X).oos_similarity == pytest.approx(0.8)  # 1, 0.8 and 0.6
    assert compare(of, "?", X, Exclusion(out_of_scope=0)).oos_similarity == pytest.approx(1.4 / 3)
    assert compare(of, "?", X).oos_similarity == pytest.approx(0.8)  # and what was held out is there again
    assert compare(points([X], [0], out_of_scope=[Y, X]), "?", X).oos_similarity == pytest.approx(0.5)
    assert compare(points([X], [0]), "?", X).oos_similarity == 0
