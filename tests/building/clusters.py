"""Points in clusters to fit a matcher on: entry n lies around axis n, first answers, then warning signs."""

from dataclasses import asdict

import numpy as np

from chatbot.arrays import NONE
from chatbot.building.exchanges import Exchanges, Texts
from chatbot.building.fitting import fit
from chatbot.building.training_set import LabelledMessage, PointTexts, TrainingSet
from chatbot.matching.follow_ups import FOLLOW_UPS
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.points import ANSWER, CAUTION, LOOK_ALIKE, SIGN, Points
from chatbot.matching.scorer import Scorer
from chatbot.matching.screen import Screen
from chatbot.matching.turns import Turns
from chatbot.records import TURNS
from tests.builders import entry, unit

DIMENSION = 48
TEXT = "so stiff here"


class Clusters:
    """Answers and warning signs with so many phrasings each; look-alikes lie beside the signs in turn, and each sign
    has so many cautions. What it holds can be changed before `points` is read."""

    def __init__(self, answers, signs=(), look_alikes=0, cautions=0, out_of_scope=40):
        random = self.random = np.random.default_rng(11)
        self.entries = len(answers) + len(signs)
        owners = np.repeat(np.arange(self.entries), [*answers, *signs])
        urgent = np.arange(self.entries) >= len(answers)
        of_cautions = np.repeat(np.flatnonzero(urgent), cautions)
        beside = self.beside(len(answers) + np.arange(look_alikes) % max(1, len(signs)))
        maybes = self.beside(of_cautions)
        self.entry_of = np.array([*owners, *[NONE] * look_alikes, *of_cautions], dtype=np.int32)
        kinds = [*np.where(urgent[owners], SIGN, ANSWER), *[LOOK_ALIKE] * look_alikes, *[CAUTION] * len(of_cautions)]
        self.kinds = np.array(kinds, dtype=np.int8)
        self.vectors = np.concatenate([self.around(owners), beside, maybes])
        self.phrasings = len(owners)
        self.urgent = urgent
        self.out_of_scope = unit(random.normal(size=(out_of_scope, DIMENSION)))
        self.labelled = []
        self.said = []
        self.held_out = np.ones(len(self.entry_of), dtype=bool)

    def around(self, entries):
        """A question about each of these entries."""
        entries = np.asarray(entries, dtype=int)
        return unit(np.eye(DIMENSION)[entries] + 0.1 * self.random.normal(size=(len(entries), DIMENSION)))

    def beside(self, entries):
        """Something that is like each of these entries, and as much like something else."""
        entries = np.asarray(entries, dtype=int)
        return unit(np.eye(DIMENSION)[entries] + unit(self.random.normal(size=(len(entries), DIMENSION))))

    def strange(self, count):
        """So many questions about nothing that there is."""
        return unit(self.random.normal(size=(count, DIMENSION)))

    def try_out(self, vectors, *expected):
        """Add labelled questions, all of which are expected to be answered by the same entries, or by none."""
        for vector in vectors:
            asked = Texts([f"{TEXT}{len(self.labelled)}"], vector[None])
            self.labelled.append(LabelledMessage(asked, frozenset(expected)))

    def go_on(self, vectors, before, *expected, turn="same", part=NONE, joined=None, related=()):
        """Add messages after what an entry answered, all of which are answered by the same entries, or by none; behind
        the question before them they are `joined`, unless given the same."""
        for vector, both in zip(vectors, vectors if joined is None else joined, strict=True):
            text = f"{TEXT}{len(self.said)}"
            self.said.append((text, vector, both, before, frozenset(expected), TURNS.index(turn), part, related))

    @property
    def exchanges(self):
        columns = zip(*self.said, strict=True) if self.said else [()] * 8
        texts, alone, joined, before, expected, kinds, parts, related = map(list, columns)
        alone, joined = (np.array(some, dtype=np.float32).reshape(-1, DIMENSION) for some in (alone, joined))
        rows = np.array(before, dtype=np.int64)
        questions = [f"entry {row}" for row in before]
        urgent = self.urgent.tolist()
        return Exchanges(
            messages=Texts(texts, alone),
            joined=Texts([f"{one} {other}" for one, other in zip(questions, texts, strict=True)], joined),
            questions=Texts(questions, np.eye(DIMENSION, dtype=np.float32)[rows]),
            before=[entry(f"entry {row}", kind="urgent" if urgent[row] else "answer") for row in before],
            before_rows=rows,
            related=related,
            expected=expected,
            turns=Turns(alone, np.array(kinds, dtype=np.int8), np.array(parts, dtype=np.int8)),
            may_be_a_sign=np.array(
                [any(urgent[row] for row in (one, *others)) for one, others in zip(before, expected, strict=True)],
                dtype=bool,
            ),
        )

    @property
    def topics(self):
        """One of all answers."""
        return np.where(self.urgent, NONE, 0)

    @property
    def points(self):
        document_of = np.where(self.entry_of == NONE, self.entries, self.entry_of)
        lexical = LexicalIndex.fit(["."] * len(self.entry_of), document_of, [])
        search = NeighbourSearch(self.vectors)
        return Points(search, self.entry_of, self.kinds, self.phrasings, self.urgent, lexical, self.out_of_scope)

    @property
    def training(self):
        texts = PointTexts([TEXT] * len(self.entry_of), self.entry_of, self.kinds, self.phrasings)
        others = Texts([TEXT] * len(self.out_of_scope), self.out_of_scope)
        return TrainingSet(
            texts, self.vectors, self.urgent, self.topics, self.held_out, others, self.labelled, self.exchanges
        )

    def fit(self, progress=None):
        self.fitted = fit(self.points, self.training, progress)
        return {
            "weights": {name: list(weights) for name, weights in self.fitted.weights.items()},
            "thresholds": asdict(self.fitted.thresholds),
            "held_out": self.fitted.held_out,
        }

    def _models(self):
        weights = self.fitted.weights.items()
        return {name: LogisticModel(np.array(each)) for name, each in weights if name != FOLLOW_UPS}

    def matcher(self):
        """The fitted matcher as an index opens it."""
        arrays = self.fitted.arrays
        scorer = Scorer(self.points, LogisticModel(arrays["coverage"]))
        return Matcher(scorer, arrays["centroids"], arrays["intra-entry-similarity"], self._models())

    def first(self, vectors):
        """The first match of each of some questions."""
        found, points = self.matcher(), self.points
        return [found.rank(found.scorer.compare(near), 1)[0] for near in points.near([TEXT] * len(vectors), vectors)]

    def signs(self, vectors):
        """The sign that each of some messages describes or may describe."""
        screen, points = Screen(self.points, self._models()), self.points
        near = points.near([TEXT] * len(vectors), vectors)
        return [screen.judge([each], self.fitted.thresholds) for each in near]
