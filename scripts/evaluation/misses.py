"""The questions that did not get what they should, with what they got instead."""

from collections.abc import Iterator
from typing import Any

from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.questions import OUT_OF_SCOPE
from scripts.evaluation.shares import share


def misses(outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """Every miss of a set. A sign wants an urgent reply, though a caution is not nothing; see `caution`."""
    return (_miss(each) for each in outcomes if _failed(each))


def own_questions_report(outcomes: list[Outcome]) -> dict[str, Any]:
    """How entries' own questions fared: the share that has its entry first and shown as the answer, and the others."""
    failed = [_failed(each) or not each.right or each.action != "answer" for each in outcomes]
    return {
        "questions": len(outcomes),
        "first and answered": share(not each for each in failed),
        "misses": [_miss(each) for each, miss in zip(outcomes, failed, strict=True) if miss],
    }


def _failed(outcome: Outcome) -> bool:
    if outcome.question.expected_kind:
        return outcome.urgent != outcome.question.is_sign
    return outcome.decision != ("answered right" if outcome.question.in_scope else "declined")


def _miss(outcome: Outcome) -> dict[str, Any]:
    question = outcome.question
    return {
        "query": question.query,
        "first": question.first,
        "expected": question.expected,
        "kind": question.expected_kind or ("in scope" if question.in_scope else question.kind or OUT_OF_SCOPE),
        "decision": outcome.action if question.expected_kind or outcome.urgent else outcome.decision,
        "caution": outcome.caution,
        "confidence": round(outcome.confidence, 3),
        "matched": outcome.ranked[:3],
    }
