"""The field `dose` of an entry: how much of its movement it recommends, in items of a few fixed forms."""

import re
from collections.abc import Callable, Iterable

from chatbot.records import Dose, Span

FORMS = (
    "hold 20 to 30 s",
    "hold 2 min",
    "hold 5 breaths",
    "2 to 3 times",
    "2 rounds",
    "each side",
    "rest 10 s",
    "2 to 3 days a week",
    "2 times a day",
    "every day",
    "most days",
)
_SPAN = r"(\d{1,3})(?: to (\d{1,3}))?"
_HOLD = re.compile(rf"hold {_SPAN} (s|min|breaths)")
_COUNT = re.compile(rf"{_SPAN} (times|rounds)")
_REST = re.compile(rf"rest {_SPAN} (s|min)")
_OFTEN = re.compile(rf"{_SPAN} (?:days a week|times a day)|every day|most days")
_SIDES = "each side"
_SECONDS = {"s": 1, "min": 60}


def read_dose(items: Iterable[str], report: Callable[[str], None]) -> Dose | None:
    """The dose in the items of the field; None where there are none, or one of them cannot be read, which is reported.

    An item stands in one of the forms of `FORMS`; numbers are whole, the smaller one first, and none is 0.
    """
    written, seen, wrong = tuple(items), set[str](), False
    fields: dict[str, Span] = {}
    for item in written:
        name, span = _read(item)
        problem = _problem(item, name, span, seen)
        if problem:
            report(problem)
            wrong = True
        seen.add(name)
        if span:
            fields[name] = span
    if written and not wrong and not seen & {"hold", "breaths", "times"}:
        report("the 'dose' neither holds nor counts; write `hold … s`, or `… times`")
        wrong = True
    if wrong or not written:
        return None
    often = next((item for item in written if _OFTEN.fullmatch(item)), "")
    return Dose(
        written,
        fields.get("hold"),
        fields.get("breaths"),
        fields.get("times"),
        fields.get("rounds"),
        fields.get("rest"),
        _SIDES in seen,
        often,
    )


def _read(item: str) -> tuple[str, Span | None]:
    """What an item says, by name, and from how much to how much; the name is empty for what has no form."""
    if item == _SIDES:
        return _SIDES, None
    if found := _OFTEN.fullmatch(item):
        return "often", _span(found[1], found[2], 1) if found[1] else None
    if found := _HOLD.fullmatch(item):
        name = "breaths" if found[3] == "breaths" else "hold"
        return name, _span(found[1], found[2], _SECONDS.get(found[3], 1))
    if found := _REST.fullmatch(item):
        return "rest", _span(found[1], found[2], _SECONDS[found[3]])
    if found := _COUNT.fullmatch(item):
        return found[3], _span(found[1], found[2], 1)
    return "", None


def _span(least: str, most: str | None, unit: int) -> Span:
    return int(least) * unit, int(most or least) * unit


def _problem(item: str, name: str, span: Span | None, seen: set[str]) -> str:
    if not name:
        return f"{item!r} is no item of a 'dose'; write it as one of: {', '.join(FORMS)}"
    if name in seen or {name, *seen} >= {"hold", "breaths"}:
        return f"{item!r} says what another item of the 'dose' says; keep one of them"
    if span and not 0 < span[0] <= span[1]:
        return f"{item!r} counts from nothing, or down; write the smaller number first"
    return ""
