"""Does a message describe a warning sign? A regression among the points near each of its passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.arrays import Rows, Vectors
from chatbot.matching.kernel_ridge import kernel_matrix, kernel_weights
from chatbot.matching.logistic import Array, LogisticModel
from chatbot.matching.points import CAUTION, KINDS, SIGN, Near, Points
from chatbot.records import Thresholds

# The models that tell how likely a text describes a warning sign, and may describe one, and what each of them reads.
MODELS, SIGNALS = ("urgent", "caution"), ("sign", "caution")
IN_CONTEXT = "_in_context"  # behind the name of a model: the same for a message that is joined to what was before
AFTER_ANSWER = "_after_answer"  # and for the message by itself, where it follows an answer
ALL_MODELS = (*MODELS, *(f"{name}{behind}" for behind in (IN_CONTEXT, AFTER_ANSWER) for name in MODELS))
_NO_ROWS, _NO_VALUES = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)


@dataclass(frozen=True)
class Reading:
    """What the points near a text say: how much it is a warning sign, and what may be one (0 not at all, 1 wholly); and
    the points near it that are a sign or may be one, with their weights."""

    sign: float
    caution: float
    rows: Rows
    weights: Vectors

    @property
    def signals(self) -> Array:
        """What the models of `MODELS` read, shape (signals,)."""
        return np.array([getattr(self, name) for name in SIGNALS])


@dataclass(frozen=True, slots=True)
class Sign:
    """The warning sign that a message is about, by the row of its entry, with the row of the phrasing of that entry
    that is most alike; the probabilities that the message describes a sign, and that it may."""

    entry: int
    phrasing: int
    urgent: float
    caution: float
    is_urgent: bool


class Screen:
    """Judges messages by the points near their passages. Stateless; any thread may use it."""

    def __init__(self, points: Points, models: Mapping[str, LogisticModel]) -> None:
        self._points = points
        self._models = models

    def read(self, near: Near) -> Reading:
        """What the points near a text say of it."""
        points, nearest = self._points, slice(self._points.neighbours)
        rows, cosines = near.rows[nearest], near.cosines[nearest]
        kinds = points.kinds[rows]
        about = (kinds == SIGN) | (kinds == CAUTION)
        if not about.any():
            return Reading(0.0, 0.0, _NO_ROWS, _NO_VALUES)
        words = points.lexical.similarities(near.text, rows)
        weights = kernel_weights(kernel_matrix(points.search.at(rows)), cosines, words)
        share = np.bincount(kinds, weights, minlength=len(KINDS)).tolist()
        return Reading(share[SIGN], share[CAUTION], rows[about], weights[about])

    def judge(self, passages: Sequence[Near], thresholds: Thresholds, in_context: Sequence[Near] = ()) -> Sign | None:
        """The sign that a message describes or may describe, by what is near its passages, and near those that are
        joined to what was before; None: neither, or no passages."""
        if not (passages or in_context) or not self._points.urgent.any():
            return None
        readings = [self.read(near) for near in (*passages, *in_context)]
        signals = np.array([reading.signals for reading in readings])
        urgent, caution = (self._told(name, signals, len(passages)) for name in MODELS)
        is_urgent = bool(urgent.max() >= thresholds.urgent)
        if not is_urgent and caution.max() < thresholds.caution:
            return None
        name, least = ("urgent", thresholds.urgent) if is_urgent else ("caution", thresholds.caution)
        told = self._models[name].probability(signals)
        # What was before says what a message is about, where the two together sound like a sign at all.
        first = len(passages) if in_context and told[len(passages) :].max() >= least else 0
        likeliest = readings[first + int(told[first:].argmax())]
        if not len(likeliest.rows):
            return None
        entry, phrasing = self._most_alike(likeliest)
        return Sign(entry, phrasing, float(urgent.max()), float(caution.max()), is_urgent)

    def _told(self, name: str, signals: Array, alone: int) -> Array:
        """What a model tells of the signals of passages, of which the first ones stand alone, shape (passages,)."""
        by_itself = name if alone == len(signals) else f"{name}{AFTER_ANSWER}"
        models = self._models[by_itself], self._models[f"{name}{IN_CONTEXT}"]
        return np.concatenate([models[0].probability(signals[:alone]), models[1].probability(signals[alone:])])

    def _most_alike(self, reading: Reading) -> tuple[int, int]:
        """The entry that the points of a reading speak for most, and its phrasing that is nearest."""
        owner = self._points.entry_of[reading.rows]
        entries, first, place = np.unique(owner, return_index=True, return_inverse=True)
        most = int(np.bincount(place, reading.weights.clip(0)).argmax())
        entry = int(entries[most])
        return entry, self._points.phrasing_of(int(reading.rows[first[most]]), entry)
