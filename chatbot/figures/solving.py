"""Finds the angles of a pose: near those that were asked for, with every contact made and nothing within anything.

Nonlinear least squares within the limits of the joints (Branch, Coleman and Li, A subspace, interior, and conjugate
gradient method for large-scale bound-constrained minimization problems, 1999), as in inverse kinematics by
optimisation (Zhao and Badler, Inverse kinematics positioning using nonlinear programming, 1994).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chatbot.figures.flesh import Flesh
from chatbot.figures.geometry import Mannequin, Measure, joined
from chatbot.figures.joints import INDEX, NAMES, PLACES, REST, Array, angles_of, limits
from chatbot.figures.pose import Contact, Pose, Step

# What counts as one unit of error.
_PLACE, _ANGLE, _CONTACT, _WITHIN, _OVERLAP, _AIM, _BALANCE = 0.15, 10.0, 0.004, 0.006, 0.01, 0.125, 0.01
_GIVE = 0.02  # metres that flesh gives way to flesh
_FREE, _TRUNK, _GIVEN, _KEPT, _LOOSE, _ROOT = 0.25, 0.5, 0.5, 4.0, 0.05, 0.03
_TRUNK_JOINTS = ("lumbar", "thorax", "neck", "collar")
_STEPS = 60


class Solved(NamedTuple):
    """A step with the angles found for it, shape (angles,)."""

    step: Step
    figure: Mannequin
    angles: Array


def solve(pose: Pose, flesh: Flesh) -> list[Solved]:
    """The angles of every step of a pose; each begins from the one before."""
    solved: list[Solved] = []
    for number, step in enumerate(pose.steps, 1):
        figure = Mannequin(pose, number, flesh)
        before = solved[-1].angles if solved else None
        solved.append(Solved(step, figure, _Problem(pose, step, figure, before).solution()))
    return solved


def contacts_of(step: Step, figure: Mannequin, before: Array | None) -> list[Contact]:
    """The contacts of a step, and the points that stay where the step before had them."""
    contacts = list(step.contacts)
    if before is not None:
        posed = figure.skeleton.posed(before)
        for name in step.stay:
            x, y, z = figure.point(posed, name)[0].tolist()
            contacts.append(Contact(name, "", (x, y, z)))
    return contacts


def supports_of(contacts: Sequence[Contact], figure: Mannequin) -> list[str]:
    """The points that carry the body: those on things, and those that stay where they were."""
    return [contact.point for contact in contacts if contact.on in figure.things or None not in contact.place]


class _Problem:
    def __init__(self, pose: Pose, step: Step, figure: Mannequin, before: Array | None) -> None:
        self._step, self._figure = step, figure
        self._contacts = contacts_of(step, figure, before)
        self._wanted = angles_of(step.joints, REST if before is None else before)
        self._least, self._most = limits(pose.trained)
        self._scale = np.where(np.arange(len(NAMES)) < PLACES, _PLACE, _ANGLE)
        self._weights = _weights(step)
        self._supports = supports_of(self._contacts, figure) if step.balance else []
        self._shared = _even() if pose.even else np.eye(len(NAMES))
        self._last: tuple[Array, Measure] | None = None

    def solution(self) -> Array:
        from scipy.optimize import least_squares

        start = np.clip(self._wanted, self._least + 1e-6, self._most - 1e-6) / self._scale
        free = self._shared.any(axis=0)
        shared = self._shared[:, free]
        pick = shared.argmax(axis=0)
        found = least_squares(
            lambda values: self._measure(shared @ values).values,
            start[pick],
            lambda values: self._measure(shared @ values).slopes @ shared,
            bounds=((self._least / self._scale)[pick], (self._most / self._scale)[pick]),
            max_nfev=_STEPS,
            ftol=1e-5,
            xtol=1e-5,
        )
        solution: Array = np.round(shared @ found.x * self._scale, 3)
        return solution

    def _measure(self, values: Array) -> Measure:
        """`_errors`, kept for the next call: the solver asks for values and then for slopes at one place."""
        if self._last is None or not np.array_equal(self._last[0], values):
            self._last = values, self._errors(values)
        return self._last[1]

    def _errors(self, values: Array) -> Measure:
        """Everything that should be nothing, in units of error, by angles in theirs."""
        angles = values * self._scale
        figure = self._figure
        posed = figure.skeleton.posed(angles)
        placed = figure.placed(posed)
        within, overlap = figure.within_things(placed.flesh), figure.within_flesh(placed.flesh)
        too_deep = overlap.values > _GIVE
        parts = [
            Measure(self._weights * (angles - self._wanted) / self._scale, np.diag(self._weights / self._scale)),
            _in_units(within, _WITHIN),
            _in_units(Measure((overlap.values - _GIVE) * too_deep, overlap.slopes * too_deep[:, None]), _OVERLAP),
            *(_in_units(figure.contact(placed, contact), _CONTACT) for contact in self._contacts),
            *(_in_units(figure.aim(posed, aim.part, aim.direction), _AIM / aim.weight) for aim in self._step.aims),
        ]
        if self._supports:
            parts.append(_in_units(figure.off_balance(placed, self._supports), _BALANCE))
        whole = joined(parts)
        return Measure(whole.values, whole.slopes * self._scale)


def _in_units(measure: Measure, unit: float) -> Measure:
    return Measure(measure.values / unit, measure.slopes / unit)


def _weights(step: Step) -> Array:
    """How dear it is to leave each angle."""
    weights = np.full(len(NAMES), _FREE)
    weights[:PLACES] = _ROOT
    for name, place in INDEX.items():
        if name.startswith(_TRUNK_JOINTS):
            weights[place] = _TRUNK
        if name in step.joints and place >= PLACES:
            weights[place] = max(weights[place], _GIVEN)
        if name.startswith(step.keep) and step.keep:
            weights[place] = _KEPT
        if name.startswith(step.loose) and step.loose:
            weights[place] = _LOOSE
    return weights


def _even() -> Array:
    """What makes both sides alike: a column for each angle that is free, with a row for each angle that follows it.
    Nothing leans, turns or moves to a side."""
    shared = np.zeros((len(NAMES), len(NAMES)))
    for name, place in INDEX.items():
        sideways = name in ("pelvis.y", "pelvis.roll", "pelvis.turn") or (
            name.startswith(("lumbar", "thorax", "neck")) and name.endswith(("side", "twist", "turn"))
        )
        if sideways or ".R" in name:
            continue
        shared[place, place] = 1
        if ".L" in name:
            shared[INDEX[name.replace(".L", ".R")], place] = 1
    return shared
