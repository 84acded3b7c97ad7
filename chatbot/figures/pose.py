"""A pose file: one movement in one to three steps, as an author writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chatbot.figures.statements import Statement
from chatbot.figures.surfaces import Prop


class Contact(NamedTuple):
    """A point of the body that touches a thing, a point of the body, or a place in the room.

    `on` names the thing or the point, empty for a place. `place` holds x, y and z, None where they are free. `gap` is
    how far it stays away, in metres; `side` is the direction from the other point, in its bone's frame."""

    point: str
    on: str
    place: tuple[float | None, float | None, float | None] = (None, None, None)
    gap: float = 0.0
    side: tuple[float, float, float] | None = None


class Aim(NamedTuple):
    """A part that points somewhere: a unit direction in the room, and how much it matters."""

    part: str
    direction: tuple[float, float, float]
    weight: float


class Arrow(NamedTuple):
    """What moves: from beside a point of the body, `offset` and then `by` in the picture, to the right and up, in
    metres; `bend` is its bow as a share of its length."""

    at: str
    offset: tuple[float, float]
    by: tuple[float, float]
    bend: float


View = tuple[float, float]


@dataclass(frozen=True)
class Step:
    """A step: the angles asked for, what touches, where parts point, which points stay where the step before had
    them, which angles matter more and which less, and what is shown."""

    joints: Mapping[str, float]
    contacts: tuple[Contact, ...] = ()
    aims: tuple[Aim, ...] = ()
    stay: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    balance: bool = True
    arrows: tuple[Arrow, ...] = ()
    feel: tuple[str, ...] = ()
    view: View = (0.0, 0.0)
    line: int = 0


@dataclass(frozen=True)
class Pose:
    """A movement. `pace`: whether it is held, moved through, or neither is shown. `even`: left and right do the same.
    `trained`: it goes further than most people's joints do."""

    id: str
    title: str
    alt: str
    steps: tuple[Step, ...]
    props: tuple[Prop, ...] = ()
    must: tuple[tuple[Statement, int], ...] = ()
    body: str | None = None
    pace: str = ""
    zoom: str = ""
    even: bool = False
    trained: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)
