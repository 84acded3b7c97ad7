"""All figures of a question set: tables by name, each a row of figures by the name of the row."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scripts.evaluation.answers import Row, answers_row, in_scope_row, out_of_scope_row, two_questions_row
from scripts.evaluation.groups import groups
from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.questions import OUT_OF_SCOPE
from scripts.evaluation.ranking import scores_row, told_apart_row
from scripts.evaluation.signs import no_sign_row, signs_row
from scripts.evaluation.suiting import warned_row

INTERVALS = (
    "Shares stand with their 95 % interval (Wilson), what is not a share with that of a bootstrap; "
    "`at most` is the one-sided upper bound with 95 % confidence (Clopper-Pearson)."
)


def report(outcomes: list[Outcome]) -> dict[str, Any]:
    """The figures; a share, and what the bootstrap bounds, as [value, low, high]."""
    inside = [each for each in outcomes if each.question.in_scope]
    outside = [each for each in outcomes if each.question.out_of_scope]
    judged = inside + outside
    kinds = dict.fromkeys(each.question.kind for each in outside)
    tables = {
        "in scope": _rows(in_scope_row, inside),
        "out of scope": _rows(out_of_scope_row, outside),
        "answers given": {"all": answers_row(judged)} if judged else {},
        "two questions": _rows(two_questions_row, [each for each in inside if len(each.question.parts) > 1]),
        "signs": _rows(signs_row, [each for each in outcomes if each.question.is_sign]),
        "without a sign": _rows(no_sign_row, [each for each in outcomes if not each.question.is_sign]),
        "not for them": _rows(warned_row, [each for each in outcomes if each.question.suits is False]),
        "for them": _rows(warned_row, [each for each in outcomes if each.question.suits]),
        "scores": {"all": scores_row(inside, judged)} if judged else {},
        "told apart": {
            kind or OUT_OF_SCOPE: told_apart_row(inside, [each for each in outside if each.question.kind == kind])
            for kind in kinds
            if inside
        },
        "milliseconds": {"all": _milliseconds(outcomes)} if outcomes else {},
    }
    return {"questions": len(outcomes), **{name: rows for name, rows in tables.items() if rows}}


def _rows(row: Callable[[list[Outcome]], Row], outcomes: list[Outcome]) -> dict[str, Row]:
    return {name: row(of_it) for name, of_it in groups(outcomes).items()} if outcomes else {}


def _milliseconds(outcomes: list[Outcome]) -> Row:
    milliseconds = np.array([outcome.seconds for outcome in outcomes]) * 1000
    return {
        "median": round(float(np.median(milliseconds)), 2),
        "p95": round(float(np.quantile(milliseconds, 0.95)), 2),
    }
