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
        self._turns_of_angle = np.eye(len(NAMES))[[INDEX[turn.angle] for _, turn in turns]]  # (turns, angles)
        self._turn_share = np.array([turn.share for _, turn in turns], dtype=float)
        below = np.eye(len(self.bones), dtype=bool)
        for place, parent in enumerate(self._parents):
            if parent >= 0:
                below[:, place] |= below[:, parent]
        self._moves = below[self._turn_bone]  # (turns, bones): whether a turn moves a bone

    def posed(self, angles: Array) -> "Posed":
        """The bones where these angles put them; `angles` has shape (angles,)."""
        rotations, origins = np.empty((len(self.bones), 3, 3)), np.empty((len(self.bones), 3))
        axes, done = np.empty((len(self._turn_bone), 3)), 0
        for place, bone in enumerate(self.bones):
            parent = self._parents[place]
            if parent < 0:
                rotation, origin = np.eye(3), angles[:PLACES].copy()
            else:
                rotation, origin = rotations[parent], origins[parent] + rotations[parent] @ bone.offset
            for turn in bone.turns:
                axes[done] = rotation[:, turn.axis]
                rotation = rotation @ _rotation(turn.axis, np.radians(turn.share * angles[INDEX[turn.angle]]))
                done += 1
            rotations[place], origins[place] = rotation, origin
        return Posed(self, rotations, origins, axes)

    def motion(self, posed: "Posed", points: Array, bones: NDArray[np.intp]) -> Array:
        """How `points` of `bones` move with each angle, in metres a degree (a metre for the place of the pelvis);
        shape (points, 3, angles). The geometric Jacobian of a chain of hinges (Craig, Introduction to Robotics,
        2005)."""
        centres = posed.origins[self._turn_bone]
        arms = points[:, None, :] - centres[None]
        moves = self._moves[:, bones].T  # (points, turns)
        swept = np.cross(posed.axes[None], arms) * (np.radians(self._turn_share) * moves)[..., None]
        return self._by_angle(swept, places=True)

    def swing(self, posed: "Posed", directions: Array, bones: NDArray[np.intp]) -> Array:
        """How unit `directions` that are fixed in `bones` turn with each angle, a degree; shape (directions, 3,
        angles)."""
        moves = self._moves[:, bones].T
        swept = np.cross(posed.axes[None], directions[:, None, :]) * (np.radians(self._turn_share) * moves)[..., None]
        return self._by_angle(swept, places=False)

    def _by_angle(self, swept: Array, places: bool) -> Array:
        """Sums what turns do, shape (points, turns, 3), to what angles do."""
        summed: Array = np.swapaxes(swept, 1, 2) @ self._turns_of_angle
        if places:
            summed[:, :, :PLACES] = np.eye(3)
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


def _rotation(axis: int, radians: float) -> Array:
    rotation = np.eye(3)
    one, two = ((1, 2), (2, 0), (0, 1))[axis]
    cosine, sine = np.cos(radians), np.sin(radians)
    rotation[one, one] = rotation[two, two] = cosine
    rotation[one, two], rotation[two, one] = -sine, sine
    return rotation
