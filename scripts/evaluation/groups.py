"""The rows of a table: all outcomes, then those of each style, kind and length of message."""

from collections.abc import Callable

from scripts.evaluation.outcomes import Outcome

_SHORT, _LONG = 12, 30  # words
_LENGTHS = (f"under {_SHORT} words", f"{_SHORT} to {_LONG} words", f"over {_LONG} words")


def length(outcome: Outcome) -> str:
    """How long the message is, by its words between spaces."""
    count = len(outcome.question.query.split())
    return _LENGTHS[0] if count < _SHORT else _LENGTHS[1] if count <= _LONG else _LENGTHS[2]


def groups(outcomes: list[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by the name of their row. Where all are of one style, kind or length, "all" has said it."""
    rows = {"all": outcomes}
    rows |= _told_apart(outcomes, lambda each: each.question.style)
    rows |= _told_apart(outcomes, lambda each: each.question.kind)
    rows |= _told_apart(outcomes, length, _LENGTHS)
    return rows


def _told_apart(
    outcomes: list[Outcome], name: Callable[[Outcome], str], order: tuple[str, ...] = ()
) -> dict[str, list[Outcome]]:
    rows: dict[str, list[Outcome]] = {each: [] for each in order}
    for outcome in outcomes:
        rows.setdefault(name(outcome), []).append(outcome)
    return {each: of_it for each, of_it in rows.items() if each and 0 < len(of_it) < len(outcomes)}
