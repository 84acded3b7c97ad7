"""The pieces of a body: balls that are joined to smooth limbs."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from chatbot.figures.bodies import Body
from chatbot.figures.joints import SIDES


class Ball(NamedTuple):
    """A ball fixed to a bone, in the bone's frame, for an adult."""

    bone: str
    x: float
    y: float
    z: float
    radius: float


class Piece(NamedTuple):
    """A part of the body: sections of one or more balls, each joined to the next. `room`: whether it keeps out of
    things and of flesh, only of things, or of nothing."""

    name: str
    sections: tuple[tuple[Ball, ...], ...]
    room: Literal["all", "things", "none"] = "all"


def _two(bone: str, x: float, y: float, z: float, radius: float) -> tuple[Ball, Ball]:
    return Ball(bone, x, y, z, radius), Ball(bone, x, -y, z, radius)


def _trunk() -> Iterator[Piece]:
    yield Piece(
        "pelvis",
        (
            (*_two("pelvis", -0.035, 0.075, -0.035, 0.088), *_two("pelvis", 0.01, 0.085, -0.01, 0.078)),
            (*_two("pelvis", -0.03, 0.08, 0.03, 0.085), *_two("pelvis", 0.01, 0.08, 0.03, 0.08)),
            _two("lumbar0", 0.01, 0.062, 0.0, 0.083),
        ),
    )
    yield Piece(
        "trunk",
        (
            _two("pelvis", 0.0, 0.07, 0.088, 0.085),
            _two("lumbar0", 0.01, 0.062, 0.02, 0.084),
            _two("lumbar2", 0.012, 0.062, 0.0, 0.084),
            _two("thorax0", 0.012, 0.07, 0.02, 0.090),
            _two("thorax1", 0.012, 0.078, 0.03, 0.097),
            _two("thorax2", 0.008, 0.085, 0.03, 0.096),
            _two("thorax3", -0.002, 0.09, 0.02, 0.080),
            _two("neck", -0.012, 0.045, -0.02, 0.052),
        ),
    )
    yield Piece(
        "neck",
        (
            (Ball("neck", -0.005, 0, -0.03, 0.054),),
            (Ball("neck", 0, 0, 0.03, 0.050),),
            (Ball("head", 0, 0, 0.02, 0.050),),
        ),
        "none",
    )


def _head(body: Body) -> Iterator[Piece]:
    size = body.head
    skull = (
        (Ball("head", -0.002, 0, 0.105, 0.090 * size),),
        (Ball("head", 0.022, 0, 0.09, 0.078 * size),),
        (Ball("head", 0.042, 0, 0.03, 0.048),),
    )
    yield Piece("head", skull)
    yield Piece("chin", ((Ball("head", 0.03, 0, 0.03, 0.05),), (Ball("jaw", 0.048, 0, -0.015, 0.040),)), "none")
    yield Piece("nose", ((Ball("head", 0.088, 0, 0.09, 0.013),), (Ball("head", 0.101, 0, 0.062, 0.015),)), "none")
    for out in (1, -1):
        yield Piece(
            "ear." + "LR"[out < 0],
            ((Ball("head", -0.008, out * 0.086, 0.085, 0.016),), (Ball("head", -0.004, out * 0.084, 0.062, 0.012),)),
            "none",
        )
    yield from _hair(body)


def _hair(body: Body) -> Iterator[Piece]:
    cap = ((Ball("head", -0.018, 0, 0.112, 0.095 * body.head),), (Ball("head", -0.008, 0, 0.128, 0.090 * body.head),))
    if body.hair == "bald":
        band = tuple((Ball("head", -0.05, out * 0.05, 0.085, 0.05 * body.head),) for out in (1, 0.5, -0.5, -1))
        yield Piece("hair", band, "none")
        return
    yield Piece("hair", cap, "none")
    if body.hair == "bun":
        yield Piece("bun", ((Ball("head", -0.115, 0, 0.165, 0.042),),), "none")
    elif body.hair == "long":
        tail = (
            (Ball("head", -0.07, 0, 0.11, 0.06),),
            (Ball("head", -0.085, 0, 0.02, 0.045),),
            (Ball("neck", -0.08, 0, -0.03, 0.03),),
        )
        yield Piece("bun", tail, "none")


