"""The screen for warning signs: its readings, solved by hand for a few points, and what it makes of them."""

from math import exp

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ALL_CLEAR, ANSWER, CAUTION, LOOK_ALIKE, NOT_CLEAR, PLAIN, SIGN, Exclusion
from chatbot.matching.screen import Reading, Screen
from chatbot.records import Thresholds
from tests.matching.points import FAR, X, Y, Z, near, points, ring

# Models that are steep enough to tell a sign (or caution) with half its weight from one without.
STEEP = {"urgent": LogisticModel(np.array([10.0, 0.0, -5.0])), "caution": LogisticModel(np.array([0.0, 10.0, -5.0]))}
ALONE = dict(STEEP)
STEEP |= {f"{name}_in_context": LogisticModel(model.weights - [0, 0, 2]) for name, model in ALONE.items()}
STEEP |= {f"{name}_after_answer": model for name, model in ALONE.items()}
HALF = Thresholds(answer=0, clarify=0, urgent=0.5, caution=0.5)
NEVER, ALWAYS = (Thresholds(answer=0, clarify=0, urgent=each, caution=each) for each in (1, 0))


def sure(value):
    return 1 / (1 + exp(-value))


def read(of, vector, text="?", exclusion=None):
    return Screen(of, STEEP).read(near(of, text, vector, exclusion))


# Readings.


def test_a_reading_has_the_weights_of_each_kind():
    # An answer, a sign, what may be one and what says that one was seen to, at right angles; the query is the sign.
    axes = np.eye(4)
    of = points(axes, [0, 1, 1, 2], urgent=[1], kinds=[ANSWER, SIGN, CAUTION, ALL_CLEAR])
    found = read(of, axes[1])
    # For the sign a, for each other b: 1.3 a + 3 far b = 1 and far a + (1.3 + 2 far) b = far.
    lost = 3 * FAR**2 / (1.3 + 2 * FAR)
    a = (1 - lost) / (1.3 - lost)
    b = FAR * (1 - a) / (1.3 + 2 * FAR)
    assert (found.sign, found.caution) == pytest.approx((a, b), rel=1e-4)
    assert found.rows.tolist() == [1, 2]  # of signs and cautions alone
    assert found.weights == pytest.approx([a, b], rel=1e-4)
    assert found.signals == pytest.approx([a, b], rel=1e-4)


def test_points_of_a_kind_add_up_whichever_entry_they_are_of():
    found = read(points([X, X, Y, Y], [0, 1, 0, 1], urgent=[0, 1], kinds=[SIGN, SIGN, CAUTION, CAUTION]), X)
    # The two of a pair share alike: 2.3 a + 2 far b = 1 and 2 far a + 2.3 b = far.
    b = (2.3 * FAR - 2 * FAR) / (2.3**2 - 4 * FAR**2)
    a = (1 - 2 * FAR * b) / 2.3
    assert (found.sign, found.caution) == pytest.approx((2 * a, 2 * b), rel=1e-3)


def test_a_look_alike_speaks_against_a_sign():
    query = np.array([0, 0.8, 0.6], dtype=np.float32)
    with_it = points([X, Y, query], [0, 1, NONE], urgent=[1], phrasings=2)
    without = points([X, Y], [0, 1], urgent=[1])
    # Sign and look-alike have a cosine of 0.8, the answer is far from both. Without the look-alike, for the answer x
    # and the sign y: 1.3 x + far y = far and far x + 1.3 y = close.
    close = exp(-3 * 0.2)
    alone = (1.3 * close - FAR**2) / (1.3**2 - FAR**2)
    assert read(without, query).sign == pytest.approx(alone, rel=1e-4)
    # With it, z: 1.3 x + far (y + z) = far, far x + 1.3 y + close z = close and far x + close y + 1.3 z = 1.
    apart = (close - 1) / (1.3 - close)  # y - z, from the last two
    both = (1 + close - 2 * FAR**2 / 1.3) / (1.3 + close - 2 * FAR**2 / 1.3)  # y + z, from all three
    assert read(with_it, query).sign == pytest.approx((both + apart) / 2, rel=1e-4)
    assert (both + apart) / 2 < alone / 3


@pytest.mark.parametrize(("kind", "share"), [(SIGN, (1 / 2.3, 0)), (CAUTION, (0, 1 / 2.3))])
def test_what_only_tells_that_someone_has_something_takes_from_a_sign(kind, share):
    found = read(points([X, X], [0, NONE], urgent=[0], kinds=[kind, PLAIN]), X)
    assert (found.sign, found.caution) == pytest.approx(share)
    assert found.rows.tolist() == [0]  # it is none itself


