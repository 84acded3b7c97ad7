"""Where a stretch is felt: places on the body by the names that answers use."""

from typing import NamedTuple

from chatbot.figures.joints import SIDES
from chatbot.figures.pieces import Ball


class Region(NamedTuple):
    """A place on the body: the pieces whose surface it colours, and balls that reach that surface."""

    pieces: tuple[str, ...]
    balls: tuple[Ball, ...]


# Of the left side; `*` stands for the side in the names of bones and pieces.
_SIDED: dict[str, tuple[tuple[str, ...], tuple[tuple[str, float, float, float, float], ...]]] = {
    "calf": (
        ("shin.*",),
        (("shin.*", -0.05, 0, -0.06, 0.045), ("shin.*", -0.06, 0, -0.14, 0.05), ("shin.*", -0.045, 0, -0.21, 0.042)),
    ),
    "lower-calf": (
        ("shin.*",),
        (("shin.*", -0.045, 0, -0.22, 0.04), ("shin.*", -0.035, 0, -0.30, 0.036), ("shin.*", -0.03, 0, -0.36, 0.03)),
    ),
    "shin": (
        ("shin.*",),
        (
            ("shin.*", 0.04, 0.01, -0.08, 0.035),
            ("shin.*", 0.035, 0.01, -0.18, 0.035),
            ("shin.*", 0.035, 0, -0.28, 0.032),
        ),
    ),
    "outer-shin": (
        ("shin.*",),
        (("shin.*", 0.0, 0.045, -0.08, 0.04), ("shin.*", 0.0, 0.04, -0.2, 0.038), ("shin.*", 0, 0.035, -0.3, 0.03)),
    ),
    "hamstring": (
        ("thigh.*",),
        (
            ("thigh.*", -0.065, 0, -0.10, 0.055),
            ("thigh.*", -0.06, 0, -0.22, 0.055),
            ("thigh.*", -0.05, 0, -0.33, 0.042),
        ),
    ),
    "back-of-knee": (("thigh.*", "shin.*"), (("thigh.*", -0.05, 0, -0.37, 0.045), ("shin.*", -0.05, 0, -0.02, 0.045))),
    "quad": (
        ("thigh.*",),
        (("thigh.*", 0.065, 0, -0.10, 0.055), ("thigh.*", 0.065, 0, -0.2, 0.055), ("thigh.*", 0.06, 0, -0.31, 0.045)),
    ),
    "hip-flexor": (
        ("thigh.*", "pelvis", "trunk"),
        (
            ("pelvis", 0.07, 0.088, 0.05, 0.045),
            ("thigh.*", 0.083, 0, -0.045, 0.05),
            ("thigh.*", 0.075, 0, -0.11, 0.045),
        ),
    ),
    "glute": (("pelvis", "thigh.*"), (("pelvis", -0.10, 0.085, -0.03, 0.07), ("thigh.*", -0.08, 0.03, -0.03, 0.065))),
    "outer-hip": (
        ("pelvis", "thigh.*", "trunk"),
        (("thigh.*", -0.02, 0.085, 0.03, 0.06), ("thigh.*", -0.03, 0.08, -0.05, 0.055)),
    ),
    "outer-thigh": (
        ("thigh.*",),
        (("thigh.*", 0, 0.08, -0.08, 0.05), ("thigh.*", 0, 0.075, -0.2, 0.05), ("thigh.*", 0, 0.06, -0.34, 0.04)),
    ),
    "inner-thigh": (
        ("thigh.*", "pelvis"),
        (
            ("thigh.*", 0, -0.065, -0.09, 0.055),
            ("thigh.*", 0, -0.06, -0.20, 0.052),
            ("thigh.*", 0, -0.05, -0.29, 0.042),
        ),
    ),
    "knee-front": (("thigh.*", "shin.*"), (("shin.*", 0.05, 0, 0.01, 0.045), ("shin.*", 0.045, 0, -0.03, 0.04))),
    "sole": (
        ("foot.*", "toes.*"),
        (("foot.*", -0.02, 0, -0.075, 0.035), ("foot.*", 0.04, 0, -0.07, 0.035), ("foot.*", 0.09, 0, -0.075, 0.035)),
    ),
    "top-of-foot": (
        ("foot.*", "toes.*", "shin.*"),
        (("foot.*", 0.03, 0, 0.02, 0.035), ("foot.*", 0.08, 0, -0.01, 0.035)),
    ),
    "ankle-front": (("foot.*", "shin.*"), (("foot.*", 0.035, 0, 0.0, 0.04), ("shin.*", 0.03, 0, -0.38, 0.03))),
    "heel-cord": (("shin.*", "foot.*"), (("shin.*", -0.035, 0, -0.36, 0.03), ("foot.*", -0.04, 0, -0.01, 0.03))),
    "chest": (("trunk", "shoulder.*"), (("thorax2", 0.10, 0.07, 0.02, 0.06), ("thorax3", 0.07, 0.12, -0.01, 0.055))),
    "front-shoulder": (
        ("upper-arm.*", "shoulder.*", "trunk"),
        (("upper-arm.*", 0.05, 0, 0, 0.045), ("upper-arm.*", 0.045, 0, -0.06, 0.04)),
    ),
    "side-shoulder": (
        ("upper-arm.*", "shoulder.*"),
        (("upper-arm.*", 0, 0.045, 0, 0.045), ("upper-arm.*", 0, 0.045, -0.09, 0.04)),
    ),
    "back-shoulder": (
        ("upper-arm.*", "shoulder.*", "trunk"),
        (("upper-arm.*", -0.045, 0.01, 0, 0.048), ("upper-arm.*", -0.04, 0.01, -0.08, 0.04)),
    ),
    "shoulder-blade": (
        ("trunk", "shoulder.*"),
        (("thorax2", -0.08, 0.085, 0.03, 0.06), ("thorax1", -0.08, 0.085, 0.03, 0.05)),
    ),
    "biceps": (("upper-arm.*",), (("upper-arm.*", 0.045, 0, -0.10, 0.035), ("upper-arm.*", 0.045, 0, -0.19, 0.035))),
    "triceps": (("upper-arm.*",), (("upper-arm.*", -0.042, 0, -0.08, 0.038), ("upper-arm.*", -0.04, 0, -0.18, 0.038))),
    "inner-forearm": (
        ("forearm.*",),
        (
            ("forearm.*", 0, -0.035, -0.05, 0.032),
            ("forearm.*", 0, -0.032, -0.13, 0.03),
            ("forearm.*", 0, -0.025, -0.2, 0.025),
        ),
    ),
    "outer-forearm": (
        ("forearm.*",),
        (
            ("forearm.*", 0, 0.035, -0.05, 0.032),
            ("forearm.*", 0, 0.032, -0.13, 0.03),
            ("forearm.*", 0, 0.025, -0.2, 0.025),
        ),
    ),
    "wrist": (("forearm.*", "hand.*"), (("hand.*", 0, 0, 0.0, 0.034),)),
    "palm": (("hand.*",), (("hand.*", 0, -0.02, -0.05, 0.03),)),
    "fingers": (tuple(f"finger{n}.*" for n in range(4)), tuple((f"middle{n}.*", 0, 0, 0, 0.03) for n in range(4))),
    "thumb": (("thumb.*", "hand.*"), (("thumb.*", 0.005, 0, -0.02, 0.03),)),
    "neck-side": (
        ("neck", "shoulder.*", "trunk"),
        (("neck", 0.005, 0.05, 0.05, 0.03), ("neck", -0.01, 0.065, 0.0, 0.038), ("collar.*", 0, 0.07, 0.03, 0.035)),
    ),
    "neck-back-side": (
        ("neck", "shoulder.*", "trunk"),
        (("neck", -0.04, 0.03, 0.05, 0.032), ("neck", -0.05, 0.045, 0.0, 0.038), ("thorax3", -0.07, 0.07, 0.03, 0.045)),
    ),
    "side": (
        ("trunk",),
        (("thorax2", 0, 0.16, -0.02, 0.06), ("thorax0", 0, 0.15, 0, 0.06), ("lumbar1", 0, 0.14, 0, 0.05)),
    ),
    "jaw": (("head", "chin"), (("head", 0.03, 0.055, 0.035, 0.03), ("head", 0.02, 0.065, 0.06, 0.028))),
}


