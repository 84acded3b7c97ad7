"""Rankings, look-alikes and what is held out: on vectors small enough to work out by hand."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.kernel_ridge import class_balance, kernel_matrix, kernel_weights
from chatbot.matching.neighbours import NeighbourSearch, write_inverted_file
from chatbot.matching.scorer import NOTHING, Exclusion, Scorer
from tests.matching.points import FAR, X, Y, Z, points, ranking, scorer

NONE_OF_3 = np.zeros(3, dtype=np.float32)  # no words in common with three points


# Scores.


def test_the_points_of_an_entry_speak_together_and_few_are_no_handicap():
    found = scorer([X, Y, X], [0, 1, 0]).compare("?", X)
    weights = kernel_weights(kernel_matrix(np.array([X, X, Y])), np.array([1, 1, 0], dtype=np.float32), NONE_OF_3)
    nothing = (1 - weights.sum()) / 12
    factors = class_balance(np.array([2, 1]))
    assert factors == pytest.approx([1.5 / 2 * 2 * 3 / 5.5, 1.5 * 5 / 5.5])
    assert found.answers.scores == pytest.approx([(weights[:2].sum() + nothing), weights[2] + nothing] * factors)
    assert found.answers.points.tolist() == [0, 1]
    assert found.answers.cosines.tolist() == [1, 0]


def test_words_in_common_make_the_query_a_fifth_more_like_the_phrasing_that_has_them():
    found = scorer([X, Y, Y], [0, 1, 1], ["alpha", "beta", "gamma"])
    without, with_word = found.compare("?", X).answers, found.compare("gamma", X).answers
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


def ring(count):
    """So many points, each a little further from X."""
    angles = np.linspace(0, 1.5, count)
    return np.column_stack((np.cos(angles), np.sin(angles), 0 * angles))


def test_the_ninety_six_nearest_answers_count():
    # Of a hundred points, the entries of the last four are out of sight.
    found = scorer(ring(100), range(100)).compare("?", X)
    assert found.answers.entries.tolist() == list(range(96))


def test_the_ninety_six_nearest_points_count_for_signs():
    # The same ring, where every second point is of a sign: 48 of the nearest 96.
    found = scorer(ring(100), range(100), urgent=range(0, 100, 2)).compare("?", X)
    assert found.red_flags.entries.tolist() == list(range(0, 96, 2))
    # Signs take no answer's place.
    assert found.answers.entries.tolist() == list(range(1, 100, 2))


@pytest.mark.parametrize(("an_entry", "neighbours"), [(1, 96), (16, 96), (25, 150), (32, 192), (50, 192)])
def test_where_entries_have_many_points_more_of_them_count(an_entry, neighbours):
    # Six times what an entry has; all the nearest are of the first entries.
    of = points(ring(10 * an_entry), np.repeat(range(10), an_entry))
    assert of.neighbours == neighbours
    found = Scorer(of).compare("?", X)
    assert found.answers.entries.tolist() == list(range(min(10, -(-neighbours // an_entry))))


# Many at once.


def assert_same(one, other):
    """Two comparisons that say the same."""
    assert (one.text, one.exclusion) == (other.text, other.exclusion)
    assert one.vector.tolist() == other.vector.tolist()
    assert [one.look_alikes, one.oos_similarity] == pytest.approx([other.look_alikes, other.oos_similarity], abs=1e-5)
    for mine, its in ((one.answers, other.answers), (one.red_flags, other.red_flags)):
        assert (mine.entries.tolist(), mine.points.tolist()) == (its.entries.tolist(), its.points.tolist())
        for name in ("scores", "cosines", "words"):
            assert getattr(mine, name) == pytest.approx(getattr(its, name), abs=1e-5), name


@pytest.mark.parametrize("inverted", [False, True])
def test_many_compared_at_once_are_each_compared_as_one(inverted, tmp_path):
    # 300 points of 20 entries, of which the last five are urgent, and 30 look-alikes. Each entry has a word of its own.
    random = np.random.default_rng(8)
    vectors = random.normal(size=(330, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [*np.repeat(np.arange(20), 15), *[NONE] * 30]
    texts = [f"word{owner} said" for owner in owners]
    of = points(vectors, owners, texts, urgent=range(15, 20), phrasings=300, out_of_scope=vectors[::50])
    if inverted:
        about = write_inverted_file(vectors, tmp_path / "search.ivf")
        of = replace(of, search=NeighbourSearch(vectors, tmp_path / "search.ivf", about["probes"]))
    found = Scorer(of)
    asked = np.concatenate([vectors[5:300:40], vectors[3:11] / 2 + vectors[200:208] / 2])
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    questions = [f"word{number} number {number}" for number in range(len(asked))]
    together = found.compare_all(questions, asked)
    assert len(together) == 16
    for question, vector, compared in zip(questions, asked, together, strict=True):
        alone = found.compare(question, vector)
        assert_same(compared, alone)
        assert len(alone.answers.entries) > 10
        assert len(alone.red_flags.entries) > 1
    # One of many, none, and as many texts as vectors.
    assert_same(found.compare_all(questions[:1], asked[:1])[0], together[0])
    assert found.compare_all([], asked[:0]) == []
    with pytest.raises(ValueError, match="longer"):
        found.compare_all(questions[:2], asked[:3])


# Holding out.


def held_out(found, rows=(), itself=NONE):
    """X beside the points but for some rows, and beside out-of-scope questions but for itself."""
    return found.compare_all(["?"], X[None], [Exclusion(np.array(rows, dtype=np.int64), itself)])[0]


def test_each_of_many_looks_past_its_own_points():
    found = scorer([*[X] * 300, Y, Z], [0] * 300 + [1, 2])
    exclusions = [Exclusion(np.arange(300)), Exclusion(np.array([300])), Exclusion()]
    compared = found.compare_all(["?"] * 3, np.array([X, Z, X]), exclusions)
    # Without the first entry, without the second, and without nothing: there X hides the others.
    assert [each.answers.entries.tolist() for each in compared] == [[1, 2], [0, 2], [0]]
    with pytest.raises(ValueError, match="shorter"):
        found.compare_all(["?"] * 3, np.array([X, Z, X]), exclusions[:2])


def test_points_held_out_are_looked_past():
    of = points([X, [0.6, 0.8, 0], Y, Z], [0, 0, 1, 2])
    found = Scorer(of)
    beside_rest = held_out(found, np.array([0])).answers
    rest = points([[0.6, 0.8, 0], Y, Z], [0, 1, 2])
    wanted = Scorer(rest).compare("?", X).answers
    assert beside_rest.scores / of.class_balance == pytest.approx(wanted.scores / rest.class_balance)
    assert beside_rest.cosines == pytest.approx([0.6, 0, 0])
    assert beside_rest.points.tolist() == [1, 2, 3]
    whole = held_out(found, np.array([0, 1])).answers
    assert whole.entries.tolist() == [1, 2]


def test_an_entry_of_very_many_points_held_out_leaves_the_others_in_sight():
    found = scorer([*[X] * 300, Y], [0] * 300 + [1])
    assert found.compare("?", X).answers.entries.tolist() == [0]
    assert held_out(found, np.arange(300)).answers.entries.tolist() == [1]


def test_out_of_scope_similarity_is_that_of_the_three_nearest_but_for_the_query_itself():
    found = scorer([X], [0], out_of_scope=[X, [0.8, 0.6, 0], Y, [0.6, 0.8, 0]])
    assert found.compare("?", X).oos_similarity == pytest.approx(0.8)  # 1, 0.8 and 0.6
    assert held_out(found, itself=0).oos_similarity == pytest.approx(1.4 / 3)
    assert found.compare("?", X).oos_similarity == pytest.approx(0.8)  # and what was held out is there again
    assert scorer([X], [0], out_of_scope=[Y, X]).compare("?", X).oos_similarity == pytest.approx(0.5)
    assert scorer([X], [0]).compare("?", X).oos_similarity == 0


# Warning signs.


def test_a_look_alike_speaks_against_a_sign_and_not_against_an_answer():
    near = np.array([0, 0.8, 0.6], dtype=np.float32)
    with_it = scorer([X, Y, near], [0, 1, NONE], urgent=[1], phrasings=2).compare("?", near)
    without = scorer([X, Y], [0, 1], urgent=[1]).compare("?", near)
    # Sign and look-alike have a cosine of 0.8, the answer is far from both. Without the look-alike, for the answer x
    # and the sign y: 1.3 x + far y = far and far x + 1.3 y = near.
    near_sign = exp(-3 * 0.2)
    determinant = 1.3**2 - FAR**2
    x, y = FAR * (1.3 - near_sign) / determinant, (1.3 * near_sign - FAR**2) / determinant
    assert without.red_flags.scores == pytest.approx([y + (1 - x - y) / 12], rel=1e-4)
    assert without.look_alikes == 0
    # With it, z: 1.3 x + far (y + z) = far, far x + 1.3 y + near z = near and far x + near y + 1.3 z = 1.
    apart = (near_sign - 1) / (1.3 - near_sign)  # y - z, from the last two
    both = (1 + near_sign - 2 * FAR**2 / 1.3) / (1.3 + near_sign - 2 * FAR**2 / 1.3)  # y + z, from all three
    x, y, z = FAR * (1 - both) / 1.3, (both + apart) / 2, (both - apart) / 2
    assert with_it.red_flags.scores == pytest.approx([y + (1 - x - y - z) / 12], rel=1e-4)
    assert with_it.look_alikes == pytest.approx(z, rel=1e-4)
    assert with_it.red_flags.scores[0] < without.red_flags.scores[0] / 3
    assert with_it.answers.scores.tolist() == without.answers.scores.tolist()
