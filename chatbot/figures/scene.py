"""What stands in a step: the body and the things around it, as balls and boxes with their colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from chatbot.figures.filling import Balls, filled
from chatbot.figures.joints import Array
from chatbot.figures.pieces import Piece
from chatbot.figures.pose import Pose
from chatbot.figures.skeleton import Posed
from chatbot.figures.solving import Solved
from chatbot.figures.surfaces import VIA, Block, Prop, Rod, solids

_CORD = {"strap": 0.011, "band": 0.014, "stick": 0.014, "towel": 0.018}
PROP_COLOURS = {
    "wall": ("#e9e4da", "#d5cdbf"),
    "side-wall": ("#e9e4da", "#d5cdbf"),
    "doorway": ("#e3d8c4", "#cdbfa5"),
    "mat": ("#cfe3d3", "#a9c7b0"),
    "cushion": ("#e0bfd0", "#c9a2b8"),
    "bed": ("#dfe5ef", "#bcc7d8"),
    "block": ("#c9b6e4", "#ab95cc"),
    "roller": ("#8fb7c9", "#8fb7c9"),
    "ball": ("#e2b23d", "#e2b23d"),
    "strap": ("#7a3fa0", "#7a3fa0"),
    "band": ("#2d8a6e", "#2d8a6e"),
    "towel": ("#d7a24a", "#d7a24a"),
}
_OTHER_PROP = ("#d9c4a0", "#bfa67c")


@dataclass
class Scene:
    """The balls and boxes of a step with the colours of their owners."""

    posed: Posed
    pieces: Sequence[Piece]
    balls: Balls
    blocks: list[tuple[Block, tuple[int, int, int]]] = field(default_factory=list)
    rods: list[Balls] = field(default_factory=list)
    colours: dict[int, str] = field(default_factory=dict)


def scene_of(pose: Pose, solved: Solved) -> Scene:
    """The scene of one step."""
    posed = solved.figure.skeleton.posed(solved.angles)
    scene = Scene(posed, solved.figure.flesh.pieces, filled(solved.figure.flesh, posed))
    for prop in pose.props:
        if prop.name in solved.figure.things:
            _add_prop(scene, prop, solved)
    return scene


def _add_prop(scene: Scene, prop: Prop, solved: Solved) -> None:
    owner = len(scene.pieces) + len(scene.colours)
    light, dark = PROP_COLOURS.get(prop.kind, _OTHER_PROP)
    scene.colours |= {owner: light, owner + 1: dark, owner + 2: light}
    for solid in solids(prop):
        if isinstance(solid, Block):
            scene.blocks.append((solid, (owner, owner + 1, owner + 2)))
        elif isinstance(solid, Rod):
            scene.rods.append(_rod(np.asarray(solid.one), np.asarray(solid.two), solid.radius, owner))
    if prop.kind in VIA:
        centres = [solved.figure.point(scene.posed, name)[0] for name in prop.via]
        radius = _CORD[prop.kind]
        scene.rods += [_rod(one, two, radius, owner) for one, two in pairwise(centres)]


def _rod(one: Array, two: Array, radius: float, owner: int) -> Balls:
    count = 2 + int(np.linalg.norm(two - one) / (radius / 4))
    centres = one + np.linspace(0, 1, count)[:, None] * (two - one)
    return Balls(centres, np.full(count, radius), np.full(count, owner))
