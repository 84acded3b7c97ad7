"""The bones of a body: where each begins on its parent, and which angles turn it."""

from dataclasses import dataclass
from typing import NamedTuple

from chatbot.figures.joints import SIDES, sided


class Turn(NamedTuple):
    """A turn about an axis (0: x, 1: y, 2: z) of a bone by a share of an angle."""

    axis: int
    angle: str
    share: float


class Bone(NamedTuple):
    """A bone: it begins `offset` from where its parent begins, in the parent's frame, and then turns."""

    name: str
    parent: str
    offset: tuple[float, float, float]
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Build:
    """The lengths of a body, in metres."""

    thigh: float = 0.42
    shin: float = 0.41
    upper_arm: float = 0.285
    forearm: float = 0.25
    trunk: float = 1.0  # times that of an adult
    hip_width: float = 0.088


def _bends(name: str, count: int, share: float) -> tuple[Turn, ...]:
    return (
        Turn(1, f"{name}.bend", share / count),
        Turn(0, f"{name}.side", -share / count),
        Turn(2, f"{name}.{'turn' if name == 'neck' else 'twist'}", share / count),
    )


def _spine(build: Build) -> list[Bone]:
    tall = build.trunk
    turns = (Turn(2, "pelvis.turn", 1), Turn(1, "pelvis.pitch", 1), Turn(0, "pelvis.roll", -1))
    bones = [Bone("pelvis", "", (0, 0, 0), turns)]
    for place in range(3):
        above = (-0.01, 0, 0.10 * tall) if place == 0 else (0, 0, 0.05 * tall)
        bones.append(Bone(f"lumbar{place}", bones[-1].name, above, _bends("lumbar", 3, 1)))
    for place in range(4):
        above = (0, 0, (0.05 if place == 0 else 0.0675) * tall)
        bones.append(Bone(f"thorax{place}", bones[-1].name, above, _bends("thorax", 4, 1)))
    bones.append(Bone("neck", "thorax3", (0, 0, 0.0675 * tall), _bends("neck", 2, 1)))
    bones.append(Bone("head", "neck", (0.012, 0, 0.085), _bends("neck", 2, 1)))
    bones.append(Bone("jaw", "head", (0.0, 0, 0.03), (Turn(1, "jaw", 1),)))
    return bones


def _arm(build: Build, side: str) -> list[Bone]:
    out = 1 if side == "L" else -1
    top = 0.0675 * build.trunk

    def turn(axis: int, angle: str, share: float) -> Turn:
        return Turn(axis, sided(angle, side), share)

    bones = [
        Bone(
            f"collar.{side}",
            "thorax3",
            (0, out * 0.03, top - 0.035),
            (turn(2, "collar.forward", -out), turn(0, "collar.lift", out)),
        ),
        Bone(
            f"upper-arm.{side}",
            f"collar.{side}",
            (0, out * 0.145, -0.005),
            (turn(1, "shoulder.flex", -1), turn(0, "shoulder.abduct", out), turn(2, "shoulder.rotate", out)),
        ),
        Bone(f"elbow.{side}", f"upper-arm.{side}", (0, 0, -build.upper_arm), (turn(1, "elbow", -1),)),
        Bone(f"forearm.{side}", f"elbow.{side}", (0, 0, 0), (turn(2, "forearm", -out),)),
        Bone(f"hand.{side}", f"forearm.{side}", (0, 0, -build.forearm), (turn(0, "wrist", -out),)),
        Bone(f"thumb.{side}", f"hand.{side}", (0.016, 0, -0.022), (turn(1, "thumb", -1),)),
    ]
    for place, (across, reach) in enumerate(((0.030, -0.088), (0.010, -0.092), (-0.010, -0.090), (-0.029, -0.083))):
        first = f"finger{place}.{side}"
        bones.append(
            Bone(
                first,
                f"hand.{side}",
                (across, 0, reach),
                (turn(1, "spread", (-1.5, -0.5, 0.5, 1.5)[place]), turn(0, "knuckles", -out)),
            )
        )
        bones.append(Bone(f"middle{place}.{side}", first, (0, 0, -0.042), (turn(0, "fingers", -out),)))
        bones.append(
            Bone(f"tip{place}.{side}", f"middle{place}.{side}", (0, 0, -0.026), (turn(0, "fingers", -0.6 * out),))
        )
    return bones


def _leg(build: Build, side: str) -> list[Bone]:
    out = 1 if side == "L" else -1

    def turn(axis: int, angle: str, share: float) -> Turn:
        return Turn(axis, sided(angle, side), share)

    return [
        Bone(
            f"thigh.{side}",
            "pelvis",
            (0, out * build.hip_width, 0),
            (turn(1, "hip.flex", -1), turn(0, "hip.abduct", out), turn(2, "hip.rotate", out)),
        ),
        Bone(f"shin.{side}", f"thigh.{side}", (0, 0, -build.thigh), (turn(1, "knee", 1),)),
        Bone(f"foot.{side}", f"shin.{side}", (0, 0, -build.shin), (turn(1, "ankle", -1), turn(0, "invert", -out))),
        Bone(f"toes.{side}", f"foot.{side}", (0.115, 0, -0.055), (turn(1, "toes", -1),)),
    ]


def bones_of(build: Build) -> list[Bone]:
    """All bones, parents first."""
    return [*_spine(build), *(bone for side in SIDES for bone in (*_arm(build, side), *_leg(build, side)))]
