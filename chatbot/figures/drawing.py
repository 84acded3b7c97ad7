"""A solved step -> the shapes of its picture: areas of colour, lines, and the place where it is felt."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from chatbot.figures.camera import Camera
from chatbot.figures.colours import ARM, LEG, coloured, pale_limbs
from chatbot.figures.joints import Array
from chatbot.figures.muscles import REGIONS
from chatbot.figures.outlines import edges, rings
from chatbot.figures.pieces import Ball
from chatbot.figures.pose import Pose
from chatbot.figures.raster import NOTHING, Raster, Window, bounds
from chatbot.figures.scene import Scene, scene_of
from chatbot.figures.skeleton import Posed
from chatbot.figures.solving import Solved

_PIXELS = 420.0  # a metre
_ZOOMED, _ZOOM_REACH = 1500.0, 0.2
_MARGIN = 0.04
_LEVELS = (0.0, 0.007, 0.016)  # metres within the place where it is felt
_REACH = 1.25  # times the balls of a place, so that it is seen from the side too
_FINE = 0.004  # metres between two parts of a thing that make a line


class Area(NamedTuple):
    """Closed paths filled with a colour, by an even-odd rule."""

    paths: tuple[Array, ...]
    colour: str


class Shapes(NamedTuple):
    """What a picture is made of, in metres to the right and up; lines of the body and of things; where it is felt, from
    its rim to its middle; and how many square metres of each such place are seen."""

    areas: tuple[Area, ...]
    lines: tuple[Array, ...]
    thing_lines: tuple[Array, ...]
    felt: tuple[tuple[Array, ...], ...]
    window: Window
    seen: dict[str, float]


def draw(pose: Pose, solved: Sequence[Solved]) -> list[Shapes]:
    """The pictures of the steps of a movement."""
    steps = [(step.figure.skeleton.posed(step.angles), Camera(step.step.view)) for step in solved]
    pale = pale_limbs(steps)
    return [_drawn(pose, step, pale) for step in solved]


def _drawn(pose: Pose, solved: Solved, pale: frozenset[str]) -> Shapes:
    scene, camera = scene_of(pose, solved), Camera(solved.step.view)
    raster = Raster(camera, _window(camera, scene, pose.zoom, solved))
    for balls in (scene.balls, *scene.rods):
        raster.add_balls(balls)
    for block, owners in scene.blocks:
        raster.add_block(block, owners)
    window = raster.window
    areas = []
    for colour, mask in coloured(raster, scene, solved.figure.flesh.body, pale):
        if paths := tuple(_metres(ring, window) for ring in rings(mask)):
            areas.append(Area(paths, colour))
    lines, thing_lines = _lines(raster, [piece.name for piece in scene.pieces])
    felt, seen = _felt(raster, scene, solved)
    return Shapes(tuple(areas), lines, thing_lines, felt, window, seen)


def _window(camera: Camera, scene: Scene, zoom: str, solved: Solved) -> Window:
    if zoom:
        middle = camera.seen(solved.figure.point(scene.posed, zoom)[0][None])[0]
        left, bottom = middle[0] - _ZOOM_REACH, middle[1] - _ZOOM_REACH
        return Window(left, bottom, left + 2 * _ZOOM_REACH, bottom + 2 * _ZOOM_REACH, _ZOOMED)
    boxes = [block for block, _ in scene.blocks if block.most[2] > 0]  # a mat goes on beyond the picture
    low, bottom, high, top = bounds(camera, (scene.balls, *scene.rods), boxes)
    return Window(low - _MARGIN, bottom - _MARGIN, high + _MARGIN, top + _MARGIN, _PIXELS)


def _lines(raster: Raster, names: Sequence[str]) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """The lines of the body, whose pieces have `names`, and those of things."""
    count = len(names)

    def least_jump(owner: int, other: int) -> float:
        if owner < count and NOTHING < other < count:
            return _least_jump(names[owner], names[other])
        of_one_thing = owner >= count and other >= count and (owner - count) // 3 == (other - count) // 3
        return _FINE if of_one_thing else 0.0

    lines: list[Array] = []
    thing_lines: list[Array] = []
    for owner in np.unique(raster.owner[raster.owner != NOTHING]).tolist():
        kept = (_metres(line, raster.window) for line in edges(raster, owner, least_jump))
        (lines if owner < count else thing_lines).extend(kept)
    return tuple(lines), tuple(thing_lines)


def _metres(path: Array, window: Window) -> Array:
    """A path of pixels as metres to the right and up."""
    return np.stack(
        [window.left + (path[:, 0] + 0.5) / window.scale, window.top - (path[:, 1] + 0.5) / window.scale], axis=1
    )


_HEAD = ("neck", "head", "chin", "nose", "ear", "hair", "bun")
_JOINED, _APART, _DIGITS = 0.02, 0.0, 0.003


def _least_jump(one: str, two: str) -> float:
    """From how far behind on a line is drawn between two pieces: those that are joined go over into each other."""
    (first, side), (second, other_side) = (name.partition(".")[::2] for name in (one, two))
    digits = first.startswith(("finger", "thumb")) and second.startswith(("finger", "thumb"))
    if digits and side == other_side:
        return _DIGITS
    for chain in (ARM, LEG):
        if first in chain and second in chain:
            return _JOINED if side == other_side and abs(chain.index(first) - chain.index(second)) <= 3 else _APART
    if first in _HEAD and second in _HEAD:
        return 0.004 if "hair" in (first, second) or "bun" in (first, second) else 0.012
    trunk = {"trunk", "pelvis", "neck"}
    if (first in trunk and second in trunk) or (
        {first, second} & trunk and {first, second} & {"shoulder", "upper-arm", "thigh", "neck"}
    ):
        return _JOINED
    return _APART


def _felt(raster: Raster, scene: Scene, solved: Solved) -> tuple[tuple[tuple[Array, ...], ...], dict[str, float]]:
    """Where it is felt, as paths by level; and how many square metres of each place are seen."""
    names = {piece.name: place for place, piece in enumerate(scene.pieces)}
    deep = np.full(raster.owner.shape, -1.0)
    seen: dict[str, float] = {}
    for name in solved.step.feel:
        region = REGIONS[name]
        mask = np.isin(raster.owner, [names[piece] for piece in region.pieces if piece in names])
        places = raster.places(mask)
        depth = np.full(len(places), -1.0)
        for centre, radius in _between([solved.figure.flesh.scaled(ball) for ball in region.balls], scene.posed):
            depth = np.maximum(depth, _REACH * radius - np.linalg.norm(places - centre, axis=1))
        seen[name] = round(float((depth > 0).sum()) / raster.window.scale**2, 5)
        deep[mask] = np.maximum(deep[mask], depth)
    felt = tuple(tuple(_metres(ring, raster.window) for ring in rings(deep > level)) for level in _LEVELS)
    return felt, seen


def _between(balls: Sequence[Ball], posed: Posed) -> Iterator[tuple[Array, float]]:
    """Centres and radii of balls, and of some between each and the next."""
    rows = np.array([(*posed.at(ball.bone, (ball.x, ball.y, ball.z)), ball.radius) for ball in balls])
    for one, two in pairwise(rows):
        for share in np.linspace(0, 1, 7)[:-1]:
            row = (1 - share) * one + share * two
            yield row[:3], float(row[3])
    yield rows[-1, :3], float(rows[-1, 3])
