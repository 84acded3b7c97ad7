"""Whether people are told that something is not for them, once they said what they have: a row of figures."""

from scripts.evaluation.answers import Row
from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.shares import share


def warned_row(outcomes: list[Outcome]) -> Row:
    """How many were warned, and of those that were shown or offered what they asked for, how many were."""
    found = [each for each in outcomes if each.shown in each.question.expected]
    return {
        "n": len(outcomes),
        "warned": share(each.warned for each in outcomes),
        "of those found": share(each.warned for each in found),
    }
