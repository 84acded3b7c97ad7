"""A file -> pieces that its content decides: where two files differ in one place, all other pieces are the same.

A piece may end where a hash of the 32 bytes before has certain bits (a gear hash, as in FastCDC by Xia et al., 2016,
here taken of all places of a block at once), so that what is put in or taken out somewhere moves no end behind it.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

_LEAST, _MOST = 8 << 10, 128 << 10  # bytes
_BITS = 14  # an end in so many places by the power of two: pieces of 24 kB on average
_DOUBLINGS = (1, 2, 4, 8, 16)
_BEFORE = 31  # bytes that a place's hash is of, besides its own
_BLOCK = 1 << 20
_MARKS = np.array([int.from_bytes(hashlib.sha256(bytes([value])).digest()[:4]) for value in range(256)], np.uint32)


class Piece(NamedTuple):
    """A part of a file: the SHA-256 of its bytes, and where it begins and ends."""

    name: bytes
    start: int
    end: int


def pieces_of(data: Bytes) -> list[Piece]:
    """The pieces of some bytes, in order."""
    return [Piece(hashlib.sha256(data[start:end].data).digest(), start, end) for start, end in _cuts(data)]


def _cuts(data: Bytes) -> Iterator[tuple[int, int]]:
    ends = np.concatenate([*map(np.asarray, _possible_ends(data)), [len(data)]])
    start = 0
    while start < len(data):
        place = min(int(np.searchsorted(ends, start + _LEAST)), len(ends) - 1)
        end = min(int(ends[place]), start + _MOST)
        yield start, end
        start = end


def _possible_ends(data: Bytes) -> Iterator[npt.NDArray[np.int64]]:
    for start in range(0, len(data), _BLOCK):
        first = max(start - _BEFORE, 0)
        hashes = _MARKS[data[first : start + _BLOCK]]
        for shift in _DOUBLINGS:
            hashes[shift:] = hashes[shift:] + (hashes[:-shift] << shift)
        ends = np.flatnonzero(hashes >> (32 - _BITS) == 0) + first + 1
        yield ends[ends > start]
