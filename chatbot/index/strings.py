"""Many texts in one file: read one at a time from memory mapped from disk, however many there are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.errors import IndexDamaged

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


def pack(texts: Iterable[str]) -> tuple[Bytes, Offsets]:
    """`texts` as one array of UTF-8 bytes, and the offset at which each begins, with the end as the last."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets


class StringTable(Sequence[str]):
    """The texts of `pack`, by row."""

    def __init__(self, data: Bytes, offsets: Offsets) -> None:
        if offsets.ndim != 1 or not len(offsets) or offsets[-1] != len(data):
            raise IndexDamaged(f"a table of texts does not fit its offsets; {settings.REBUILD_IN_FULL}")
        self._data = data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return bytes(self._data[self._offsets[row] : self._offsets[row + 1]]).decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))
