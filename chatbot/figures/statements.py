"""What a pose must be, in words of joints: `knee.R below 10`, `heel.R on floor`, `knee.R behind hip.R by 0.08`.

- an angle `below`, `above` a number of degrees, or `between A and B`;
- a point `above`, `below`, `ahead of`, `behind`, `left of`, `right of` another point, `by` some metres at least;
- a point `on` a thing, `near` a point `within` some metres;
- a part `up`, `down`, `level`, `ahead`, `back`, `left`, `right`, `within` some degrees (20 if none are given).
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np

from chatbot.figures.joints import Array

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_DIRECTIONS = {
    "ahead of": (0, 1),
    "behind": (0, -1),
    "left of": (1, 1),
    "right of": (1, -1),
    "above": (2, 1),
    "below": (2, -1),
}
WAYS: dict[str, tuple[float, float, float]] = {
    "up": (0, 0, 1),
    "down": (0, 0, -1),
    "ahead": (1, 0, 0),
    "back": (-1, 0, 0),
    "left": (0, 1, 0),
    "right": (0, -1, 0),
}
_ON, _NEAR, _WITHIN = 0.025, 0.06, 20.0


class Known(NamedTuple):
    """What may be spoken of."""

    angles: Collection[str]
    points: Collection[str]
    parts: Collection[str]
    things: Collection[str]


class Facts(NamedTuple):
    """A solved pose: angles in degrees, points in the room, where parts point, and how far a point is from a thing."""

    angles: Mapping[str, float]
    points: Mapping[str, Array]
    parts: Mapping[str, Array]
    gap: Callable[[str, str], float]


class Statement(NamedTuple):
    """A statement in its words, and what tests it: it gives what it found, in words, or nothing when it holds."""

    words: str
    fault: Callable[[Facts], str]


def read_statement(words: str, known: Known) -> Statement:
    """The statement that `words` make. Raises `ValueError` with what is not understood."""
    for pattern, read in _FORMS:
        if match := re.fullmatch(pattern, words):
            return Statement(words, read(known, *match.groups()))
    raise ValueError(f"{words!r} is no statement; write e.g. 'knee.R below 10', 'heel.R on floor', 'hand.R above head'")


def _check(name: str, names: Collection[str], what: str) -> str:
    if name not in names:
        from chatbot.corpus.validation import suggestion

        raise ValueError(f"{name!r} is no {what}{suggestion(name, names)}")
    return name


def _angle(known: Known, name: str, low: float, high: float) -> Callable[[Facts], str]:
    _check(name, known.angles, "angle")

    def fault(facts: Facts) -> str:
        found = facts.angles[name]
        return "" if low <= found <= high else f"{name} is {found:.0f}"

    return fault


def _below(known: Known, name: str, most: str) -> Callable[[Facts], str]:
    return _angle(known, name, -np.inf, float(most))


def _above(known: Known, name: str, least: str) -> Callable[[Facts], str]:
    return _angle(known, name, float(least), np.inf)


def _between(known: Known, name: str, least: str, most: str) -> Callable[[Facts], str]:
    return _angle(known, name, float(least), float(most))


def _beside(known: Known, one: str, way: str, other: str, least: str | None) -> Callable[[Facts], str]:
    _check(one, known.points, "point")
    _check(other, known.points, "point")
    axis, sign = _DIRECTIONS[way]
    wanted = float(least or 0)

    def fault(facts: Facts) -> str:
        found = sign * float(facts.points[one][axis] - facts.points[other][axis])
        return "" if found >= wanted else f"{one} is {found:.2f} m {way} {other}"

    return fault


def _touching(known: Known, point: str, thing: str) -> Callable[[Facts], str]:
    _check(point, known.points, "point")
    _check(thing, known.things, "thing of this pose")

    def fault(facts: Facts) -> str:
        found = facts.gap(point, thing)
        return "" if abs(found) <= _ON else f"{point} is {found:.2f} m from {thing}"

    return fault


def _near(known: Known, one: str, other: str, most: str | None) -> Callable[[Facts], str]:
    _check(one, known.points, "point")
    _check(other, known.points, "point")

    def fault(facts: Facts) -> str:
        found = facts.gap(one, other)
        return "" if found <= float(most or _NEAR) else f"{one} is {found:.2f} m from {other}"

    return fault


def _pointing(known: Known, part: str, way: str, within: str | None) -> Callable[[Facts], str]:
    _check(part, known.parts, "part")
    most = float(within or _WITHIN)

    def fault(facts: Facts) -> str:
        direction = facts.parts[part]
        if way == "level":
            found = abs(90 - np.degrees(np.arccos(np.clip(direction[2], -1, 1))))
        else:
            found = np.degrees(np.arccos(np.clip(direction @ np.asarray(WAYS[way]), -1, 1)))
        return "" if found <= most else f"{part} is {found:.0f} degrees off"

    return fault


_NAME = r"([\w.-]+)"
_FORMS: tuple[tuple[str, Callable[..., Callable[[Facts], str]]], ...] = (
    (rf"{_NAME} below {_NUMBER}", _below),
    (rf"{_NAME} above {_NUMBER}", _above),
    (rf"{_NAME} between {_NUMBER} and {_NUMBER}", _between),
    (rf"{_NAME} on {_NAME}", _touching),
    (rf"{_NAME} near {_NAME}(?: within {_NUMBER})?", _near),
    (rf"{_NAME} ({'|'.join(_DIRECTIONS)}) {_NAME}(?: by {_NUMBER})?", _beside),
    (rf"{_NAME} (level|{'|'.join(WAYS)})(?: within {_NUMBER})?", _pointing),
)
