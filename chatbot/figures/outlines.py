"""Pixels -> smooth paths: areas of one colour, and the lines where one thing ends before another."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.joints import Array
from chatbot.figures.raster import Raster

_BLUR = 1.3  # pixels
_AROUND = 6  # pixels around an area that its blur may reach
_TOLERANCE = 0.45  # pixels that a path may be off
_ASIDE = 2.5  # pixels from a line to what is on either side
_SHORTEST = 7  # points of a line
_FAR_AWAY = 99.0  # metres to where nothing is
_SMALLEST = 14.0  # pixels around an area

Mask = NDArray[np.bool_]


def rings(mask: Mask) -> Iterator[Array]:
    """The closed paths around the areas of a mask and their holes, as columns and rows of pixels, shape (points, 2)."""
    from contourpy import LineType, contour_generator
    from scipy.ndimage import gaussian_filter

    if not mask.any():
        return
    rows, columns = (np.flatnonzero(mask.any(axis=axis))[[0, -1]].tolist() for axis in (1, 0))
    cut = mask[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1]
    smooth = gaussian_filter(np.pad(cut, _AROUND).astype(np.float32), _BLUR)
    lines = contour_generator(z=smooth, line_type=LineType.Separate).lines(0.5)
    corner = np.array([columns[0], rows[0]], dtype=float) - _AROUND
    for line in lines:
        points = np.asarray(line, dtype=float) + corner
        if len(points) > 3 and float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()) > _SMALLEST:
            yield points


def simplified(points: Array) -> Array:
    """A path with as few points as it needs (Douglas and Peucker, Reduction of the number of points, 1973)."""
    from shapely import LineString

    return np.asarray(LineString(points).simplify(_TOLERANCE).coords)


def edges(raster: Raster, owner: int, least_jump: Callable[[int, int], float]) -> Iterator[Array]:
    """The lines around what is seen of an owner, where it lies before something else, by more than `least_jump` says of
    the two owners, in metres."""
    for ring in rings(raster.owner == owner):
        keep = _kept(raster, ring, owner, least_jump)
        if keep.all():
            yield ring
            continue
        turned = np.roll(ring[:-1], -int(np.flatnonzero(~keep[:-1])[0]), axis=0) if (~keep[:-1]).any() else ring
        keep = _kept(raster, turned, owner, least_jump)
        yield from _runs(turned, keep)


def _runs(points: Array, keep: Mask) -> Iterator[Array]:
    changes = np.flatnonzero(np.diff(np.concatenate([[False], keep, [False]]).astype(int)))
    for start, end in zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True):
        if end - start >= _SHORTEST:
            yield points[start:end]


def _kept(raster: Raster, ring: Array, owner: int, least_jump: Callable[[int, int], float]) -> Mask:
    from scipy.ndimage import binary_closing

    inner, outer = _either_side(raster, ring, owner)
    depths = (raster.depth[side[:, 1], side[:, 0]] for side in (outer, inner))
    behind = np.subtract(*(np.where(np.isfinite(depth), depth, _FAR_AWAY) for depth in depths))
    others = raster.owner[outer[:, 1], outer[:, 0]]
    keep = np.zeros(len(ring), dtype=bool)
    for other in np.unique(others[others != owner]).tolist():
        keep |= (others == other) & (behind > max(0.0, least_jump(owner, other)))
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
