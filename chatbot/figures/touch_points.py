"""Where the body touches things, by the names that poses use: bone, place in its frame, and how thick it is there."""

from chatbot.figures.joints import SIDES
from chatbot.figures.pieces import Ball

_CENTRE = {
    "back-of-head": Ball("head", -0.03, 0, 0.10, 0.085),
    "forehead": Ball("head", 0.035, 0, 0.13, 0.068),
    "crown": Ball("head", 0, 0, 0.13, 0.07),
    "chin": Ball("jaw", 0.048, 0, -0.015, 0.040),
    "upper-back": Ball("thorax2", 0.008, 0, 0.03, 0.096),
    "middle-back": Ball("thorax0", 0.012, 0, 0.0, 0.088),
    "lower-back": Ball("lumbar1", 0.012, 0, 0, 0.084),
    "belly": Ball("lumbar0", 0.02, 0, 0, 0.08),
    "chest": Ball("thorax2", 0.02, 0, 0, 0.09),
    "sacrum": Ball("pelvis", -0.035, 0, 0.02, 0.088),
    "seat": Ball("pelvis", -0.035, 0, -0.035, 0.088),
    "pubis": Ball("pelvis", 0.04, 0, -0.02, 0.07),
}


def _trunk(out: int) -> dict[str, Ball]:
    return {
        "ear": Ball("head", 0, out * 0.08, 0.09, 0.012),
        "temple": Ball("head", 0.01, out * 0.075, 0.12, 0.016),
        "cheek": Ball("head", 0.055, out * 0.035, 0.04, 0.025),
        "collarbone": Ball("thorax3", 0.05, out * 0.07, 0.03, 0.035),
        "ribs": Ball("thorax1", 0.012, out * 0.078, 0.03, 0.097),
        "side": Ball("lumbar1", 0.01, out * 0.062, 0.0, 0.084),
        "waist": Ball("pelvis", 0.01, out * 0.085, 0.075, 0.08),
        "buttock": Ball("pelvis", -0.035, out * 0.075, -0.035, 0.088),
        "outer-hip": Ball("pelvis", 0, out * 0.085, 0.0, 0.088),
    }


def _leg(side: str) -> dict[str, Ball]:
    return {
        "hip": Ball(f"thigh.{side}", 0, 0, 0, 0.09),
        "thigh-top": Ball(f"thigh.{side}", 0.004, 0, -0.12, 0.083),
        "thigh": Ball(f"thigh.{side}", 0.004, 0, -0.2, 0.074),
        "thigh-low": Ball(f"thigh.{side}", 0, 0, -0.33, 0.062),
        "knee": Ball(f"shin.{side}", 0.004, 0, 0, 0.055),
        "shin-top": Ball(f"shin.{side}", 0, 0, -0.08, 0.052),
        "shin": Ball(f"shin.{side}", -0.008, 0, -0.2, 0.048),
        "shin-low": Ball(f"shin.{side}", 0, 0, -0.33, 0.036),
        "ankle": Ball(f"foot.{side}", 0, 0, 0, 0.036),
        "heel": Ball(f"foot.{side}", -0.035, 0, -0.045, 0.035),
        "instep": Ball(f"foot.{side}", 0.06, 0, -0.03, 0.03),
        "arch": Ball(f"foot.{side}", 0.04, 0, -0.045, 0.03),
        "ball": Ball(f"toes.{side}", -0.01, 0, 0.002, 0.027),
        "toe": Ball(f"toes.{side}", 0.05, 0, -0.007, 0.018),
    }


def _arm(side: str, out: int) -> dict[str, Ball]:
    return {
        "shoulder": Ball(f"upper-arm.{side}", 0, 0, 0, 0.056),
        "shoulder-blade": Ball("thorax2", -0.02, out * 0.085, 0.03, 0.085),
        "armpit": Ball("thorax2", 0, out * 0.12, -0.02, 0.06),
        "upper-arm": Ball(f"upper-arm.{side}", 0, 0, -0.18, 0.044),
        "elbow": Ball(f"forearm.{side}", 0, 0, 0, 0.037),
        "forearm": Ball(f"forearm.{side}", 0, 0, -0.13, 0.036),
        "wrist": Ball(f"hand.{side}", 0, 0, 0, 0.026),
        "palm": Ball(f"hand.{side}", 0, 0, -0.055, 0.018),
        "fist": Ball(f"hand.{side}", 0, -out * 0.015, -0.085, 0.02),
        "knuckles": Ball(f"finger1.{side}", 0, 0, 0, 0.014),
        "fingertips": Ball(f"tip1.{side}", 0, 0, -0.015, 0.010),
        "fingers": Ball(f"middle1.{side}", 0, 0, -0.01, 0.011),
        "thumb-tip": Ball(f"thumb.{side}", 0.006, 0, -0.07, 0.010),
    }


def _points() -> dict[str, Ball]:
    points = dict(_CENTRE)
    for side, out in zip(SIDES, (1, -1), strict=True):
        of_side = _trunk(out) | _leg(side) | _arm(side, out)
        points |= {f"{name}.{side}": ball for name, ball in of_side.items()}
    return points


POINTS = _points()
