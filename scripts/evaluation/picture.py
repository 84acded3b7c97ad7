"""Curves as an SVG that reads on light and dark pages."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

Point = Sequence[float]
_WIDTH, _HEIGHT = 640, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 55
# Told apart without colour too: each has its own dashes.
_STROKES = (("#1f77b4", ""), ("#d62728", "8 4"), ("#2ca02c", "2 4"), ("#9467bd", "10 3 2 3"))
_TICKS = 5
_ROUNDING = 1e-9


class _Axis:
    def __init__(self, values: Sequence[float], start: float, end: float, logarithmic: bool) -> None:
        self._scale = math.log10 if logarithmic else float
        self._logarithmic = logarithmic
        self._least, self._most = self._scale(min(values)), self._scale(max(values))
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (self._scale(value) - self._least) / ((self._most - self._least) or 1)
        return round(self._start + share * (self._end - self._start), 1)

    def ticks(self) -> list[float]:
        if self._logarithmic:
            return [10.0**power for power in range(math.ceil(self._least), math.floor(self._most) + 1)]
        rough = (self._most - self._least) / _TICKS or 1.0
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
        first = math.ceil(self._least / step - _ROUNDING)
        return [step * number for number in range(first, math.floor(self._most / step + _ROUNDING) + 1)]


def svg(title: str, x: str, y: str, curves: Mapping[str, Sequence[Point]], *, logarithmic: bool = False) -> str:
    """The picture of some curves, each a list of (x, y); `x` and `y` name the axes, `logarithmic` goes for both."""
    points = [point for curve in curves.values() for point in curve]
    across = _Axis([point[0] for point in points], _LEFT, _WIDTH - _RIGHT, logarithmic)
    up = _Axis([point[1] for point in points], _HEIGHT - _BOTTOM, _TOP, logarithmic)
    parts = [*_grid(across, up), *_labels(title, x, y), *_lines(curves, across, up)]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>', *parts, "</svg>\n"])


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    for tick in across.ticks():
        at = across.place(tick)
        yield f'<line x1="{at}" y1="{_TOP}" x2="{at}" y2="{_HEIGHT - _BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{at}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_shown(tick)}</text>'
    for tick in up.ticks():
        at = up.place(tick)
        yield f'<line x1="{_LEFT}" y1="{at}" x2="{_WIDTH - _RIGHT}" y2="{at}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end">{_shown(tick)}</text>'


def _labels(title: str, x: str, y: str) -> Iterator[str]:
    middle, side = (_LEFT + _WIDTH - _RIGHT) / 2, (_TOP + _HEIGHT - _BOTTOM) / 2
    yield f'<text x="{_LEFT}" y="22" font-size="14" font-weight="bold">{escape(title)}</text>'
    yield f'<text x="{middle}" y="{_HEIGHT - 14}" text-anchor="middle">{escape(x)}</text>'
    yield f'<text transform="translate(18 {side}) rotate(-90)" text-anchor="middle">{escape(y)}</text>'


def _lines(curves: Mapping[str, Sequence[Point]], across: _Axis, up: _Axis) -> Iterator[str]:
    for number, (name, curve) in enumerate(curves.items()):
        colour, dashes = _STROKES[number % len(_STROKES)]
        places = " ".join(f"{across.place(x)},{up.place(y)}" for x, y in curve)
        stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        yield f'<polyline points="{places}" fill="none" {stroke}/>'
        at = _HEIGHT - _BOTTOM - 14 - 18 * (len(curves) - 1 - number)
        yield f'<line x1="{_LEFT + 12}" y1="{at}" x2="{_LEFT + 46}" y2="{at}" {stroke}/>'
        yield f'<text x="{_LEFT + 54}" y="{at + 4}">{escape(name)}</text>'


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
