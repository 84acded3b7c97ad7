"""A routine as stages, one after the other: what is held or counted, on which side, and the rests between.

Of a dose from … to …, a hold is as long as the most and there are as many as the least: 20 to 30 seconds, two or three
times, is 30 seconds twice. What lies between is practice that nobody has put to the test.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.practice.movements import Gone, Movement
from chatbot.records import Dose, Span

PAUSE, SHORT_PAUSE = 10, 3  # seconds after a hold and after a short one, where the dose names no rest
CHANGE = 5  # seconds to change sides
READY = 10  # seconds to get into a position
LONG = 15  # seconds from which sides take turns; shorter holds are all done on one side first
# Seconds that what is counted by hand is taken to last, in a sum and where nobody can say that it is done.
_BREATH, _MOVE, _UNKNOWN = 5, 4, 60
_SIDES = ("first side", "other side")

Kind = Literal["ready", "hold", "count", "rest", "change"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the movement at `place` in a routine, from 0: what is done in words (`what`, `side`, `count`, the last
    two may be empty), for how many `seconds`, and whether the person says that it is done (`by_hand`: then the seconds
    are an estimate)."""

    place: int
    kind: Kind
    what: str
    seconds: int
    side: str = ""
    count: str = ""
    by_hand: bool = False

    @property
    def words(self) -> str:
        """What is done, in a line."""
        return ", ".join(filter(None, (self.what, self.side, self.count)))


def stages(routine: Sequence[Movement | Gone]) -> list[Stage]:
    """The stages of all that is there of a routine."""
    return [stage for place, each in enumerate(routine) if isinstance(each, Movement) for stage in _stages(place, each)]


def seconds_of(routine: Sequence[Movement | Gone]) -> int:
    """About how many seconds a routine takes."""
    return sum(stage.seconds for stage in stages(routine))


def _stages(place: int, movement: Movement) -> Iterator[Stage]:
    yield Stage(place, "ready", "Get ready", READY)
    dose = movement.dose
    if dose is None:
        yield Stage(place, "count", "As the steps say", _UNKNOWN, by_hand=True)
    elif dose.hold is None:
        yield from _counted(place, dose)
    else:
        yield from _held(place, dose, dose.hold[1])


def _held(place: int, dose: Dose, seconds: int) -> Iterator[Stage]:
    rest = dose.rest[1] if dose.rest else PAUSE if seconds >= LONG else SHORT_PAUSE
    turns = _turns(_least(dose.times), _least(dose.rounds), dose.each_side, in_turn=seconds >= LONG)
    before: str | None = None
    for side, count in turns:
        if before is not None and side != before:
            yield Stage(place, "change", "Change sides", CHANGE)
        elif before is not None:
            yield Stage(place, "rest", "Rest", rest)
        yield Stage(place, "hold", "Hold", seconds, side, count)
        before = side


def _turns(times: int, rounds: int, each_side: bool, *, in_turn: bool) -> Iterator[tuple[str, str]]:
    """The side and the count of each hold. Sides take turns, or else all of a round is done on one side first."""
    sides = _SIDES if each_side else ("",)
    every, total = times * rounds, "" if times * rounds == 1 else f" of {times * rounds}"
    if in_turn:
        yield from ((side, f"{number}{total}" if total else "") for number in range(1, every + 1) for side in sides)
        return
    for done in range(0, every, times):
        for side in sides:
            yield from ((side, f"{done + number}{total}" if total else "") for number in range(1, times + 1))


def _counted(place: int, dose: Dose) -> Iterator[Stage]:
    rounds, times, breaths = _least(dose.rounds), _least(dose.times), _least(dose.breaths)
    seconds = times * (breaths * _BREATH if dose.breaths else _MOVE)
    counts = [f"{number} of {rounds}" for number in range(1, rounds + 1)] if rounds > 1 else [""]
    for count in counts:
        for side in _SIDES if dose.each_side else ("",):
            yield Stage(place, "count", _what_is_counted(dose), seconds, side, count, by_hand=True)


def _what_is_counted(dose: Dose) -> str:
    times = f"{_span(dose.times)} times" if dose.times else ""
    breaths = f"{_span(dose.breaths)} breaths" if dose.breaths else ""
    return f"{times}, for {breaths} each" if times and breaths else times or breaths


def _span(span: Span | None) -> str:
    return "" if span is None else f"{span[0]}" if span[0] == span[1] else f"{span[0]} to {span[1]}"


def _least(span: Span | None) -> int:
    return span[0] if span else 1
