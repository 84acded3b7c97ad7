"""Figures as text."""

import json
from typing import Any

from scripts.evaluation.answers import Row


def table(name: str, figures: dict[str, Any]) -> str:
    """The tables of a set, one below the other."""
    lines = [f"{name}: {figures['questions']:,} questions"]
    for title, rows in figures.items():
        if isinstance(rows, dict):
            lines += ["", *_grid(title, rows)]
    return "\n".join(lines)


def own_questions_table(figures: dict[str, Any]) -> str:
    """The figures of the entries' own questions, and a line for each that missed its entry."""
    head = f"own questions: {figures['questions']:,}, first and answered {_shown(figures['first and answered'])}"
    return "\n".join([head, *(json.dumps(miss, ensure_ascii=False) for miss in figures["misses"])])


def _grid(title: str, rows: dict[str, Row]) -> list[str]:
    head = [title, *next(iter(rows.values()))]
    cells = [head, *([name, *map(_shown, row.values())] for name, row in rows.items())]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{value[0]:.3f} ({value[1]:.3f}-{value[2]:.3f})" if value else "-"
    return f"{value:,}"
