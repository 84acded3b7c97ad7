"""What a message does after an answer: read by hand among a few messages."""

from math import log

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.turns import Turns
from chatbot.records import TURNS
from tests.matching.points import FAR, X, Y, Z, ring

PART, SAME, CHANGED, NEW, ASIDE = range(len(TURNS))


def turns(vectors, kinds, parts=None):
    parts = [NONE] * len(kinds) if parts is None else parts
    rows = np.array(vectors, dtype=np.float32).reshape(-1, 3)
    return Turns(rows, np.array(kinds, dtype=np.int8), np.array(parts, dtype=np.int16))


def shares(**changes):
    return pytest.approx({turn: changes.get(turn, 0) for turn in TURNS}, rel=1e-3, abs=1e-6)


def test_the_kinds_stand_in_their_order():
    assert TURNS == ("part", "same", "changed", "new", "aside")


def test_the_shares_of_kinds_by_hand():
    found = turns([X, Y], [CHANGED, ASIDE]).read(X)
    # (1.3, far; far, 1.3) times the weights is (1, far).
    determinant = 1.69 - FAR**2
    assert found.shares == shares(changed=(1.3 - FAR**2) / determinant, aside=0.3 * FAR / determinant)
    assert found.part == NONE


def test_messages_of_a_kind_add_up():
    # Two at the same place have 1 / 2.3 each, three 1 / 3.3.
    assert turns([X, X], [NEW, NEW]).read(X).shares == shares(new=2 / 2.3)
    assert turns([X, X, X], [NEW, SAME, NEW]).read(X).shares == shares(new=2 / 3.3, same=1 / 3.3)


def test_the_words_of_messages_do_not_count():
    # At a right angle there is far / 1.3 and nothing else.
    assert turns([X], [SAME]).read(Y).shares == shares(same=FAR / 1.3)


def test_the_part_is_the_one_that_most_of_what_is_near_asks_about():
    several = turns([X, X, X, Y], [PART] * 4, [2, 1, 2, 0])
    assert [several.read(vector).part for vector in (X, Y)] == [2, 0]


def test_there_may_be_hundreds_of_parts():
    assert turns([X], [PART], [300]).read(X).part == 300


def test_what_asks_about_no_part_names_none_however_much_there_is_of_it():
    # One of four has 1 / 4.3, too little; one of three has 1 / 3.3.
    assert turns([X] * 4, [PART, SAME, SAME, SAME], [3, NONE, NONE, NONE]).read(X).part == NONE
    assert turns([X] * 3, [PART, SAME, SAME], [3, NONE, NONE]).read(X).part == 3
    assert turns([X] * 2, [SAME, ASIDE]).read(X).part == NONE


def test_a_part_needs_a_quarter():
    # exp(3 (c - 1)) / 1.3 is 0.25 at c = 1 + log(0.325) / 3.
    least = 1 + log(0.325) / 3
    more, less = ([c, (1 - c**2) ** 0.5, 0] for c in (least + 0.001, least - 0.001))
    one = turns([X], [PART], [0])
    assert [one.read(np.array(vector, dtype=np.float32)).part for vector in (more, less)] == [0, NONE]


def test_only_the_nearest_ninety_six_are_read():
    kinds = [*[SAME] * 96, ASIDE]
    many = turns(ring(97), kinds, [*[NONE] * 96, 0])
    assert many.read(X).shares["aside"] == 0
    assert many.read(X, np.arange(1, 97)).shares["aside"] != 0
    assert many.read(ring(97)[96].astype(np.float32)).shares["aside"] > 0.1


def test_a_message_is_read_by_those_that_it_may_be_read_by():
    some = turns([X, Y, Z], [NEW, SAME, PART], [NONE, NONE, 1])
    assert some.read(X, np.array([1])).shares == shares(same=FAR / 1.3)
    # Rows of all, though the first of them are left out.
    found = some.read(Z, np.array([2]))
    assert (found.shares, found.part) == (shares(part=1 / 1.3), 1)
    assert some.read(X, np.array([], dtype=np.int64)).shares == shares()


def test_where_nothing_is_known_a_message_does_nothing():
    found = turns([], []).read(X)
    assert (found.shares, found.part) == (shares(), NONE)
