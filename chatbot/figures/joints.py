"""The angles of a body: their names, where they rest, and how far they go. Metres and degrees.

The angles are clinical ones: from upright standing with hanging arms and the palms turned inward, forwards, outwards
and bent are positive.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Joint(NamedTuple):
    """An angle: what it is while nothing is said, and the least and the most that it may be, in degrees."""

    rest: float
    least: float
    most: float


# How far joints go. Most people's range of each joint is given by Soucie et al., Range of motion measurements, 2011
# (passive, healthy, both sexes, 2 to 69 years), and of the spine by the AMA Guides to the Evaluation of Permanent
# Impairment, 5th edition, 2001. Where trained people go further, a pose says so (`trained: true`).
_CENTRE = {
    "pelvis.x": Joint(0, -3, 3),  # metres
    "pelvis.y": Joint(0, -3, 3),
    "pelvis.z": Joint(0.91, -1, 3),
    "pelvis.pitch": Joint(0, -200, 200),  # forwards
    "pelvis.roll": Joint(0, -200, 200),  # to the left
    "pelvis.turn": Joint(0, -200, 200),  # to the left
    "lumbar.bend": Joint(0, -30, 60),
    "lumbar.side": Joint(0, -25, 25),
    "lumbar.twist": Joint(0, -12, 12),
    "thorax.bend": Joint(0, -25, 40),
    "thorax.side": Joint(0, -25, 25),
    "thorax.twist": Joint(0, -38, 38),
    "neck.bend": Joint(0, -60, 55),
    "neck.side": Joint(0, -45, 45),
    "neck.turn": Joint(0, -80, 80),
    "jaw": Joint(0, 0, 30),
}
_SIDED = {
    "collar.lift": Joint(0, -8, 32),
    "collar.forward": Joint(0, -22, 25),
    "shoulder.flex": Joint(0, -62, 185),
    "shoulder.abduct": Joint(8, -55, 185),
    "shoulder.rotate": Joint(0, -95, 95),
    "elbow": Joint(8, -5, 150),
    "forearm": Joint(0, -88, 90),
    "wrist": Joint(0, -82, 85),
    "knuckles": Joint(12, -40, 95),
    "fingers": Joint(12, -5, 110),
    "spread": Joint(3, 0, 22),
    "thumb": Joint(25, -10, 70),
    "hip.flex": Joint(0, -30, 135),
    "hip.abduct": Joint(3, -35, 65),
    "hip.rotate": Joint(0, -50, 70),
    "knee": Joint(2, -5, 160),
    "ankle": Joint(0, -65, 42),
    "invert": Joint(0, -22, 42),
    "toes": Joint(0, -45, 85),
}
# What dancers, gymnasts and people who train splits reach.
_TRAINED = {
    "hip.flex": (-60, 170),
    "hip.abduct": (-45, 100),
    "hip.rotate": (-70, 90),
    "lumbar.bend": (-60, 75),
    "thorax.bend": (-50, 55),
    "shoulder.flex": (-85, 200),
}

SIDES = ("L", "R")


def sided(name: str, side: str) -> str:
    """`knee` of the right: `knee.R`; `hip.flex`: `hip.R.flex`."""
    joint, dot, angle = name.partition(".")
    return f"{joint}.{side}{dot}{angle}"


JOINTS: dict[str, Joint] = _CENTRE | {sided(name, side): joint for side in SIDES for name, joint in _SIDED.items()}
NAMES = tuple(JOINTS)
INDEX = {name: place for place, name in enumerate(NAMES)}
REST: Array = np.array([joint.rest for joint in JOINTS.values()], dtype=float)
PLACES = 3  # of the angles, these first are metres


def limits(trained: bool) -> tuple[Array, Array]:
    """The least and the most of each angle, shape (angles,) each."""
    least, most = (np.array([joint[end] for joint in JOINTS.values()], dtype=float) for end in (1, 2))
    if trained:
        for name, (low, high) in _TRAINED.items():
            for full in (name, *(sided(name, side) for side in SIDES)):
                if full in INDEX:
                    least[INDEX[full]], most[INDEX[full]] = low, high
    return least, most


def angles_of(values: Mapping[str, float], start: Array) -> Array:
    """`start` with some angles set, by name."""
    angles = start.copy()
    for name, value in values.items():
        angles[INDEX[name]] = value
    return angles