def test_words_in_common_count():
    # A sign at a right angle: (far + 0.2) / 1.3 with all of its words.
    of = points([X], [0], ["alpha"], urgent=[0])
    assert read(of, Y, "alpha").sign == pytest.approx((FAR + 0.2) / 1.3, rel=2e-3)
    assert read(of, Y, "beta").sign == pytest.approx(FAR / 1.3, rel=1e-4)


@pytest.mark.parametrize("last", [SIGN, CAUTION])
def test_only_the_nearest_ninety_six_are_read(last):
    of = points(ring(98), range(98), urgent=[96], kinds=[*[ANSWER] * 96, last, ANSWER])
    nothing = read(of, X)
    assert (nothing.sign, nothing.caution) == (0, 0)
    assert (nothing.rows.tolist(), nothing.weights.tolist(), nothing.signals.tolist()) == ([], [], [0, 0])
    # With one held out before it, it is the last of them.
    one_further = read(of, X, exclusion=Exclusion(np.array([5])))
    assert np.count_nonzero([one_further.sign, one_further.caution]) == 1


def test_a_look_alike_alone_says_nothing():
    found = read(points([X, Y], [0, NONE]), Y)
    assert (found.sign, found.caution, found.rows.tolist()) == (0, 0, [])


# Judgements.

# An answer, two signs, what may be the second of them, and what sounds like it; only the first three are phrasings.
A, B, C, D, E = AXES = np.eye(5, dtype=np.float32)
FIVE = points(AXES, [0, 1, 2, 2, NONE], urgent=[1, 2], phrasings=3, kinds=[ANSWER, SIGN, SIGN, CAUTION, LOOK_ALIKE])


def judge(*vectors, of=FIVE, thresholds=HALF, models=STEEP):
    return Screen(of, models).judge([near(of, "?", vector) for vector in vectors], thresholds)


def told(reading):
    """What the models say of a reading, by hand."""
    return sure(10 * reading.sign - 5), sure(10 * reading.caution - 5)


def test_a_message_with_a_sign():
    found = judge(C)
    urgent, caution = told(read(FIVE, C))
    # The sign has about 1 / 1.3, and what is far next to nothing.
    assert urgent == pytest.approx(sure(10 / 1.3 - 5), abs=0.01)
    assert (found.entry, found.phrasing, found.is_urgent) == (2, 2, True)
    assert (found.urgent, found.caution) == pytest.approx((urgent, caution))


def test_in_context_another_model_tells():
    reading = read(FIVE, C)
    both = Screen(FIVE, STEEP).judge([near(FIVE, "?", A)], HALF, [near(FIVE, "?", C)])
    assert (both.entry, both.is_urgent) == (2, True)
    assert both.urgent == pytest.approx(sure(10 * reading.sign - 7))
    assert Screen(FIVE, STEEP).judge([], HALF, [near(FIVE, "?", C)]).urgent == both.urgent
    assert judge(C).urgent == pytest.approx(sure(10 * reading.sign - 5))


def test_after_an_answer_another_model_tells_of_the_message_by_itself():
    reading = read(FIVE, D)
    strict = STEEP | {"caution_after_answer": LogisticModel(np.array([0.0, 10.0, -9.0]))}
    nothing = near(FIVE, "?", A)
    assert Screen(FIVE, strict).judge([near(FIVE, "?", D)], HALF).caution == pytest.approx(
        sure(10 * reading.caution - 5)
    )
    assert Screen(FIVE, STEEP).judge([near(FIVE, "?", D)], HALF, [nothing]).entry == 2
    assert Screen(FIVE, strict).judge([near(FIVE, "?", D)], HALF, [nothing]) is None


def test_what_was_before_names_the_sign():
    # Alone the message is the first sign; joined to what was before it is the second one.
    alone, joined = near(FIVE, "?", B), near(FIVE, "?", C)
    assert Screen(FIVE, STEEP).judge([alone], HALF).entry == 1
    assert Screen(FIVE, STEEP).judge([alone], HALF, [joined]).entry == 2
    # So it does where the joined one alone would not be urgent, as its model is the stricter one.
    strict = STEEP | {"urgent_in_context": LogisticModel(np.array([10.0, 0.0, -9.0]))}
    assert Screen(FIVE, strict).judge([], HALF, [joined]) is None
    named = Screen(FIVE, strict).judge([alone], HALF, [joined])
    assert (named.entry, named.is_urgent) == (2, True)
    # What is like no sign names none.
    assert Screen(FIVE, STEEP).judge([alone], HALF, [near(FIVE, "?", A)]).entry == 1


