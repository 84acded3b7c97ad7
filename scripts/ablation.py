"""What each kind of evidence is worth: rankings of a question set with one more of them at each step."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import Chatbot
from chatbot.fitting import centroids_of
from chatbot.ridge import NO_ENTRY, balance, base, fit_ridge, kernel
from chatbot.sentences import sentences
from scripts.metrics import auroc, bootstrap

Scores = npt.NDArray[np.float32]


class Ablation:
    """The steps, each a function of a query that gives every entry a score."""

    def __init__(self, bot: Chatbot) -> None:
        self.index = index = bot.index
        self.entries = index.counts["entries"]
        self.entry_of = np.asarray(index.phrasing_entry)
        self.vectors = np.asarray(index.vectors)
        self.starts = np.searchsorted(self.entry_of, np.arange(self.entries))
        self.centroids = centroids_of(self.vectors, self.entry_of, self.entries)[0]
        self.urgent = np.zeros(self.entries, dtype=bool)
        plain = kernel(self.vectors @ self.vectors.T, np.zeros(1, dtype=np.float32))
        self.plain_alphas = fit_ridge(plain, self.entry_of, self.entries, self.urgent).alphas
        self.balance = balance(self.entry_of[self.entry_of != NO_ENTRY], self.entries)

    def steps(self) -> Iterator[tuple[str, Any]]:
        yield "nearest phrasing", lambda text: self.nearest(self.encode(text))
        yield "+ centroid", lambda text: self.nearest(self.encode(text)) + self.centroids @ self.encode(text)
        yield "ridge on the vectors", lambda text: self.ridge(self.encode(text))
        yield "+ words and letters in common", self.full
        yield "+ spelling", lambda text: self.full(self.index.speller.correct(text))
        yield "+ sentences", lambda text: self.by_sentence(self.index.speller.correct(text))

    def encode(self, text: str) -> Scores:
        return self.index.encoder.encode([text])[0]

    def nearest(self, vector: Scores) -> Scores:
        return np.maximum.reduceat(self.vectors @ vector, self.starts)

    def ridge(self, vector: Scores) -> Scores:
        alike = kernel(self.vectors @ vector, np.zeros(1, dtype=np.float32))
        return (alike @ self.plain_alphas + base(self.entries)) * self.balance

    def full(self, text: str) -> Scores:
        scores = np.full(self.entries, -1.0, dtype=np.float32)
        compared = self.index.matcher.compare(text, self.encode(text))
        scores[compared.rows] = compared.scores
        return scores

    def by_sentence(self, text: str) -> Scores:
        parts = [part for part in sentences(text) if part != text]
        said = [self.full(part).clip(0) for part in parts]
        return self.full(text) + (np.sum(said, axis=0) / 2 if said else 0)


def ablation(bot: Chatbot, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each step: accuracy of the first match, its gain over the step before with a paired bootstrap interval, and
    the area under the ROC curve of the best score, in scope against each kind out of scope."""
    steps = Ablation(bot)
    inside = [question for question in questions if question["expected"]]
    outside = [question for question in questions if not question["expected"]]
    rows_by_id, before, table = bot.index.rows, None, []
    for name, score in steps.steps():
        found = [score(question["query"]) for question in inside]
        wanted = [{rows_by_id.get(expected) for expected in question["expected"]} for question in inside]
        right = np.array([int(scores.argmax()) in ids for scores, ids in zip(found, wanted, strict=True)], dtype=float)
        row: dict[str, Any] = {"step": name, "accuracy": round(float(right.mean()), 4)}
        if before is not None:
            gain = right - before
            row["gain"] = [
                round(each, 4) for each in (gain.mean(), *bootstrap(lambda rows, g=gain: g[rows].mean(), len(gain)))
            ]
        best = np.array([scores.max() for scores in found], dtype=float)
        for kind in dict.fromkeys(question.get("kind", "out of scope") for question in outside):
            others = [
                score(question["query"]).max() for question in outside if question.get("kind", "out of scope") == kind
            ]
            row[f"AUROC {kind}"] = round(auroc(best, np.array(others, dtype=float)), 4)
        table.append(row)
        before = right
    return table
