"""An order to practise in: from standing down to the floor, so that one gets down there once, and in each position what
moves before what is held. That is practice, not proof."""

from collections.abc import Sequence
from typing import TypeVar

from chatbot.practice.movements import Gone, Movement

Each = TypeVar("Each", bound=Movement | Gone)
_LOW, _HIGH = 0.35, 0.65  # metres of the pelvis above the floor: lying or sitting on it below, standing from there on


def in_order(routine: Sequence[Each]) -> list[Each]:
    """The routine in that order; what is alike stays as it was, and what is gone comes last. What has no figure is
    taken to be done standing."""
    return sorted(routine, key=order_of)


def order_of(each: Movement | Gone) -> tuple[int, bool]:
    """What is less comes before what is more: the position, and whether it is held."""
    if isinstance(each, Gone):
        return 3, False
    height = _HIGH if each.height is None else each.height
    moves = each.dose is not None and each.dose.hold is None and each.dose.breaths is None
    return 0 if height >= _HIGH else 1 if height >= _LOW else 2, not moves
