"""A picture of what `benchmark.py --json cold peers` found: `python -m scripts.benchmarks.peers.picture FOUND SVG`.

Bars beside their numbers, a panel for each figure, on a scale of its own that begins at nothing.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

_WIDTH, _LEFT, _RIGHT = 640, 190, 80
_ROW, _BAR, _HEAD = 20, 13, 34
_OURS, _THEIRS = "#1d5a59", "#9fb4b3"
_COLD, _PEERS = "cold", "peers"
_PANELS = {
    "one question, median": "one question, open (ms)",
    "one question, 95th percentile": "one question, open, 95th percentile (ms)",
    "1,000 at once": "a thousand at once (questions a second: longer is better)",
    "memory": "memory when open (MB)",
}

Panels = Mapping[str, Mapping[str, float]]


def main(found: str, picture: str) -> None:
    rows = json.loads(Path(found).read_text(encoding="utf-8"))["rows"]
    Path(picture).write_text(svg(panels(rows)), encoding="utf-8")


def panels(rows: list[dict[str, Any]]) -> Panels:
    """The medians of each panel by the name of whose they are."""
    measured = [row for row in rows if row["median"] is not None]
    names = {row["name"].partition(": ")[2] for row in measured if row["part"] == _PEERS}
    cold = {row["name"].replace("flexbot ask", "flexbot"): row["median"] for row in measured if row["part"] == _COLD}
    found = {"a question from a cold start (s)": {name: cold[name] for name in cold if name in names}}
    for figure, title in _PANELS.items():
        of = [row for row in measured if row["part"] == _PEERS and row["name"].startswith(f"{figure}: ")]
        found[title] = {row["name"].partition(": ")[2]: row["median"] for row in of}
    return found


def svg(found: Panels) -> str:
    """The picture."""
    parts, top = [], 8
    for title, values in found.items():
        parts += _panel(title, values, top)
        top += _HEAD + _ROW * len(values)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}"'
    ground = f'<rect width="{_WIDTH}" height="{top}" fill="#fff"/>'
    return "\n".join([f'{head} font-family="sans-serif" font-size="12">', ground, *parts, "</svg>\n"])


def _panel(title: str, values: Mapping[str, float], top: int) -> Iterator[str]:
    yield f'<text x="12" y="{top + 16}" font-weight="bold">{escape(title)}</text>'
    most = max(values.values())
    for place, (name, value) in enumerate(values.items()):
        y = top + 24 + _ROW * place
        length = round(value / most * (_WIDTH - _LEFT - _RIGHT), 1)
        yield f'<text x="{_LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(name)}</text>'
        colour = _OURS if name == "flexbot" else _THEIRS
        yield f'<rect x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}" fill="{colour}"/>'
        shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        yield f'<text x="{_LEFT + length + 6}" y="{y + 11}">{shown}</text>'


if __name__ == "__main__":
    main(*sys.argv[1:])
