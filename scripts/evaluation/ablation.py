"""What each kind of evidence is worth: rankings of a question set with one more of them at each step."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from chatbot import Chatbot
from chatbot.arrays import NONE, Vectors
from chatbot.index.index import Index
from chatbot.matching.points import Near
from chatbot.matching.scorer import Comparison, Ranking
from chatbot.text.message import read_message
from scripts.evaluation.metrics import auroc, bootstrap
from scripts.evaluation.questions import OUT_OF_SCOPE, Question

# The row of the entry that ranks first, and its score.
First = tuple[int, float]


class Ablation:
    """The steps, each a function of a query that says what ranks first."""

    def __init__(self, index: Index) -> None:
        self.matcher, self.points, self.corrector = index.matcher, index.points, index.corrector
        self.encode = cache(lambda text: index.encoder.encode([text])[0])

    def steps(self) -> Iterator[tuple[str, Callable[[str], First]]]:
        yield "nearest phrasing", self.nearest
        yield "+ centroid", self.nearest_and_centroid
        yield "regression among the neighbours", self.regression
        yield "+ words in common", self.words
        yield "+ spelling", lambda text: self.words(read_message(text, self.corrector).corrected)
        yield "+ sentences", self.sentences

    def near(self, text: str) -> Near:
        return self.points.near([text], self.encode(text)[None])[0]

    def compare(self, text: str) -> Comparison:
        return self.matcher.scorer.compare(self.near(text))

    def nearest(self, text: str) -> First:
        near = self.compare(text).answers
        return _first(near, near.cosines)

    def nearest_and_centroid(self, text: str) -> First:
        compared = self.compare(text)
        centroid_similarity = self.matcher.evidence(compared)["centroid_similarity"]
        return _first(compared.answers, compared.answers.cosines + centroid_similarity)

    def regression(self, text: str) -> First:
        # A text without words has none in common.
        near = self.matcher.scorer.compare(replace(self.near(text), text="")).answers
        return _first(near, near.scores)

    def words(self, text: str) -> First:
        near = self.compare(text).answers
        return _first(near, near.scores)

    def sentences(self, text: str) -> First:
        message = read_message(text, self.corrector)
        ranked = self.matcher.rank(self.compare(message.corrected), 1, list(map(self.compare, message.sentences)))
        return (ranked[0].entry, ranked[0].score) if ranked else (NONE, 0.0)


def _first(ranking: Ranking, scores: Vectors) -> First:
    if not len(scores):
        return NONE, 0.0
    best = int(scores.argmax())
    return int(ranking.entries[best]), float(scores[best])


def ablation(bot: Chatbot, questions: list[Question]) -> list[dict[str, Any]]:
    """For each step: accuracy of the first match, its gain over the step before with a paired bootstrap interval, and
    the area under the ROC curve of the best score, in scope against each kind out of scope."""
    inside = [question for question in questions if question.in_scope]
    outside = [question for question in questions if question.out_of_scope]
    rows_by_id, before, table = bot.index.rows, None, []
    for name, first in Ablation(bot.index).steps():
        first_matches = [first(question.query) for question in inside]
        wanted = [{rows_by_id.get(expected) for expected in question.expected} for question in inside]
        right = np.array([entry in ids for (entry, _), ids in zip(first_matches, wanted, strict=True)], dtype=float)
        row: dict[str, Any] = {"step": name, "accuracy": round(float(right.mean()), 4)}
        if before is not None:
            gain = right - before
            row["gain"] = [
                round(each, 4) for each in (gain.mean(), *bootstrap(lambda rows, g=gain: g[rows].mean(), len(gain)))
            ]
        best = np.array([score for _, score in first_matches])
        for kind in dict.fromkeys(question.kind for question in outside):
            others = [first(question.query)[1] for question in outside if question.kind == kind]
            row[f"AUROC {kind or OUT_OF_SCOPE}"] = round(auroc(best, np.array(others)), 4)
        table.append(row)
        before = right
    return table
