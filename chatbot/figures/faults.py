"""What is wrong with a solved pose, as a reader of the picture would find it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from chatbot.figures.directions import PARTS, named_angles
from chatbot.figures.geometry import Cloud, Mannequin
from chatbot.figures.joints import INDEX, NAMES, Array, limits
from chatbot.figures.pose import Pose
from chatbot.figures.skeleton import Posed
from chatbot.figures.solving import Solved, contacts_of, supports_of
from chatbot.figures.statements import Facts
from chatbot.figures.touch_points import POINTS

_CONTACT, _WITHIN, _OVERLAP, _BALANCE = 0.012, 0.012, 0.035, 0.02  # metres
_MOVED = 0.05  # metres by which some point moves from a step to the next
_LEFT = 35.0  # degrees that an angle which was asked for may be left
_ASKED = ("knee", "elbow", "pelvis.pitch", "pelvis.roll", "pelvis.turn", "neck", "lumbar", "thorax")
FELT = 0.0006  # square metres of the place where it is felt that are to be seen


class Fault(NamedTuple):
    """A fault with the line of the pose file that it belongs to."""

    line: int
    message: str


def faults(pose: Pose, solved: Sequence[Solved]) -> list[Fault]:
    """Everything that is wrong with the solved steps of a pose."""
    found = []
    for number, one in enumerate(solved):
        before = solved[number - 1].angles if number else None
        found += [Fault(one.step.line, f"step {number + 1}: {message}") for message in _of_step(pose, one, before)]
    found += _of_statements(pose, solved[-1])
    return found


def unseen(pose: Pose, seen: Sequence[Mapping[str, float]]) -> list[Fault]:
    """Places where a step is felt that its picture hides; `seen` holds for each step what is seen of each, in square
    metres."""
    line = pose.lines.get("feel", 1)
    hidden = [(step, name) for step, areas in enumerate(seen, 1) for name, area in areas.items() if area < FELT]
    return [
        Fault(line, f"step {step}: {name!r} is not seen; take another view, or another place") for step, name in hidden
    ]


def _of_step(pose: Pose, solved: Solved, before: Array | None) -> Iterator[str]:
    figure, angles = solved.figure, solved.angles
    posed = figure.skeleton.posed(angles)
    placed = figure.placed(posed)
    yield from _beyond_limits(angles, pose.trained)
    contacts = contacts_of(solved.step, figure, before)
    for contact in contacts:
        far = float(np.abs(figure.contact(placed, contact).values).max(initial=0))
        if far > _CONTACT:
            yield f"{contact.point} is {far * 100:.1f} cm off {contact.on or 'its place'}; move it, or the angles"
    yield from _within(figure, placed.flesh)
    supports = supports_of(contacts, figure)
    if solved.step.balance and supports:
        far = float(figure.off_balance(placed, supports).values[0])
        if far > _BALANCE:
            yield f"the weight lies {far * 100:.0f} cm beside what carries it; name what touches, or move the pelvis"
    if before is not None and _greatest_move(figure, before, posed) < _MOVED:
        yield "the step looks like the one before; exaggerate the movement"
    for name, value in solved.step.joints.items():
        if name.startswith(_ASKED) and abs(float(angles[INDEX[name]]) - value) > _LEFT:
            yield f"{name} should be {value:.0f} and came out as {angles[INDEX[name]]:.0f}; the contacts do not fit it"


def _beyond_limits(angles: Array, trained: bool) -> Iterator[str]:
    least, most = limits(trained)
    for place in range(len(NAMES)):
        if not least[place] - 0.1 <= angles[place] <= most[place] + 0.1:
            yield f"{NAMES[place]} is {angles[place]:.0f}, beyond {least[place]:.0f} to {most[place]:.0f}"


def _within(figure: Mannequin, cloud: Cloud) -> Iterator[str]:
    deep = figure.within_things(cloud).values.reshape(-1, len(figure.names))
    things = [name for name, parts in figure.things.items() for _ in parts]
    for thing, piece in np.argwhere(deep > _WITHIN).tolist():
        yield f"{figure.names[piece]} lies {deep[thing, piece] * 100:.1f} cm within {things[thing]}"
    overlap = figure.within_flesh(cloud).values
    for row in np.argsort(-overlap)[:3].tolist():
        if overlap[row] > _OVERLAP:
            one, two = figure.pairs[row]
            yield f"{figure.names[one]} lies {overlap[row] * 100:.1f} cm within {figure.names[two]}"


def _greatest_move(figure: Mannequin, before: Array, posed: Posed) -> float:
    earlier = figure.skeleton.posed(before)
    return max(float(np.linalg.norm(figure.point(posed, name)[0] - figure.point(earlier, name)[0])) for name in POINTS)


def _of_statements(pose: Pose, solved: Solved) -> Iterator[Fault]:
    posed = solved.figure.skeleton.posed(solved.angles)
    facts = Facts(
        named_angles(solved.angles, posed),
        {name: solved.figure.point(posed, name)[0] for name in POINTS} | {"head": posed.at("head", (0, 0, 0.1))},
        {name: posed.axis(bone, local) for name, (bone, local) in PARTS.items()},
        lambda point, thing: solved.figure.gap(posed, point, thing),
    )
    for statement, line in pose.must:
        if found := statement.fault(facts):
            yield Fault(line, f"not so in the last step: {statement.words} ({found})")
