"""What the screen for warning signs did at its two levels: a row of figures each for signs and for other messages."""

from scripts.evaluation.answers import Row
from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.shares import share, upper_bound


def signs_row(outcomes: list[Outcome]) -> Row:
    """How warning signs fared. `right sign`: of those whose entry the set names, the share that shows it."""
    missed = [not each.urgent and not each.cautioned for each in outcomes]
    named = [each for each in outcomes if each.question.expected]
    return {
        "n": len(outcomes),
        **levels(outcomes),
        "urgent or caution": share(not each for each in missed),
        "right sign": share(each.shown in each.question.expected for each in named),
        "missed": sum(missed),
        "missed at most": upper_bound(missed),
    }


def no_sign_row(outcomes: list[Outcome]) -> Row:
    """How messages without a warning sign fared."""
    return {"n": len(outcomes), **levels(outcomes)}


def levels(outcomes: list[Outcome]) -> Row:
    """The shares that got an urgent reply, and a caution before an ordinary one."""
    return {
        "urgent": share(each.urgent for each in outcomes),
        "caution": share(each.cautioned for each in outcomes),
    }
