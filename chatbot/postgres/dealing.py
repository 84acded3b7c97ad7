"""Which of several parts has which point: of each round of as many rows as there are parts every part has one, in an
order that differs from one round to the next.

So the parts are of one size, and where a point is needs no table. Were the order the same, all questions of a corpus
with an even number of phrasings for each entry would be on one of two servers, and asking for them would ask it alone.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows

_TURN = np.uint64(0x9E3779B1)  # the golden ratio's bits: neighbouring rounds get far-off turns (Knuth, volume 3, 6.4)


def part_of(rows: npt.NDArray[np.integer[Any]], parts: int) -> Rows:
    """The part that each of some rows is in."""
    return (rows + _turns(rows // parts)) % parts


def rows_of(part: int, parts: int, total: int) -> Rows:
    """The rows of a part of `total` points, in order."""
    rounds = np.arange(-(-total // parts))
    rows = rounds * parts + (part - _turns(rounds)) % parts
    return rows[rows < total]


def count_of(part: int, parts: int, total: int) -> int:
    """How many those are."""
    rounds, rest = divmod(total, parts)
    return rounds + int(np.count_nonzero(part_of(np.arange(total - rest, total), parts) == part))


def _turns(rounds: npt.NDArray[np.integer[Any]]) -> Rows:
    return (rounds.astype(np.uint64) * _TURN % np.uint64(1 << 32) >> np.uint64(16)).astype(np.int64)
