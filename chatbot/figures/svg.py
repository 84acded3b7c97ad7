"""Shapes of steps -> one SVG: numbered panels beside or below each other, arrows, and where it is felt."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from chatbot.figures.camera import Camera
from chatbot.figures.drawing import Shapes
from chatbot.figures.joints import Array
from chatbot.figures.outlines import simplified
from chatbot.figures.pose import Arrow, Pose
from chatbot.figures.solving import Solved

WIDTH = 480  # units
_SCALE, _NARROW = 245.0, 150.0  # units a metre at most, and below which panels stand below each other
_PAD, _HEAD = 12.0, 30.0  # units around a panel, and above it for its number
_INK, _THING, _HOT, _ARROW = "#20222b", "#8b8478", "#e8412a", "#b43a09"
_OPACITY = (0.42, 0.45, 0.5)
_ROUND = 'stroke-linecap="round" stroke-linejoin="round"'
_RIM = f'stroke="{_HOT}" stroke-width="1.2" stroke-dasharray="3 2"'
_STYLE = "<style>@media (prefers-color-scheme:dark){.paper{fill:#dcdad5}}@media print{.felt{stroke:#000}}</style>"


class _Panel(NamedTuple):
    shapes: Shapes
    arrows: tuple[Array, ...]
    floor: bool
    left: float
    bottom: float
    width: float  # metres
    height: float


class _Placed(NamedTuple):
    panel: _Panel
    x: float
    y: float
    scale: float

    def points(self, path: Array) -> Array:
        """A path of metres in units of the picture."""
        panel = self.panel
        across = self.x + (path[:, 0] - panel.left) * self.scale
        down = self.y + (panel.bottom + panel.height - path[:, 1]) * self.scale
        return np.stack([across, down], axis=1)


def picture(pose: Pose, solved: Sequence[Solved], shapes: Sequence[Shapes]) -> str:
    """The SVG of a movement. Its title and description are those of the pose; it holds no other words."""
    zoomed = bool(pose.zoom)
    panels = [_panel(step, shape, zoomed) for step, shape in zip(solved, shapes, strict=True)]
    placed, height = _laid_out(panels, zoomed)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">',
        f"<title>{escape(pose.title)}</title><desc>{escape(pose.alt)}</desc>{_STYLE}",
        f'<rect class="paper" width="{WIDTH}" height="{height:.0f}" rx="10" fill="#fff"/>',
    ]
    for number, panel in enumerate(placed, 1):
        parts += _drawn(panel)
        parts += _badges(panel, number if len(placed) > 1 else 0, pose.pace if number == len(placed) else "")
    return "\n".join((*parts, "</svg>\n"))


def _panel(step: Solved, shapes: Shapes, zoomed: bool) -> _Panel:
    window, camera = shapes.window, Camera(step.step.view)
    posed = step.figure.skeleton.posed(step.angles)
    arrows = tuple(
        _bow(arrow, camera.seen(step.figure.point(posed, arrow.at)[0][None])[0, :2]) for arrow in step.step.arrows
    )
    level = not camera.from_above and not zoomed
    ends = np.concatenate([np.array([[window.left, window.bottom], [window.right, window.top]]), *arrows])
    low, high = ends.min(axis=0), ends.max(axis=0)
    bottom = min(low[1], -0.03) if level else low[1]
    return _Panel(shapes, arrows, level, low[0], bottom, high[0] - low[0], high[1] - bottom)


def _bow(arrow: Arrow, start: Array) -> Array:
    """The points of an arrow from beside `start`, a quadratic curve."""
    one = start + arrow.offset
    two = one + arrow.by
    across = np.array([-(two - one)[1], (two - one)[0]])
    middle = (one + two) / 2 + arrow.bend * across
    share = np.linspace(0, 1, 15)[:, None]
    curve: Array = (1 - share) ** 2 * one + 2 * share * (1 - share) * middle + share**2 * two
    return curve


def _laid_out(panels: Sequence[_Panel], zoomed: bool) -> tuple[list[_Placed], float]:
    """The panels in a row, or below each other where they would be too small; and the height of all."""
    count = len(panels)
    row = min(_SCALE, (WIDTH - 2 * _PAD * count) / sum(panel.width for panel in panels))
    column = min(_SCALE, (WIDTH - 2 * _PAD) / max(panel.width for panel in panels))
    tallest = max(panel.height for panel in panels)
    if zoomed:
        row, column = (min(900.0, scale * 4) for scale in (row, column))
        row = min(row, (WIDTH - 2 * _PAD * count) / sum(panel.width for panel in panels))
    if row >= min(_NARROW, column) or count == 1:
        left = (WIDTH - sum(panel.width for panel in panels) * row - 2 * _PAD * (count - 1)) / 2
        placed = []
        for panel in panels:
            placed.append(_Placed(panel, left, _HEAD + _PAD + (tallest - panel.height) * row, row))
            left += panel.width * row + 2 * _PAD
        return placed, _HEAD + 2 * _PAD + tallest * row
    placed, down = [], 0.0
    for panel in panels:
        placed.append(_Placed(panel, (WIDTH - panel.width * column) / 2, down + _HEAD + _PAD, column))
        down += _HEAD + 2 * _PAD + panel.height * column
    return placed, down


def _drawn(placed: _Placed) -> Iterator[str]:
    panel = placed.panel
    if panel.floor:
        ends = placed.points(np.array([[panel.left, 0.0], [panel.left + panel.width, 0.0]]))
        line = f"M{ends[0, 0] - 6:.0f} {ends[0, 1]:.1f}H{ends[1, 0] + 6:.0f}"
        yield f'<path d="{line}" stroke="{_THING}" stroke-width="2"/>'
    for area in panel.shapes.areas:
        path = "".join(_path(placed.points(ring), closed=True) for ring in area.paths)
        yield f'<path d="{path}" fill="{area.colour}" fill-rule="evenodd" stroke="{area.colour}" stroke-width=".8"/>'
    for opacity, level in zip(_OPACITY, panel.shapes.felt, strict=True):
        if path := "".join(_path(placed.points(ring), closed=True) for ring in level):
            edge = f" {_RIM}" if level is panel.shapes.felt[0] else ""
            yield f'<path class="felt" d="{path}" fill="{_HOT}" fill-opacity="{opacity}" fill-rule="evenodd"{edge}/>'
    for lines, colour, width in ((panel.shapes.thing_lines, _THING, 1.5), (panel.shapes.lines, _INK, 2.1)):
        if path := "".join(_path(placed.points(line), closed=False) for line in lines):
            yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" {_ROUND}/>'
    for arrow in panel.arrows:
        yield from _arrow(placed.points(arrow))


def _path(points: Array, closed: bool) -> str:
    """A path through points with few numbers."""
    few = simplified(points)
    steps = np.round(few, 1)
    text = f"M{_number(steps[0, 0])} {_number(steps[0, 1])}L" + " ".join(
        f"{_number(x)} {_number(y)}" for x, y in steps[1:].tolist()
    )
    return text + ("Z" if closed else "")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _arrow(points: Array) -> Iterator[str]:
    along = points[-1] - points[-3]
    ahead = along / max(float(np.linalg.norm(along)), 1e-9)
    aside = np.array([-ahead[1], ahead[0]])
    tip = [points[-1] + 10 * ahead, points[-1] + 6.5 * aside, points[-1] - 6.5 * aside]
    shaft = _path(points, closed=False)
    yield f'<path d="{shaft}" fill="none" stroke="#fff" stroke-width="7.5" stroke-linecap="round"/>'
    yield f'<path d="{shaft}" fill="none" stroke="{_ARROW}" stroke-width="4" stroke-linecap="round"/>'
    yield f'<path d="{_path(np.array(tip), closed=True)}" fill="{_ARROW}" stroke="#fff" stroke-width=".8"/>'


def _badges(placed: _Placed, number: int, pace: str) -> Iterator[str]:
    """The number of a step; a clock where it is held, two arrows in turn where it is moved through."""
    x, y = max(16.0, placed.x + 4), placed.y - _HEAD / 2
    if number:
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="11.5" fill="{_INK}"/>'
        yield f'<text x="{x:.0f}" y="{y + 5:.0f}" {_DIGIT}>{number}</text>'
        x += 28
    if pace:
        style = f'fill="none" stroke="{_ARROW}" stroke-width="2.4"'
        yield f'<g transform="translate({x:.0f} {y:.0f})" {style}>{_PACES[pace]}</g>'


_DIGIT = (
    'font-family="DejaVu Sans,Arial,sans-serif" font-size="14.5" font-weight="bold" fill="#fff" text-anchor="middle"'
)
_TIPS = f'<path d="M4-4h6v-6zM-4 4h-6v6z" fill="{_ARROW}" stroke="none"/>'
_PACES = {
    "hold": '<circle r="10"/><path d="M0-6V0L4.5 3" stroke-linecap="round"/>',
    "move": f'<path d="M-9-2A10 10 0 0 1 8-5M9 2A10 10 0 0 1-8 5"/>{_TIPS}',
}
