"""What touches what in a pose: points, flesh that is in the way of flesh, things in the room, and the balance.

Each measure comes with how it changes with each angle, so that a pose can be solved for it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.directions import PARTS
from chatbot.figures.flesh import Flesh
from chatbot.figures.joints import SIDES, Array
from chatbot.figures.pieces import Ball
from chatbot.figures.pose import Contact, Pose
from chatbot.figures.skeleton import Posed, Skeleton
from chatbot.figures.surfaces import FLOOR, Solid, solids

# Pieces that are joined, or that press on each other in many a pose: flesh gives way there.
_NEIGHBOURS = {("pelvis", "trunk"), ("trunk", "head")} | {
    pair
    for side in SIDES
    for pair in (
        *((trunk, f"{limb}.{side}") for trunk in ("pelvis", "trunk") for limb in ("thigh", "upper-arm")),
        (f"upper-arm.{side}", f"forearm.{side}"),
        (f"forearm.{side}", f"hand.{side}"),
        (f"upper-arm.{side}", f"hand.{side}"),
        (f"thigh.{side}", f"shin.{side}"),
        (f"shin.{side}", f"foot.{side}"),
        ("head", f"upper-arm.{side}"),
        ("thigh.L", "thigh.R"),
    )
}
# The share of a body's weight in each part, and how far along its bone its middle lies (de Leva, Adjustments to
# Zatsiorsky-Seluyanov's segment inertia parameters, 1996, rounded).
_WEIGHTS = {
    "pelvis": (0.14, 0.03),
    "lumbar1": (0.14, 0.0),
    "thorax1": (0.20, 0.05),
    "head": (0.08, 0.08),
} | {
    f"{part}.{side}": weight
    for side in SIDES
    for part, weight in (
        ("upper-arm", (0.028, -0.13)),
        ("forearm", (0.016, -0.11)),
        ("hand", (0.006, -0.08)),
        ("thigh", (0.10, -0.18)),
        ("shin", (0.045, -0.18)),
        ("foot", (0.015, -0.04)),
    )
}
_FLOOR_GIVES, _THING_GIVES = 0.012, 0.015  # metres that flesh is pressed flat


class Measure(NamedTuple):
    """Numbers, shape (rows,), and how they change with each angle, shape (rows, angles)."""

    values: Array
    slopes: Array


class Cloud(NamedTuple):
    """Balls in the room, with the bone of each and how they move, shape (balls, 3, angles)."""

    centres: Array
    radii: Array
    motion: Array


class Placed(NamedTuple):
    """A body in the room: its bones, the flesh that takes room, every named point, and the parts that weigh."""

    posed: Posed
    flesh: Cloud
    points: Cloud
    weights: Cloud


class Mannequin:
    """A body among the things of one step of a pose."""

    def __init__(self, pose: Pose, step: int, flesh: Flesh) -> None:
        self.pose, self.flesh = pose, flesh
        self.skeleton = Skeleton(flesh.body.build)
        present = [prop for prop in pose.props if prop.step in (0, step)]
        self.things: dict[str, tuple[Solid, ...]] = {"floor": (FLOOR,)} | {
            prop.name: tuple(solids(prop)) for prop in present
        }
        solid = [piece for piece in flesh.pieces if piece.room != "none"]
        self.names = tuple(piece.name for piece in solid)
        balls = [ball for piece in solid for section in piece.sections for ball in section]
        weights = [flesh.scaled(Ball(bone, 0.01, 0, along, 0)) for bone, (_, along) in _WEIGHTS.items()]
        self._point_place = {name: place for place, name in enumerate(flesh.points)}
        self._parts = (len(balls), len(balls) + len(flesh.points))
        self._fixed = (*balls, *flesh.points.values(), *weights)
        sizes = [sum(len(section) for section in piece.sections) for piece in solid]
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        whole = [place for place, piece in enumerate(solid) if piece.room == "all"]
        pairs = [(one, two) for two in whole for one in whole if one < two and not self._neighbours(one, two)]
        self.pairs = np.array(pairs, dtype=np.intp)

    def _neighbours(self, one: int, two: int) -> bool:
        pair = self.names[one], self.names[two]
        return pair in _NEIGHBOURS or pair[::-1] in _NEIGHBOURS

    @cached_property
    def _bones(self) -> NDArray[np.intp]:
        return np.array([self.skeleton.place_of[ball.bone] for ball in self._fixed], dtype=np.intp)

    @cached_property
    def _local(self) -> Array:
        return np.array([(ball.x, ball.y, ball.z, ball.radius) for ball in self._fixed])

    def placed(self, posed: Posed) -> Placed:
        """The body where its bones are."""
        bones, radii = self._bones, self._local[:, 3]
        centres = (posed.rotations[bones] @ self._local[:, :3, None])[..., 0] + posed.origins[bones]
        parts = (np.split(each, self._parts) for each in (centres, radii, self.skeleton.motion(posed, centres, bones)))
        return Placed(posed, *(Cloud(*part) for part in zip(*parts, strict=True)))

    def point(self, posed: Posed, name: str) -> tuple[Array, float]:
        """A point of the body in the room, and how thick the body is there."""
        ball = self.flesh.points[name]
        return posed.at(ball.bone, (ball.x, ball.y, ball.z)), ball.radius

    def contact(self, placed: Placed, contact: Contact) -> Measure:
        """How far a contact is from what it should be, in metres."""
        place = self._point_place[contact.point]
        centre, radius, motion = (each[place] for each in placed.points)
        values, slopes = [], []
        for axis, wanted in enumerate(contact.place):
            if wanted is not None:
                values.append(centre[axis] - wanted)
                slopes.append(motion[axis])
        if contact.on in self.things:
            far, away = self._nearest(contact.on, centre[None])
            values.append(far - radius - contact.gap)
            slopes.append(away @ motion)
        elif contact.on:
            touching = self._touching(placed, contact)
            values += touching.values.tolist()
            slopes += list(touching.slopes)
        return Measure(np.array(values), np.array(slopes))

    def _nearest(self, thing: str, centres: Array) -> tuple[float, Array]:
        found = [solid.distance(centres) for solid in self.things[thing]]
        best = min(found, key=lambda distance: float(distance.far[0]))
        return float(best.far[0]), best.away[0]

    def _touching(self, placed: Placed, contact: Contact) -> Measure:
        """A point of the body at another."""
        points, bone = placed.points, self.flesh.points[contact.on].bone
        one, two = self._point_place[contact.point], self._point_place[contact.on]
        apart, moving = points.centres[one] - points.centres[two], points.motion[one] - points.motion[two]
        reach = points.radii[one] + points.radii[two] + contact.gap
        if contact.side is None:
            length = max(float(np.linalg.norm(apart)), 1e-6)
            return Measure(np.array([length - reach]), (apart / length @ moving)[None])
        direction = placed.posed.axis(bone, contact.side)
        turning = self.skeleton.swing(placed.posed, direction[None], np.array([self.skeleton.place_of[bone]]))[0]
        return Measure(apart - reach * direction, moving - reach * turning)

    def gap(self, posed: Posed, point: str, thing: str) -> float:
        """How far the skin at a point is from a thing, or from the skin at another point."""
        centre, radius = self.point(posed, point)
        if thing in self.things:
            return self._nearest(thing, centre[None])[0] - radius
        other, other_radius = self.point(posed, thing)
        return float(np.linalg.norm(centre - other)) - radius - other_radius

    def within_things(self, cloud: Cloud) -> Measure:
        """How deep each piece lies within each thing, in metres."""
        measures = []
        for name, parts in self.things.items():
            for solid in parts:
                far, away = solid.distance(cloud.centres)
                deep = np.maximum(0, cloud.radii - far - (_FLOOR_GIVES if name == "floor" else _THING_GIVES))
                squares = np.sqrt(np.add.reduceat(deep * deep, self._starts))
                slopes = -np.einsum("bi,bia->ba", away * deep[:, None], cloud.motion)
                summed = np.add.reduceat(slopes, self._starts) / np.maximum(squares, 1e-9)[:, None]
                measures.append(Measure(squares, summed))
        return joined(measures)

    def within_flesh(self, cloud: Cloud) -> Measure:
        """How deep pieces that are not joined lie within each other, for each pair, in metres."""
        centres, squares = cloud.centres, (cloud.centres**2).sum(axis=1)
        length = np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * centres @ centres.T, 0))
        deep = cloud.radii[:, None] + cloud.radii[None] - length
        ends = [*self._starts[1:], len(cloud.radii)]
        slopes = np.zeros((len(self.pairs), cloud.motion.shape[-1]))
        deepest = np.maximum.reduceat(np.maximum.reduceat(deep, self._starts, 0), self._starts, 1)
        values = deepest[self.pairs[:, 0], self.pairs[:, 1]]
        for row in np.flatnonzero(values > 0).tolist():
            one, two = self.pairs[row]
            block = deep[self._starts[one] : ends[one], self._starts[two] : ends[two]]
            first, second = np.unravel_index(int(block.argmax()), block.shape)
            first, second = first + self._starts[one], second + self._starts[two]
            direction = (centres[first] - centres[second]) / max(length[first, second], 1e-6)
            slopes[row] = -direction @ (cloud.motion[first] - cloud.motion[second])
        return Measure(values, slopes)

    def aim(self, posed: Posed, part: str, direction: Sequence[float]) -> Measure:
        """How far a part points from where it should, as the difference of unit vectors."""
        bone, local = PARTS[part]
        found = posed.axis(bone, local)
        turning = self.skeleton.swing(posed, found[None], np.array([self.skeleton.place_of[bone]]))[0]
        return Measure(found - np.asarray(direction), turning)

    def off_balance(self, placed: Placed, supports: Sequence[str]) -> Measure:
        """How far the middle of the body's weight lies outside what carries it, seen from above, in metres. What
        carries it are points of the body."""
        rows = [self._point_place[name] for name in supports]
        corners, carried = placed.points.centres[rows, :2], placed.points.motion[rows, :2]
        weights = np.array([weight for weight, _ in _WEIGHTS.values()])
        weights /= weights.sum()
        middle = weights @ placed.weights.centres[:, :2]
        share = _nearest_share(corners, middle)
        outward = middle - share @ corners
        far = float(np.linalg.norm(outward))
        moving = np.tensordot(weights, placed.weights.motion[:, :2], 1) - np.tensordot(share, carried, 1)
        slack = max(0.0, far - _SUPPORT_REACH)
        return Measure(np.array([slack]), (outward / max(far, 1e-6) @ moving)[None] * (slack > 0))


_SUPPORT_REACH = 0.04  # metres that a foot or hand carries beyond its points


def _nearest_share(corners: Array, point: Array) -> Array:
    """The shares of corners that make the point of their hull nearest to `point`, shape (corners,): a small least
    squares with shares that are not negative (Lawson and Hanson, Solving least squares problems, 1974)."""
    from scipy.optimize import nnls

    heavy = 1e3  # so that the shares sum to one
    shares, _ = nnls(np.vstack([corners.T, np.full(len(corners), heavy)]), np.array([*point, heavy]))
    total: Array = shares / max(float(shares.sum()), 1e-9)
    return total


def joined(measures: Sequence[Measure]) -> Measure:
    """Measures one below the other."""
    return Measure(
        np.concatenate([measure.values for measure in measures]),
        np.concatenate([measure.slopes for measure in measures]),
    )
