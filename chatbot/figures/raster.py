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
        seen, radii = seen[order], balls.radii[order, None]
        ends = [self._pixels(seen[:, :2] + way * radii) for way in (-1, 1)]
        blocks = np.stack(ends, axis=-1)
        for (columns, rows), ball, radius, owner in zip(
            blocks.tolist(), seen, radii[:, 0].tolist(), balls.pieces[order].tolist(), strict=True
        ):
            self._add_ball((slice(*sorted(rows)), slice(*columns)), ball, radius, owner)

    def _pixels(self, places: Array) -> NDArray[np.intp]:
        """The column and the row that begin at or after places in the picture, shape (places, 2)."""
        rows, columns = self.window.size
        across = (places[:, 0] - self.window.left) * self.window.scale
        down = (self.window.top - places[:, 1]) * self.window.scale
        pixels = np.ceil(np.stack([across, down], axis=1) - 0.5).astype(np.intp)
        return np.clip(pixels, 0, (columns, rows))

    def _add_ball(self, block: tuple[slice, slice], seen: Array, radius: float, owner: int) -> None:
        x, y, away = seen.tolist()
        across, up = self._across[block[1]] - x, self._up[block[0]] - y
        square = radius * radius - (up * up)[:, None] - (across * across)[None]
        front = away - np.sqrt(np.maximum(square, 0))
        depth = self.depth[block]
        nearer = (square > 0) & (front < depth)
        np.copyto(depth, front, where=nearer)
        np.copyto(self.owner[block], owner, where=nearer)

    def add_block(self, block: Block, owners: Sequence[int]) -> None:
        """A box, with an owner for the faces across x, across y and across z (Kay and Kajiya, Ray tracing complex
        scenes, 1986: slabs)."""
        corners = self.camera.seen(np.array(list(_corners(block))))[:, :2]
        (left, bottom), (right, top) = (
            self._pixels(end[None])[0] for end in (corners.min(axis=0), corners.max(axis=0))
        )
        part = slice(top, bottom), slice(left, right)
        depth, owner = self.depth[part], self.owner[part]
        start = self.camera.in_room(self._across[None, part[1]], self._up[part[0], None], np.zeros(depth.shape))
        near, far = np.full(depth.shape, -np.inf), np.full(depth.shape, np.inf)
        face = np.zeros(depth.shape, dtype=np.intp)
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
        hit = (near < far) & (near < depth)
        depth[hit] = near[hit]
        owner[hit] = np.asarray(owners)[face[hit]]

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