def test_a_message_that_may_have_one():
    found = judge(D)
    assert (found.entry, found.is_urgent) == (2, False)
    assert found.phrasing == 2  # its entry's question, as what may be a sign is no phrasing
    assert (found.urgent, found.caution) == pytest.approx(told(read(FIVE, D)))
    assert found.urgent < 0.02 < 0.9 < found.caution


@pytest.mark.parametrize("vector", [A, E])
def test_a_message_with_neither(vector):
    assert judge(vector) is None


def test_a_sign_in_one_passage_goes_before_what_may_be_one_in_another():
    for passages in ((D, B), (B, D)):
        found = judge(*passages, A)
        assert (found.entry, found.phrasing, found.is_urgent) == (1, 1, True)
        assert found.urgent == pytest.approx(told(read(FIVE, B))[0])
        assert found.caution == pytest.approx(told(read(FIVE, D))[1])


def test_of_several_passages_the_likeliest_names_the_sign():
    weaker = [0, 0.96, 0, 0, 0.28]
    assert told(read(FIVE, weaker))[0] > 0.5
    assert (judge(weaker, C).entry, judge(C, weaker).entry) == (2, 2)
    assert judge(weaker).entry == 1


def test_what_may_be_a_sign_is_named_by_the_passage_that_says_so_most():
    # The other passage is more of a sign, but not enough of one.
    other = [0.8, 0.6, 0, 0, 0]
    assert read(FIVE, D).sign < read(FIVE, other).sign < 0.5
    assert [(each.entry, each.is_urgent) for each in (judge(other, D), judge(D, other))] == [(2, False)] * 2


def test_a_probability_that_equals_a_threshold_reaches_it():
    found = judge(B)
    at = Thresholds(0, 0, urgent=found.urgent, caution=1)
    above = Thresholds(0, 0, urgent=np.nextafter(found.urgent, 1), caution=1)
    assert judge(B, thresholds=at).is_urgent
    assert judge(B, thresholds=above) is None
    maybe = judge(D)
    assert judge(D, thresholds=Thresholds(0, 0, urgent=1, caution=maybe.caution)) == maybe
    assert judge(D, thresholds=Thresholds(0, 0, urgent=1, caution=np.nextafter(maybe.caution, 1))) is None
    assert judge(B, D, thresholds=NEVER) is None


def test_the_entry_is_the_one_that_its_points_together_speak_for_most():
    # The nearest is of entry 1; the two of entry 0 say more together, and of these the second is nearer.
    of = points([X, Y, Z], [0, 0, 1], urgent=[0, 1])
    query = [0.5, 0.56, (1 - 0.5**2 - 0.56**2) ** 0.5]
    assert near(of, "?", query).rows.tolist() == [2, 1, 0]
    found = judge(query, of=of)
    assert (found.entry, found.phrasing) == (0, 1)


def test_where_all_near_speaks_against_it_the_sign_is_still_one_of_those_near():
    # At angles of 0 the look-alike, of 30 degrees before it the query and of 20 behind it the sign: cosines of 0.866,
    # 0.940 and, from query to sign, 0.643. Both are solved for by Cramer's rule.
    angle = np.radians([0, 20, 90, -30])
    look_alike, sign, answer, query = np.column_stack((np.cos(angle), np.sin(angle)))
    of = points([answer, sign, look_alike], [0, 1, NONE], urgent=[1])
    found = read(of, query)
    assert found.sign == pytest.approx(-0.114, abs=0.01)
    judged = judge(query, of=of, thresholds=ALWAYS)
    assert (judged.entry, judged.phrasing, judged.is_urgent) == (1, 1, True)


def test_without_a_sign_near_there_is_none_to_name():
    of = points(ring(100), range(100), urgent=[99])
    assert judge(X, of=of, thresholds=ALWAYS) is None
    assert judge(Y, of=of, thresholds=ALWAYS).entry == 99


def test_without_urgent_entries_or_passages_nothing_is_judged():
    of = points([X, Y], [0, NONE], kinds=[ALL_CLEAR, NOT_CLEAR])
    assert Screen(of, {}).judge([near(of, "?", X)], ALWAYS) is None
    assert Screen(points([X], [0], urgent=[0]), STEEP).judge([], ALWAYS) is None


def test_a_reading_holds_what_its_signals_say():
    nothing = np.empty(0)
    assert Reading(0.1, 0.2, nothing, nothing).signals.tolist() == [0.1, 0.2]
