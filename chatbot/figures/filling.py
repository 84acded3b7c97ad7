"""Pieces -> so many balls that limbs look smooth."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.figures.flesh import Flesh
from chatbot.figures.joints import Array
from chatbot.figures.skeleton import Posed

_SPACING = 0.012  # metres between the balls that fill a piece


class Balls(NamedTuple):
    """Balls in the room: centres, shape (balls, 3), radii, and the piece of each, as its place among the pieces."""

    centres: Array
    radii: Array
    pieces: NDArray[np.intp]


def filled(flesh: Flesh, posed: Posed) -> Balls:
    """So many balls that each piece is smooth."""
    centres, radii, owners = [], [], []
    for place, piece in enumerate(flesh.pieces):
        sections = [
            np.array([(*posed.at(ball.bone, (ball.x, ball.y, ball.z)), ball.radius) for ball in section])
            for section in piece.sections
        ]
        for joined in _joined(sections):
            centres.append(joined[:, :3])
            radii.append(joined[:, 3])
            owners.append(np.full(len(joined), place))
    return Balls(np.concatenate(centres), np.concatenate(radii), np.concatenate(owners))


def _joined(sections: list[Array]) -> Iterator[Array]:
    """Balls between the sections and across them, as rows of place and radius."""
    if len(sections) == 1:
        yield from _across(sections[0][None])
    for one, two in pairwise(sections):
        first, second = (_cycle(section, max(len(one), len(two))) for section in (one, two))
        far = np.linalg.norm(first[:, None, :3] - second[None, :, :3], axis=-1).min(axis=1).max()
        spacing = min(_SPACING, 0.35 * float(min(first[:, 3].min(), second[:, 3].min())))
        share = np.linspace(0, 1, 2 + int(far / spacing))[:, None, None]
        yield from _across((1 - share) * first + share * second)


def _cycle(section: Array, count: int) -> Array:
    """A section with as many balls as its neighbour: one stands for two, two for four."""
    return section if len(section) == count else section[np.arange(count) % len(section)]


def _across(layers: Array) -> Iterator[Array]:
    """The balls of layers, shape (layers, balls, 4), and balls between each two of a layer."""
    yield layers.reshape(-1, 4)
    for one, two in combinations(range(layers.shape[1]), 2):
        apart = np.linalg.norm(layers[:, one, :3] - layers[:, two, :3], axis=1).max()
        if steps := int(apart / (1.5 * _SPACING)):
            share = np.linspace(0, 1, steps + 2)[1:-1, None, None]
            yield ((1 - share) * layers[:, one] + share * layers[:, two]).reshape(-1, 4)
