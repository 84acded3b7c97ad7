"""Changes of a list: each gives what `RoutineFile.change` takes, and raises `RoutineError` where it cannot be done."""

from collections.abc import Sequence

from chatbot.corpus.validation import suggestion
from chatbot.errors import RoutineError
from chatbot.index.index import Index
from chatbot.practice.kept import MOST, Change, Kept
from chatbot.practice.movements import movements, teaches_movement
from chatbot.practice.order import in_order
from chatbot.text.cleaning import one_line

_NOTHING = "there is nothing on your list yet"


def adding(index: Index, entry_id: str) -> Change:
    """The list with an entry at its end. Raises `RoutineError` for an id that is none, or that of no movement; the
    change does for what stands there already, and for more than there may be."""
    row = index.rows.get(entry_id)
    if row is None:
        hint = suggestion(entry_id, index.ids) or "; an entry's id is the name of its file"
        raise RoutineError(f"no entry is called {one_line(entry_id)!r}{hint}")
    entry = index.entry(row)
    if not teaches_movement(entry):
        raise RoutineError(f"“{one_line(entry.question)}” teaches no movement to practise, so it was not kept")

    def add(kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        if any(each.id == entry.id for each in kept):
            raise RoutineError(f"“{one_line(entry.question)}” is on your list already")
        if len(kept) >= MOST:
            raise RoutineError(f"there are {MOST} on your list, which is the most; drop one first")
        return (*kept, Kept(entry.id, one_line(entry.question)))

    return add


def dropping(number: int) -> Change:
    """The list without what stands at a number, from 1."""
    return lambda kept: kept[: _place(number, kept)] + kept[number:]


def moving(number: int, to: int) -> Change:
    """The list with what stands at a number at another one."""

    def move(kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        place, target = _place(number, kept), _place(to, kept)
        others = [*kept[:place], *kept[place + 1 :]]
        return (*others[:target], kept[place], *others[target:])

    return move


def ordering(index: Index) -> Change:
    """The list in the order of `in_order`."""

    def order(kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        if not kept:
            raise RoutineError(_NOTHING)
        by_id = {each.id: each for each in kept}
        return tuple(by_id[each.id] for each in in_order(movements(index, kept)))

    return order


def _place(number: int, kept: Sequence[Kept]) -> int:
    if not kept:
        raise RoutineError(_NOTHING)
    if not 1 <= number <= len(kept):
        raise RoutineError(f"there is no number {number} on your list; choose from 1 to {len(kept)}")
    return number - 1