def _arm(side: str) -> Iterator[Piece]:
    out = 1 if side == "L" else -1
    collar, upper, fore, hand = f"collar.{side}", f"upper-arm.{side}", f"forearm.{side}", f"hand.{side}"
    yield Piece(
        f"shoulder.{side}",
        (
            (Ball("neck", -0.015, out * 0.035, 0, 0.046),),
            (Ball(collar, 0, out * 0.06, 0, 0.05),),
            (Ball(upper, 0, -out * 0.012, -0.005, 0.057),),
        ),
        "none",
    )
    yield Piece(
        f"upper-arm.{side}",
        (
            (Ball(upper, 0, 0, 0, 0.056),),
            (Ball(upper, 0.004, 0, -0.10, 0.048),),
            (Ball(upper, 0.006, 0, -0.17, 0.045),),
            (Ball(fore, 0, 0, 0, 0.037),),
        ),
    )
    yield Piece(
        f"forearm.{side}",
        (
            (Ball(fore, 0, 0, 0, 0.037),),
            (Ball(fore, 0, 0, -0.07, 0.040),),
            (Ball(fore, 0, 0, -0.24, 0.026),),
            (Ball(hand, 0, 0, 0, 0.025),),
        ),
    )
    yield from _hand(side)


def _hand(side: str) -> Iterator[Piece]:
    hand = f"hand.{side}"
    palm = (
        (Ball(hand, 0.004, 0, 0, 0.024), Ball(hand, -0.004, 0, 0, 0.024)),
        (Ball(hand, 0.026, 0, -0.045, 0.016), Ball(hand, -0.024, 0, -0.045, 0.016)),
        (Ball(hand, 0.028, 0, -0.085, 0.013), Ball(hand, -0.028, 0, -0.080, 0.013)),
    )
    yield Piece(f"hand.{side}", palm)
    thumb = f"thumb.{side}"
    yield Piece(
        f"thumb.{side}",
        (
            (Ball(thumb, 0.004, 0, 0, 0.017),),
            (Ball(thumb, 0.008, 0, -0.04, 0.013),),
            (Ball(thumb, 0.006, 0, -0.075, 0.010),),
        ),
        "things",
    )
    for place in range(4):
        first, middle, tip = (f"{part}{place}.{side}" for part in ("finger", "middle", "tip"))
        reach = (-0.020, -0.024, -0.021, -0.014)[place]
        yield Piece(
            f"finger{place}.{side}",
            (
                (Ball(first, 0, 0, 0.004, 0.0115),),
                (Ball(middle, 0, 0, 0, 0.0105),),
                (Ball(tip, 0, 0, 0, 0.0095),),
                (Ball(tip, 0, 0, reach, 0.008),),
            ),
            "things",
        )


def _leg(side: str) -> Iterator[Piece]:
    out = 1 if side == "L" else -1
    thigh, shin, foot, toes = f"thigh.{side}", f"shin.{side}", f"foot.{side}", f"toes.{side}"
    yield Piece(
        f"thigh.{side}",
        (
            (Ball(thigh, 0, -out * 0.005, -0.005, 0.088),),
            (Ball(thigh, 0.004, 0, -0.12, 0.083),),
            (Ball(thigh, 0.004, 0, -0.27, 0.068),),
            (Ball(shin, 0.004, 0, 0.01, 0.055),),
        ),
    )
    yield Piece(
        f"shin.{side}",
        (
            (Ball(shin, 0.004, 0, 0, 0.055),),
            (Ball(shin, -0.016, 0, -0.11, 0.056),),
            (Ball(shin, -0.012, 0, -0.20, 0.049),),
            (Ball(shin, 0, 0, -0.36, 0.034),),
            (Ball(foot, 0, 0, 0, 0.035),),
        ),
    )
    ball = (Ball(toes, -0.01, out * 0.018, 0.002, 0.027), Ball(toes, -0.01, -out * 0.02, 0.002, 0.027))
    yield Piece(
        f"foot.{side}",
        (
            (Ball(foot, 0, 0, 0, 0.036),),
            (Ball(foot, -0.035, 0, -0.045, 0.035), Ball(foot, 0.04, 0, -0.03, 0.032)),
            ball,
        ),
    )
    yield Piece(
        f"toes.{side}",
        (ball, (Ball(toes, 0.045, out * 0.022, -0.007, 0.015), Ball(toes, 0.055, -out * 0.02, -0.007, 0.019))),
        "things",
    )


def pieces_of(body: Body) -> tuple[Piece, ...]:
    """All pieces of a body, for an adult's build."""
    return (*_trunk(), *_head(body), *(piece for side in SIDES for piece in (*_arm(side), *_leg(side))))