def _across(*balls: tuple[str, float, float, float, float]) -> tuple[tuple[str, float, float, float, float], ...]:
    """Balls of both sides, to and fro."""
    return tuple((bone, x, side * y, z, radius) for bone, x, y, z, radius in balls for side in (1, -1))


_CENTRE: dict[str, tuple[tuple[str, ...], tuple[tuple[str, float, float, float, float], ...]]] = {
    "lower-back": (
        ("trunk", "pelvis"),
        _across(
            ("lumbar0", -0.07, 0.05, 0, 0.055), ("lumbar2", -0.07, 0.05, 0, 0.055), ("thorax0", -0.07, 0.04, 0.02, 0.05)
        ),
    ),
    "upper-back": (
        ("trunk", "shoulder.L", "shoulder.R"),
        _across(
            ("thorax1", -0.08, 0.07, 0, 0.06),
            ("thorax2", -0.085, 0.08, 0.03, 0.065),
            ("thorax3", -0.075, 0.06, 0.02, 0.055),
        ),
    ),
    "neck-back": (
        ("neck", "trunk"),
        (("neck", -0.05, 0.015, 0.04, 0.035), ("neck", -0.05, -0.015, 0.04, 0.035), ("neck", -0.055, 0, 0, 0.045)),
    ),
    "neck-front": (("neck",), (("neck", 0.05, 0.01, 0.02, 0.035), ("neck", 0.05, -0.01, 0.02, 0.035))),
    "belly": (
        ("trunk", "pelvis"),
        _across(
            ("pelvis", 0.08, 0.03, 0.09, 0.05), ("lumbar1", 0.09, 0.04, 0, 0.055), ("thorax0", 0.10, 0.04, 0.02, 0.05)
        ),
    ),
    "pelvic-floor": (("pelvis",), (("pelvis", 0, 0, -0.10, 0.06),)),
}


def _regions() -> dict[str, Region]:
    found = {name: Region(pieces, tuple(Ball(*ball) for ball in balls)) for name, (pieces, balls) in _CENTRE.items()}
    for side in SIDES:
        out = 1 if side == "L" else -1
        for name, (pieces, balls) in _SIDED.items():
            placed = (Ball(bone.replace("*", side), x, out * y, z, radius) for bone, x, y, z, radius in balls)
            found[f"{name}.{side}"] = Region(tuple(piece.replace("*", side) for piece in pieces), tuple(placed))
    return found


REGIONS = _regions()
