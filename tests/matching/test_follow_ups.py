"""Entries for a message after an answer: signals and probabilities by hand, for a few entries."""

from math import exp

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.follow_ups import SIGNALS, Before, Choices, FollowUps, Readings, mean_of
from chatbot.matching.scorer import NOTHING, Comparison, Ranking
from chatbot.matching.turns import TurnReading
from chatbot.records import TURNS
from tests.matching.points import X, Y, Z, matcher, points, said

# Two entries of one topic, one of another, and small talk; the texts are their questions.
FOUR = matcher(points([X, Y, Z, [0.6, 0.8, 0]], [0, 1, 2, 3], ["alpha", "beta", "gamma", "hello"]))
TOPICS = np.array([0, 0, 1, NONE])
# How much the message is each kind of turn.
SHARES = {"part": 0.1, "same": 0.2, "changed": 0.3, "new": 0.4, "aside": 0.5}


def sure(value):
    return 1 / (1 + exp(-value))


def weights(**named):
    return np.array([float(named.get(name, 0)) for name in SIGNALS])


def follow_ups(**named):
    return FollowUps(FOUR, TOPICS, weights(**named))


def compared(scores, words=(), text="alpha"):
    """A message that says so much for each entry, and has so many words in common with each."""
    entries = np.array(sorted(scores), dtype=np.int64)
    values = np.array([scores[entry] for entry in sorted(scores)], dtype=np.float32)
    in_common = np.array(words or [0] * len(scores), dtype=np.float32)
    ranking = Ranking(entries, values, entries, values, in_common) if scores else NOTHING
    return Comparison(text, X, ranking, 0.0)


def readings(alone, joined=None, between=None, shares=SHARES):
    return Readings(alone, joined or said({}), between or said({}), TurnReading(shares, NONE))


READINGS = readings(
    compared({0: 0.5, 1: 0.4}, [0.9, 0.1]), compared({0: 0.9, 2: 0.2}, [0.8, 0.3]), compared({1: 0.7, 3: 0.6})
)


def signal(name, choices):
    """A signal of the entries, and of none."""
    return choices.signals[:, SIGNALS.index(name)].tolist()


# Probabilities.


def test_likelihoods_are_those_of_a_conditional_logit():
    table = np.zeros((3, 2))
    table[0], table[2] = [1, 0], [0, 1]
    likely = Choices(np.array([4, 7]), table).probabilities(np.array([2.0, 1.0]))
    total = exp(2) + 1 + exp(1)
    assert likely == pytest.approx(np.array([exp(2), 1, exp(1)]) / total)


def test_large_utilities_do_not_overflow():
    table = np.array([[1000.0], [999.0], [-1000.0]])
    likely = Choices(np.array([0, 1]), table).probabilities(np.array([1.0]))
    assert likely == pytest.approx([1 / (1 + exp(-1)), 1 / (1 + exp(1)), 0])


@pytest.mark.parametrize(
    ("message", "question", "between"),
    [(X, Y, [0.5**0.5, 0.5**0.5, 0]), (X, X, X), (X, -X, [0, 0, 0])],
)
def test_the_mean_of_a_message_and_a_question_has_length_1(message, question, between):
    assert mean_of(np.array([message]), np.array([question])) == pytest.approx(np.array([between]))


# Signals.


def test_what_may_be_asked_for_is_near_one_of_the_readings_or_was_before():
    found = follow_ups()
    assert found.choices(READINGS, Before(NONE)).entries.tolist() == [0, 1, 2, 3]
    few = readings(said({1: 0.4}))
    assert found.choices(few, Before(NONE)).entries.tolist() == [1]
    assert found.choices(few, Before(3)).entries.tolist() == [1, 3]
    assert found.choices(few, Before(3, [0, 1])).entries.tolist() == [0, 1, 3]


def test_every_signal_by_hand():
    # The entry before is 0; 1 and 2 are related to it.
    choices = follow_ups().choices(READINGS, Before(0, [1, 2], unsaid=True))
    assert choices.signals.shape == (5, len(SIGNALS))
    fit = {
        "alone": [0.5, 0.4, 0, 0],
        "joined": [0.9, 0, 0.2, 0],
        "between": [0, 0.7, 0, 0.6],
        "words_alone": [0.9, 0.1, 0, 0],
        "words_joined": [0.8, 0, 0.3, 0],
        "title": [1, 0, 0, 0],  # all words and letters of "alpha", none of the others
        "centroid": [1, 0, 0, 0.6],
    }
    none = {
        "none": 1,
        **{f"none_{turn}": share for turn, share in SHARES.items()},
        # The models say the best score.
        "none_alone_in_scope": sure(0.5),
        "none_joined_in_scope": sure(0.9),
    }
    wanted = {
        **fit,
        **{f"other_{name}": [0, *values[1:]] for name, values in fit.items()},
        "alone_new": [0.5 * 0.4, 0.4 * 0.4, 0, 0],
        "joined_changed": [0.9 * 0.3, 0, 0.2 * 0.3, 0],
        "before": [1, 0, 0, 0],
        **{f"before_{turn}": [share, 0, 0, 0] for turn, share in SHARES.items()},
        "before_unsaid": [1, 0, 0, 0],
        "before_long": [1 / 12, 0, 0, 0],
        "related": [0, 1, 1, 0],
        "related_changed": [0, 0.3, 0.3, 0],
        "topic": [0, 1, 0, 0],
        "topic_changed": [0, 0.3, 0, 0],
        "small_talk": [0, 0, 0, 1],
        "small_talk_aside": [0, 0, 0, 0.5],
        "answer_aside": [0, 0.5, 0.5, 0],
    }
    assert {*wanted, *none} == set(SIGNALS)
    for name in SIGNALS:
        expected = [*wanted.get(name, [0] * 4), none.get(name, 0)]
        assert signal(name, choices) == pytest.approx(expected, abs=1e-3), name


