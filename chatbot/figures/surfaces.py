"""Floors, walls and things to sit on, as how far a point is from their surface.

A distance is negative within. Boxes after Quilez, Distance functions, 2008.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chatbot.figures.joints import Array


class Distance(NamedTuple):
    """How far points are from a surface, shape (points,), and the direction away from it, shape (points, 3)."""

    far: Array
    away: Array


@dataclass(frozen=True)
class Plane:
    """All that lies below a plane through `start` with the unit `normal`."""

    start: tuple[float, float, float]
    normal: tuple[float, float, float]

    def distance(self, points: Array) -> Distance:
        normal = np.asarray(self.normal, dtype=float)
        return Distance((points - self.start) @ normal, np.broadcast_to(normal, points.shape))


@dataclass(frozen=True)
class Block:
    """A box from its least corner to its most."""

    least: tuple[float, float, float]
    most: tuple[float, float, float]

    def distance(self, points: Array) -> Distance:
        least, most = np.asarray(self.least), np.asarray(self.most)
        centre, half = (least + most) / 2, (most - least) / 2
        offset = points - centre
        beyond = np.abs(offset) - half
        out = np.maximum(beyond, 0)
        outside = np.linalg.norm(out, axis=1)
        far = outside + np.minimum(beyond.max(axis=1), 0)
        face = np.eye(3)[beyond.argmax(axis=1)]
        away = np.where(outside[:, None] > 0, out / np.maximum(outside, 1e-9)[:, None], face) * np.where(
            offset < 0, -1, 1
        )
        return Distance(far, away)


@dataclass(frozen=True)
class Rod:
    """A rod with round ends, or a ball where both ends are one."""

    one: tuple[float, float, float]
    two: tuple[float, float, float]
    radius: float

    def distance(self, points: Array) -> Distance:
        one, along = np.asarray(self.one, dtype=float), np.subtract(self.two, self.one)
        share = np.clip((points - one) @ along / max(float(along @ along), 1e-9), 0, 1)
        offset = points - one - share[:, None] * along
        length = np.linalg.norm(offset, axis=1)
        return Distance(length - self.radius, offset / np.maximum(length, 1e-9)[:, None])


Solid = Plane | Block | Rod


@dataclass(frozen=True)
class Prop:
    """A thing in the room: what it is, the name that contacts call it by, and its size and place as written (metres).

    `step` is the number of the only step that has it, or 0."""

    kind: str
    name: str
    sizes: Mapping[str, tuple[float, ...]]
    via: tuple[str, ...] = ()
    step: int = 0

    def number(self, field: str, default: float) -> float:
        """A size of one number."""
        return self.sizes.get(field, (default,))[0]

    def pair(self, field: str, least: float, most: float) -> tuple[float, float]:
        """A size of two numbers."""
        low, high = self.sizes.get(field, (least, most))
        return low, high

    def place(self, default: tuple[float, float, float]) -> tuple[float, float, float]:
        """Where its middle is."""
        x, y, z = self.sizes.get("at", default)
        return x, y, z


# What a prop may be, with the names of its sizes. Those of `VIA` lead through points of the body.
SIZES: dict[str, tuple[str, ...]] = {
    "wall": ("x", "y", "top"),
    "side-wall": ("y", "x", "top"),
    "mat": ("x", "y"),
    "box": ("x", "y", "z", "height"),
    "step": ("x", "y", "z", "height"),
    "cushion": ("x", "y", "z", "height"),
    "block": ("x", "y", "z", "height"),
    "bed": ("x", "y", "z", "height"),
    "table": ("x", "y", "height"),
    "chair": ("x", "y", "height", "back"),
    "doorway": ("x", "y", "top"),
    "roller": ("at", "radius", "length", "along"),
    "ball": ("at", "radius"),
    "bar": ("at", "radius", "length", "along"),
    "rail": ("at", "radius", "length", "along"),
    "stick": ("radius",),
    "strap": (),
    "band": (),
    "towel": (),
}
VIA = ("stick", "strap", "band", "towel")
LENGTHS = {"at": 3, "along": 3, "x": 2, "y": 2, "z": 2}  # the numbers of a size; others have one
SINGLE = {"wall": ("x",), "side-wall": ("y",), "doorway": ("x",)}  # where these are one number

_WALL, _JAMB = 0.07, 0.09


def size_length(kind: str, field: str) -> int:
    """How many numbers a size of a prop has."""
    return 1 if field in SINGLE.get(kind, ()) else LENGTHS.get(field, 1)


def solids(prop: Prop) -> Iterator[Solid]:
    """What a prop is made of; the first is what contacts with it touch."""
    make = _MAKERS.get(prop.kind)
    yield from make(prop) if make else ()


def _wall(prop: Prop) -> Iterator[Solid]:
    x, (right, left) = prop.number("x", 0.5), prop.pair("y", -0.5, 0.5)
    yield Block((x, right, 0), (x + _WALL, left, prop.number("top", 1.85)))


def _side_wall(prop: Prop) -> Iterator[Solid]:
    y, (back, front) = prop.number("y", 0.4), prop.pair("x", -0.5, 0.5)
    low, high = (y, y + _WALL) if y > 0 else (y - _WALL, y)
    yield Block((back, low, 0), (front, high, prop.number("top", 1.85)))


def _mat(prop: Prop) -> Iterator[Solid]:
    (back, front), (right, left) = prop.pair("x", -0.9, 0.9), prop.pair("y", -0.32, 0.32)
    yield Block((back, right, -0.02), (front, left, 0))


def _box(prop: Prop) -> Iterator[Solid]:
    (back, front), (right, left) = prop.pair("x", -0.2, 0.2), prop.pair("y", -0.25, 0.25)
    low, high = prop.pair("z", 0, prop.number("height", 0.1))
    yield Block((back, right, low), (front, left, high))


def _table(prop: Prop) -> Iterator[Solid]:
    (back, front), (right, left), height = (
        prop.pair("x", -0.3, 0.3),
        prop.pair("y", -0.4, 0.4),
        prop.number("height", 0.74),
    )
    yield Block((back, right, height - 0.04), (front, left, height))
    yield from _legs(back, front, right, left, height - 0.04, 0.05)


def _chair(prop: Prop) -> Iterator[Solid]:
    (back, front), (right, left), height = (
        prop.pair("x", -0.22, 0.22),
        prop.pair("y", -0.22, 0.22),
        prop.number("height", 0.45),
    )
    yield Block((back, right, height - 0.045), (front, left, height))
    if tall := prop.number("back", 0.45):
        yield Block((back - 0.035, right, height - 0.045), (back, left, height + tall))
    yield from _legs(back, front, right, left, height - 0.045, 0.04)


def _legs(back: float, front: float, right: float, left: float, height: float, thick: float) -> Iterator[Solid]:
    for x in (back, front - thick):
        for y in (right, left - thick):
            yield Block((x, y, 0), (x + thick, y + thick, height))


def _doorway(prop: Prop) -> Iterator[Solid]:
    x, (right, left), top = prop.number("x", 0.1), prop.pair("y", -0.45, 0.45), prop.number("top", 2.0)
    yield Block((x, left, 0), (x + _JAMB, left + _JAMB, top))
    yield Block((x, right - _JAMB, 0), (x + _JAMB, right, top))
    yield Block((x, right - _JAMB, top), (x + _JAMB, left + _JAMB, top + _JAMB))


def _rod(radius: float, length: float) -> Callable[[Prop], Iterator[Solid]]:
    def make(prop: Prop) -> Iterator[Solid]:
        size = prop.number("radius", radius)
        centre = np.asarray(prop.place((0, 0, size)))
        along = np.asarray(prop.sizes.get("along", (0, 1, 0)), dtype=float)
        half = along / np.linalg.norm(along) * max(0.0, prop.number("length", length) / 2 - size)
        one, two = centre - half, centre + half
        yield Rod((one[0], one[1], one[2]), (two[0], two[1], two[2]), size)

    return make


_MAKERS: dict[str, Callable[[Prop], Iterator[Solid]]] = {
    "wall": _wall,
    "side-wall": _side_wall,
    "mat": _mat,
    "table": _table,
    "chair": _chair,
    "doorway": _doorway,
    "roller": _rod(0.07, 0.5),
    "ball": _rod(0.035, 0.0),
    "bar": _rod(0.018, 1.2),
    "rail": _rod(0.02, 1.0),
} | dict.fromkeys(("box", "step", "cushion", "block", "bed"), _box)
FLOOR = Plane((0, 0, 0), (0, 0, 1))
