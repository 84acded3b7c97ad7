"""What came of the questions that should be answered, and of those that should not: a row of figures each."""

from typing import Any

from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.shares import share, upper_bound

Row = dict[str, Any]


def in_scope_row(outcomes: list[Outcome]) -> Row:
    """How questions in scope fared. An alarm is an answer: a wrong one, unless its entry is expected."""
    decided = ("answered right", "answered wrong", "right one listed", "declined")
    return {
        "n": len(outcomes),
        "first right": share(each.right for each in outcomes),
        "first three": share(each.in_three for each in outcomes),
        **{decision: share(each.decision == decision for each in outcomes) for decision in decided},
    }


def out_of_scope_row(outcomes: list[Outcome]) -> Row:
    """How questions out of scope fared. An alarm is an answer."""
    return {
        "n": len(outcomes),
        "answered": share(each.answered for each in outcomes),
        "clarified": share(each.action == "clarify" for each in outcomes),
        "declined": share(each.decision == "declined" for each in outcomes),
    }


def answers_row(outcomes: list[Outcome]) -> Row:
    """Of the answers given, alarms apart, those to another question than the one asked."""
    given = [each for each in outcomes if each.answered and not each.urgent]
    elsewhere = [each.decision == "answered wrong" for each in given]
    return {"n": len(given), "to another question": share(elsewhere), "at most": upper_bound(elsewhere)}


def two_questions_row(outcomes: list[Outcome]) -> Row:
    """For messages of two questions, how many of the two have their entry shown or listed."""
    names = ("neither", "one", "both")
    return {
        "n": len(outcomes),
        **{name: share(each.parts_offered == count for each in outcomes) for count, name in enumerate(names)},
    }
