"""Records in lines of JSON by id in ascending order: found by halving, so that few of many lines are read."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

Record = TypeVar("Record")


class RowsById(Mapping[str, Record], Generic[Record]):
    """The records of `kind` in lines, each a JSON object of its fields."""

    def __init__(self, kind: type[Record], lines: Sequence[str]) -> None:
        self._kind, self._lines = kind, lines

    def __getitem__(self, name: str) -> Record:
        fields: dict[str, Any] = json.loads(self._lines[self.row(name)])
        return self._kind(**fields)

    def __iter__(self) -> Iterator[str]:
        return map(_id_of, self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def row(self, name: str) -> int:
        """The row of a record. Raises `KeyError` for an unknown id."""
        row = bisect_left(self._lines, name, key=_id_of)
        if row == len(self) or _id_of(self._lines[row]) != name:
            raise KeyError(name)
        return row


def _id_of(line: str) -> str:
    return str(json.loads(line)["id"])
