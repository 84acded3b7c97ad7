"""Figures and their pictures, a line each by id in ascending order; a reply reads those that it names and no others."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from chatbot.index.rows_by_id import RowsById
from chatbot.records import Figure


def figure_to_json(figure: Figure) -> str:
    """A figure as one line of JSON."""
    return json.dumps(asdict(figure), ensure_ascii=False)


class StoredFigures(RowsById[Figure]):
    """The figures of lines that `figure_to_json` wrote, with their pictures in `drawings`, SVGs."""

    def __init__(self, lines: Sequence[str], drawings: Sequence[str]) -> None:
        super().__init__(Figure, lines)
        self._drawings = drawings

    def drawing(self, name: str) -> str:
        """The picture of a figure. Raises `KeyError` for an unknown id."""
        return self._drawings[self.row(name)]
