"""Waiting and working, so that it does not matter how busy the machine is."""

import time
from collections.abc import Callable
from typing import Any

LONGEST_WAIT = 240  # seconds without a sign of life: it ends what hangs, however busy the machine is
# Of four times the input: 4 where work grows with it, 16 where with its square. Between the two, on a busy machine too.
LINEAR = 8


def growth(work: Callable[[Any], object], made: Callable[[int], Any], size: int) -> float:
    """How many times as long `work` on `made(4 * size)` takes as on `made(size)`, in this thread's processor time.

    Of each the least of three runs counts, in turns: what else the machine does makes some of them longer.
    """
    small, large = made(size), made(4 * size)
    times = [(_seconds(work, small), _seconds(work, large)) for _ in range(3)]
    return min(after for _, after in times) / min(before for before, _ in times)


def _seconds(work: Callable[[Any], object], given: Any) -> float:
    began = time.thread_time()
    work(given)
    return time.thread_time() - began
