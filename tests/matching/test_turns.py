"""What follows an answer: told by hand among a few messages."""

import numpy as np

from chatbot.matching import turns as module
from chatbot.matching.turns import Turns
from tests.matching.points import X, Y


def test_the_likeness_to_what_asks_and_to_what_does_not_decides():
    turns = Turns(np.array([X, Y], dtype=np.float32), np.array([True, False]))
    near_x, near_y = np.array([0.8, 0.6, 0]), np.array([0.6, 0.8, 0])
    assert not turns.asks_nothing(near_x)
    assert turns.asks_nothing(near_y)


def test_what_is_as_near_to_both_is_taken_to_ask():
    turns = Turns(np.array([X, X], dtype=np.float32), np.array([True, False]))
    assert not turns.asks_nothing(np.array(X))


def test_only_the_nearest_are_read(monkeypatch):
    # Around Y, at 25 degrees one that asks nothing, and at 26 degrees on other sides two that do, which weigh more.
    near, far = np.radians([25, 26])
    nothing = [np.sin(near), np.cos(near), 0]
    asking = [[-np.sin(far), np.cos(far), 0], [0, np.cos(far), np.sin(far)]]
    turns = Turns(np.array([*asking, nothing], dtype=np.float32), np.array([True, True, False]))
    assert not turns.asks_nothing(np.array(Y))
    monkeypatch.setattr(module, "_NEIGHBOURS", 1)
    assert turns.asks_nothing(np.array(Y))


def test_where_nothing_is_known_everything_may_ask():
    nothing = Turns(np.empty((0, 3), dtype=np.float32), np.empty(0, dtype=np.bool_))
    assert not nothing.asks_nothing(np.array(X))
