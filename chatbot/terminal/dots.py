"""A drawn figure without colour, in the dots of Braille: its lines, and where it is felt as every other dot.

Areas stay empty, as their outlines are lines: a scale of greys in so few dots would leave a silhouette. Which pixel is
a line is told by the colours in which figures are drawn.
"""

from typing import TYPE_CHECKING

import numpy as np

from chatbot.terminal.pixels import pixels_of, png_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of people, of things, of arrows.
_LINES = np.array([(0x20, 0x22, 0x2B), (0x8B, 0x84, 0x78), (0xB4, 0x3A, 0x09)], dtype=np.int16)
_ALIKE = 28  # levels of a colour's parts
_WARM = 80  # levels that red is above green where something is felt; of skin it is 55
_PIXELS = 6  # a dot is so many wide and high before it is decided whether it is seen
_SHARE = 1 / 400  # of a dot's area, for each column: a line is the thinner the smaller the picture is
_ACROSS, _DOWN = 2, 4  # dots of a cell
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
_EMPTY = 0x2800


def dotted(svg: str, columns: int) -> str:
    """The lines of an SVG, `columns` cells wide."""
    dots = _dots(pixels_of(png_of(svg, columns * _ACROSS * _PIXELS)), columns * _SHARE)
    rows = dots.shape[0] // _DOWN
    cells = (dots.reshape(rows, _DOWN, columns, _ACROSS) * _BITS[:, None, :]).sum(axis=(1, 3))
    lines = ("".join(chr(_EMPTY + cell) if cell else " " for cell in row).rstrip() for row in cells.tolist())
    return "\n".join(lines).strip("\n") + "\n"


def _dots(pixels: "NDArray[np.uint8]", share: float) -> "NDArray[np.bool_]":
    """Which dots are seen; their rows fill whole cells."""
    high = -(-pixels.shape[0] // (_PIXELS * _DOWN)) * _DOWN
    paper = np.full((high * _PIXELS, pixels.shape[1], 3), 255, dtype=np.int16)
    paper[: pixels.shape[0]] = pixels
    lines = np.any([np.abs(paper - line).max(axis=2) < _ALIKE for line in _LINES], axis=0)
    felt = paper[..., 0] - paper[..., 1] > _WARM
    rows, columns = np.indices((high, pixels.shape[1] // _PIXELS))
    seen: NDArray[np.bool_] = (_shares(lines) > share) | ((_shares(felt) > 0.5) & ((rows + columns) % 2 == 0))
    return seen


def _shares(mask: "NDArray[np.bool_]") -> "NDArray[np.float64]":
    """The share of each dot's pixels that `mask` has."""
    high, wide = mask.shape[0] // _PIXELS, mask.shape[1] // _PIXELS
    shares: NDArray[np.float64] = mask.reshape(high, _PIXELS, wide, _PIXELS).mean(axis=(1, 3))
    return shares