@pytest.mark.parametrize(("words", "share"), [(3, 0.25), (12, 1), (30, 1)])
def test_a_message_of_twelve_words_is_as_long_as_any(words, share):
    choices = follow_ups().choices(readings(said({0: 0.5}, "so " * words)), Before(0))
    assert signal("before_long", choices) == [share, 0]


def test_a_message_without_news_has_none():
    choices = follow_ups().choices(READINGS, Before(0, unsaid=False))
    assert signal("before_unsaid", choices) == [0] * 5


def test_the_entry_before_is_not_related_to_itself():
    choices = follow_ups().choices(READINGS, Before(0, [0, 3]))
    assert signal("related", choices) == [0, 0, 0, 1, 0]


def test_small_talk_is_of_no_topic_that_others_share():
    five = matcher(points([X, Y, Z], [0, 1, 2], ["alpha", "hello", "bye"]))
    found = FollowUps(five, np.array([0, NONE, NONE]), weights())
    choices = found.choices(readings(said({0: 0.1, 1: 0.2, 2: 0.3})), Before(1))
    assert signal("topic", choices) == [0, 0, 0, 0]
    assert signal("small_talk", choices) == [0, 1, 1, 0]


def test_without_an_entry_before_all_are_others():
    choices = follow_ups().choices(READINGS, Before(NONE, [1]))
    for name in ("before", *(f"before_{turn}" for turn in TURNS), "before_long", "topic"):
        assert signal(name, choices) == [0] * 5, name
    assert signal("other_alone", choices) == signal("alone", choices)
    assert signal("related", choices) == [0, 1, 0, 0, 0]


# Ranks.


def test_entries_are_ranked_by_how_likely_they_are_asked_for():
    ranked = follow_ups(between=2, before=1, none=0.5).rank(READINGS, Before(2), 5)
    odds = {1: exp(1.4), 3: exp(1.2), 2: exp(1), 0: 1}
    total = sum(odds.values()) + exp(0.5)
    assert [each.entry for each in ranked] == [1, 3, 2, 0]
    assert [each.confidence for each in ranked] == pytest.approx([value / total for value in odds.values()])
    # With that it asks for none they add up to 1.
    assert [each.in_scope for each in ranked] == pytest.approx([1 - exp(0.5) / total] * 4)
    assert sum(each.confidence for each in ranked) == pytest.approx(ranked[0].in_scope)


def test_the_evidence_is_that_of_the_message_alone():
    first, second, *_ = follow_ups(alone=1).rank(READINGS, Before(2), 5)
    assert (first.entry, first.phrasing, first.score) == (0, 0, pytest.approx(0.5))
    assert (second.entry, second.phrasing, second.score) == (1, 1, pytest.approx(0.4))
    assert second.evidence["margin"] == pytest.approx(-0.1)
    assert second.evidence["words_in_common"] == pytest.approx(0.1)


def test_as_many_as_are_wanted_in_the_order_of_their_rows_where_they_are_as_likely():
    found = follow_ups()
    assert [each.entry for each in found.rank(READINGS, Before(0), 3)] == [0, 1, 2]
    assert [each.confidence for each in found.rank(READINGS, Before(0), 3)] == pytest.approx([0.2] * 3)


def test_an_entry_that_nothing_speaks_for_shows_its_own_question():
    (only,) = follow_ups(before=3).rank(readings(said({})), Before(2), 5)
    assert (only.entry, only.phrasing, only.score) == (2, 2, 0)
    assert only.confidence == pytest.approx(exp(3) / (exp(3) + 1))
    assert (only.evidence["nearest_phrasing"], only.evidence["words_in_common"]) == (0, 0)


def test_how_sure_the_corpus_covers_it_is_told_with_nothing_near():
    choices = follow_ups().choices(readings(said({}), said({0: 0.9})), Before(0))
    assert signal("none_alone_in_scope", choices) == [0, 0]
    assert signal("none_joined_in_scope", choices) == pytest.approx([0, sure(0.9)])
