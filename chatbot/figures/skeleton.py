"""A body as bones that turn in joints: angles in, the place of each bone out.

Metres. Ahead of a person who stands at the beginning is x, to the left is y, up is z.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.bones import Build, bones_of
from chatbot.figures.joints import INDEX, NAMES, PLACES, Array


class Skeleton:
    """The bones of a body of some build."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.bones = bones_of(build)
        self.place_of = {bone.name: place for place, bone in enumerate(self.bones)}
        self._parents = [self.place_of.get(bone.parent, -1) for bone in self.bones]
        turns = [(place, turn) for place, bone in enumerate(self.bones) for turn in bone.turns]
        self._turn_bone = np.array([place for place, _ in turns])
        self._turn_axis = np.array([turn.axis for _, turn in turns])
        self._turn_angle = np.array([INDEX[turn.angle] for _, turn in turns])
        self._turns_of_angle = np.eye(len(NAMES))[self._turn_angle]  # (turns, angles)
        self._turn_share = np.array([turn.share for _, turn in turns], dtype=float)
        below = np.eye(len(self.bones), dtype=bool)
        for place, parent in enumerate(self._parents):
            if parent >= 0:
                below[:, place] |= below[:, parent]
        moves = below[self._turn_bone]  # (turns, bones): whether a turn moves a bone
        self._degrees = np.radians(self._turn_share)[:, None] * moves

    def posed(self, angles: Array) -> "Posed":
        """The bones where these angles put them; `angles` has shape (angles,)."""
        rotations, origins = np.empty((len(self.bones), 3, 3)), np.empty((len(self.bones), 3))
        turned = _rotations(self._turn_axis, np.radians(self._turn_share * angles[self._turn_angle]))
        axes, done = np.empty((len(self._turn_bone), 3)), 0
        for place, bone in enumerate(self.bones):
            parent = self._parents[place]
            if parent < 0:
                rotation, origin = np.eye(3), angles[:PLACES].copy()
            else:
                rotation, origin = rotations[parent], origins[parent] + rotations[parent] @ bone.offset
            for turn in bone.turns:
                axes[done] = rotation[:, turn.axis]
                rotation = rotation @ turned[done]
                done += 1
            rotations[place], origins[place] = rotation, origin
        return Posed(self, rotations, origins, axes)

    def motion(self, posed: "Posed", points: Array, bones: NDArray[np.intp]) -> Array:
        """How `points` of `bones` move with each angle, in metres a degree (a metre for the place of the pelvis);
        shape (points, 3, angles). The geometric Jacobian of a chain of hinges (Craig, Introduction to Robotics,
        2005), summed for each bone first, for there are fewer of them."""
        spin = self._by_angle(posed.axes)[bones]
        drift = self._by_angle(_cross(posed.axes, posed.origins[self._turn_bone]))[bones]
        moved: Array = _cross(spin, points[:, :, None], axis=1) - drift
        moved[:, :, :PLACES] = np.eye(3)
        return moved

    def swing(self, posed: "Posed", directions: Array, bones: NDArray[np.intp]) -> Array:
        """How unit `directions` that are fixed in `bones` turn with each angle, a degree; shape (directions, 3,
        angles)."""
        return _cross(self._by_angle(posed.axes)[bones], directions[:, :, None], axis=1)

    def _by_angle(self, vectors: Array) -> Array:
        """A vector of each turn, shape (turns, 3), as a sum for each angle over the turns that move a bone, a degree;
        shape (bones, 3, angles)."""
        summed: Array = (vectors.T[None] * self._degrees.T[:, None]) @ self._turns_of_angle
        return summed


class Posed(NamedTuple):
    """A skeleton in a pose: the rotation of each bone, shape (bones, 3, 3), where it begins, shape (bones, 3), and the
    axis of each turn."""

    skeleton: Skeleton
    rotations: Array
    origins: Array
    axes: Array

    def at(self, bone: str, local: Sequence[float]) -> Array:
        """A point given in the frame of a bone, in the room."""
        place = self.skeleton.place_of[bone]
        point: Array = self.origins[place] + self.rotations[place] @ np.asarray(local, dtype=float)
        return point

    def axis(self, bone: str, local: Sequence[float]) -> Array:
        """A direction given in the frame of a bone, in the room."""
        direction: Array = self.rotations[self.skeleton.place_of[bone]] @ np.asarray(local, dtype=float)
        return direction


def _rotations(axes: NDArray[np.intp], radians: Array) -> Array:
    """Turns about axes of a bone (0: x, 1: y, 2: z), shape (turns, 3, 3)."""
    rotations = np.zeros((len(axes), 3, 3))
    turn, one, two = np.arange(len(axes)), (axes + 1) % 3, (axes + 2) % 3
    rotations[turn, axes, axes] = 1
    rotations[turn, one, one] = rotations[turn, two, two] = np.cos(radians)
    rotations[turn, two, one] = np.sin(radians)
    rotations[turn, one, two] = -rotations[turn, two, one]
    return rotations


def _cross(first: Array, second: Array, axis: int = -1) -> Array:
    """The cross product along an axis of three: `numpy.cross` for arrays so small that its checks are most of it."""
    (x, y, z), (u, v, w) = np.moveaxis(first, axis, 0), np.moveaxis(second, axis, 0)
    return np.stack([y * w - z * v, z * u - x * w, x * v - y * u], axis=axis)
