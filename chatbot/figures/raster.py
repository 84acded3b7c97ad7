"""What is seen of a body and of things, pixel by pixel: the nearest surface wins (Catmull, A subdivision algorithm for
computer display of curved surfaces, 1974: the depth buffer)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.camera import Camera
from chatbot.figures.filling import Balls
from chatbot.figures.joints import Array
from chatbot.figures.surfaces import Block

NOTHING = -1


class Window(NamedTuple):
    """The part of the picture plane that is drawn, in metres, and how many pixels a metre has."""

    left: float
    bottom: float
    right: float
    top: float
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of pixels."""
        return round((self.top - self.bottom) * self.scale), round((self.right - self.left) * self.scale)

    def axes(self) -> tuple[Array, Array]:
        """The places of the columns and of the rows; the first row is at the top."""
        rows, columns = self.size
        across: Array = self.left + (np.arange(columns, dtype=float) + 0.5) / self.scale
        up: Array = self.top - (np.arange(rows, dtype=float) + 0.5) / self.scale
        return across, up


class Raster:
    """For each pixel how far away the nearest surface is, and whose it is."""

    def __init__(self, camera: Camera, window: Window) -> None:
        self.camera, self.window = camera, window
        self.depth: Array = np.full(window.size, np.inf)
        self.owner: NDArray[np.intp] = np.full(window.size, NOTHING, dtype=np.intp)
        self._across, self._up = window.axes()

    def add_balls(self, balls: Balls) -> None:
        """Each ball with its owner."""
        seen = self.camera.seen(balls.centres)
        order = np.argsort(seen[:, 2])
        for place in order.tolist():
            self._add_ball(seen[place], float(balls.radii[place]), int(balls.pieces[place]))

    def _add_ball(self, seen: Array, radius: float, owner: int) -> None:
        rows = np.flatnonzero(np.abs(self._up - seen[1]) < radius)
        columns = np.flatnonzero(np.abs(self._across - seen[0]) < radius)
        if not len(rows) or not len(columns):
            return
        block = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        square = radius**2 - (self._up[block[0], None] - seen[1]) ** 2 - (self._across[None, block[1]] - seen[0]) ** 2
        front = seen[2] - np.sqrt(np.maximum(square, 0))
        nearer = (square > 0) & (front < self.depth[block])
        self.depth[block][nearer] = front[nearer]
        self.owner[block][nearer] = owner

    def add_block(self, block: Block, owners: Sequence[int]) -> None:
        """A box, with an owner for the faces across x, across y and across z (Kay and Kajiya, Ray tracing complex
        scenes, 1986: slabs)."""
        start = self.camera.in_room(self._across[None, :], self._up[:, None], np.zeros(self.window.size))
        near, far = np.full(self.window.size, -np.inf), np.full(self.window.size, np.inf)
        face = np.zeros(self.window.size, dtype=np.intp)
        for axis in range(3):
            along = self.camera.ahead[axis]
            if abs(along) < 1e-9:
                outside = (start[..., axis] < block.least[axis]) | (start[..., axis] > block.most[axis])
                far = np.where(outside, -np.inf, far)
                continue
            ends = [(end[axis] - start[..., axis]) / along for end in (block.least, block.most)]
            enters, leaves = np.minimum(*ends), np.maximum(*ends)
            face = np.where(enters > near, axis, face)
            near, far = np.maximum(near, enters), np.minimum(far, leaves)
        hit = (near < far) & (near < self.depth)
        self.depth[hit] = near[hit]
        self.owner[hit] = np.asarray(owners)[face[hit]]

    def places(self, mask: NDArray[np.bool_]) -> Array:
        """The places in the room of the surfaces at some pixels, shape (pixels, 3)."""
        rows, columns = np.nonzero(mask)
        return self.camera.in_room(self._across[columns], self._up[rows], self.depth[rows, columns])


def bounds(camera: Camera, spheres: Sequence[Balls], blocks: Sequence[Block]) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is to be seen, in metres."""
    lows, highs = [], []
    for balls in spheres:
        seen = camera.seen(balls.centres)[:, :2]
        lows.append((seen - balls.radii[:, None]).min(axis=0))
        highs.append((seen + balls.radii[:, None]).max(axis=0))
    for corners in (_corners(block) for block in blocks):
        seen = camera.seen(np.array(list(corners)))[:, :2]
        lows.append(seen.min(axis=0))
        highs.append(seen.max(axis=0))
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _corners(block: Block) -> Iterator[tuple[float, float, float]]:
    for x in (block.least[0], block.most[0]):
        for y in (block.least[1], block.most[1]):
            for z in (block.least[2], block.most[2]):
                yield x, y, z
