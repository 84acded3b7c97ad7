"""The countdown, by a clock that the tests set."""

import pytest

from chatbot.practice.countdown import Countdown
from chatbot.practice.stages import Stage

READY, HOLD, CHANGE, OTHER = (
    Stage(0, "ready", "Get ready", 10),
    Stage(0, "hold", "Hold", 30, "first side"),
    Stage(0, "change", "Change sides", 5),
    Stage(0, "hold", "Hold", 30, "other side"),
)
MOVES = Stage(1, "count", "8 times", 32, by_hand=True)
STAGES = [READY, HOLD, CHANGE, OTHER, MOVES]


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def countdown(clock):
    return Countdown(STAGES, clock)


def test_time_passes(countdown, clock):
    assert (countdown.stage, countdown.next, countdown.left) == (READY, HOLD, 10)
    clock.now += 9.5
    assert not countdown.tick()
    assert countdown.left == 0.5
    clock.now += 2.5
    assert countdown.tick()
    assert (countdown.stage, countdown.left) == (HOLD, 28)  # what was late counts for the next


def test_a_pause_stops_it_and_it_goes_on_from_there(countdown, clock):
    clock.now += 4
    countdown.pause()
    clock.now += 1000
    assert (countdown.paused, countdown.left, countdown.tick()) == (True, 6, False)
    countdown.pause()
    clock.now += 2
    assert (countdown.paused, countdown.left) == (False, 4)


def test_skipping_goes_to_what_is_done_next(countdown):
    countdown.skip()
    assert countdown.stage is HOLD
    countdown.skip()
    assert (countdown.stage, countdown.left) == (OTHER, 30)
    countdown.skip()
    countdown.skip()
    assert (countdown.stage, countdown.next, countdown.left) == (None, None, 0)
    countdown.skip()
    assert (countdown.stage, countdown.tick()) == (None, False)


def test_going_back(countdown, clock):
    for _ in range(2):
        countdown.skip()
    clock.now += 10
    countdown.back()
    assert (countdown.stage, countdown.left) == (OTHER, 30)  # to its beginning first
    countdown.back()
    assert countdown.stage is HOLD
    countdown.back()
    assert countdown.stage is READY


def test_what_is_counted_by_hand_waits_until_it_is_done(countdown, clock):
    countdown.done()
    assert countdown.stage is READY  # nothing to say here
    for _ in range(3):
        countdown.skip()
    clock.now += 1000
    assert (countdown.waits, countdown.tick()) == (True, False)
    countdown.done()
    assert countdown.stage is None


def test_alone_it_goes_on_by_itself(clock):
    countdown = Countdown(STAGES, clock, alone=True)
    clock.now += 10 + 30 + 5 + 30 + 32
    passed = 0
    while countdown.tick():
        passed += 1
    assert (passed, countdown.stage) == (5, None)
