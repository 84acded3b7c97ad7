"""What is around the bones of a body of some build: its pieces, and the points that touch things."""

from chatbot.figures.bodies import Body
from chatbot.figures.bones import Build
from chatbot.figures.pieces import Ball, pieces_of
from chatbot.figures.touch_points import POINTS


class Flesh:
    """The pieces of a body, scaled to it."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._along = _lengths(body)
        self.pieces = tuple(
            piece._replace(sections=tuple(tuple(self.scaled(ball) for ball in section) for section in piece.sections))
            for piece in pieces_of(body)
        )
        self.points = {name: self.scaled(ball) for name, ball in POINTS.items()}

    def scaled(self, ball: Ball) -> Ball:
        """A ball of an adult as this body has it."""
        part = ball.bone.partition(".")[0]
        girth = self._girth(part)
        return Ball(ball.bone, ball.x * girth, ball.y * girth, ball.z * self._along.get(part, 1.0), ball.radius * girth)

    def _girth(self, part: str) -> float:
        if part in ("head", "jaw"):
            return self.body.head
        if part == "pelvis" or part.startswith(("lumbar", "thorax", "neck", "collar")):
            return self.body.trunk_girth if part not in ("neck", "collar") else 1 + (self.body.trunk_girth - 1) / 3
        if part in ("thigh", "shin", "upper-arm", "elbow", "forearm"):
            return self.body.limb_girth
        return min(1.0, self.body.limb_girth)


def _lengths(body: Body) -> dict[str, float]:
    build, adult = body.build, Build()
    trunk = dict.fromkeys(("pelvis", *(f"lumbar{n}" for n in range(3)), *(f"thorax{n}" for n in range(4))), build.trunk)
    return trunk | {
        "thigh": build.thigh / adult.thigh,
        "shin": build.shin / adult.shin,
        "upper-arm": build.upper_arm / adult.upper_arm,
        "forearm": build.forearm / adult.forearm,
        "head": body.head,
        "hand": min(1.0, body.limb_girth),
        "foot": 1.0,
    }
