"""Pixels -> smooth paths: areas of one colour, and the lines where one thing ends before another."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.joints import Array
from chatbot.figures.raster import Raster

_BLUR = 1.3  # pixels
_TOLERANCE = 0.45  # pixels that a path may be off
_ASIDE = 2.5  # pixels from a line to what is on either side
_SHORTEST = 7  # points of a line
_SMALLEST = 14.0  # pixels around an area

Mask = NDArray[np.bool_]


def rings(mask: Mask) -> Iterator[Array]:
    """The closed paths around the areas of a mask and their holes, as columns and rows of pixels, shape (points, 2)."""
    from contourpy import LineType, contour_generator
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(np.pad(mask, 3).astype(np.float32), _BLUR)
    lines = contour_generator(z=smooth, line_type=LineType.Separate).lines(0.5)
    for line in lines:
        points = np.asarray(line, dtype=float) - 3
        if len(points) > 3 and float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()) > _SMALLEST:
            yield points


def simplified(points: Array) -> Array:
    """A path with as few points as it needs (Douglas and Peucker, Reduction of the number of points, 1973)."""
    from shapely import LineString

    return np.asarray(LineString(points).simplify(_TOLERANCE).coords)


def edges(raster: Raster, owner: int, drawn: Callable[[int, int, float], bool]) -> Iterator[Array]:
    """The lines around what is seen of an owner, where it lies before something else and `drawn` says so of the two
    owners and how far the other lies behind, in metres."""
    for ring in rings(raster.owner == owner):
        keep = _kept(raster, ring, owner, drawn)
        if keep.all():
            yield ring
            continue
        turned = np.roll(ring[:-1], -int(np.flatnonzero(~keep[:-1])[0]), axis=0) if (~keep[:-1]).any() else ring
        keep = _kept(raster, turned, owner, drawn)
        yield from _runs(turned, keep)


def _runs(points: Array, keep: Mask) -> Iterator[Array]:
    changes = np.flatnonzero(np.diff(np.concatenate([[False], keep, [False]]).astype(int)))
    for start, end in zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True):
        if end - start >= _SHORTEST:
            yield points[start:end]


def _kept(raster: Raster, ring: Array, owner: int, drawn: Callable[[int, int, float], bool]) -> Mask:
    from scipy.ndimage import binary_closing

    inner, outer = _either_side(raster, ring, owner)
    depth = np.where(np.isfinite(raster.depth), raster.depth, 99.0)
    others = raster.owner[outer[:, 1], outer[:, 0]]
    behind = depth[outer[:, 1], outer[:, 0]] - depth[inner[:, 1], inner[:, 0]]
    keep = np.array(
        [
            other != owner and far > 0 and drawn(owner, other, far)
            for other, far in zip(others.tolist(), behind.tolist(), strict=True)
        ]
    )
    closed: Mask = binary_closing(np.pad(keep, 4, mode="wrap"), iterations=3)[4:-4] | keep
    return closed


def _either_side(raster: Raster, ring: Array, owner: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pixels a little inside and outside of a path around an owner."""
    along = np.gradient(ring, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-9)[:, None]
    rows, columns = raster.owner.shape
    one, two = (
        np.clip(np.round(ring + way * _ASIDE * normal).astype(np.intp), 0, (columns - 1, rows - 1)) for way in (1, -1)
    )
    swap = (raster.owner[one[:, 1], one[:, 0]] != owner)[:, None]
    return np.where(swap, two, one), np.where(swap, one, two)
