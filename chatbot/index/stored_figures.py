"""Figures and their pictures, a line each by id in ascending order; a reply reads those that it names and no others."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from chatbot.records import Figure


def figure_to_json(figure: Figure) -> str:
    """A figure as one line of JSON."""
    return json.dumps(asdict(figure), ensure_ascii=False)


class StoredFigures(Mapping[str, Figure]):
    """The figures of lines that `figure_to_json` wrote, with their pictures in `drawings`, SVGs."""

    def __init__(self, lines: Sequence[str], drawings: Sequence[str]) -> None:
        self._lines, self._drawings = lines, drawings

    def __getitem__(self, name: str) -> Figure:
        return Figure(**json.loads(self._lines[self._row(name)]))

    def __iter__(self) -> Iterator[str]:
        return map(_id_of, self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def drawing(self, name: str) -> str:
        """The picture of a figure. Raises `KeyError` for an unknown id."""
        return self._drawings[self._row(name)]

    def _row(self, name: str) -> int:
        row = bisect_left(self._lines, name, key=_id_of)
        if row == len(self) or _id_of(self._lines[row]) != name:
            raise KeyError(name)
        return row


def _id_of(line: str) -> str:
    return str(json.loads(line)["id"])
