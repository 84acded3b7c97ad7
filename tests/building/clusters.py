"""Points in clusters to fit a matcher on: entry n lies around axis n, first answers, then warning signs."""

from dataclasses import asdict

import numpy as np

from chatbot.arrays import NONE
from chatbot.building.fitting import fit
from chatbot.building.training_set import LabelledMessage, PointTexts, Texts, TrainingSet
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.points import ANSWER, CAUTION, LOOK_ALIKE, SIGN, Points
from chatbot.matching.scorer import Scorer
from chatbot.matching.screen import Screen
from tests.builders import unit

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
        self.follow_ups = np.empty((0, DIMENSION), dtype=np.float32)
        self.held_out = np.ones(len(self.entry_of), dtype=bool)

    def around(self, entries):
        """A question about each of these entries."""
        entries = np.asarray(entries)
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
        follow_ups = Texts([TEXT] * len(self.follow_ups), self.follow_ups)
        none = Texts([], np.empty((0, DIMENSION), dtype=np.float32))
        return TrainingSet(
            texts,
            self.vectors,
            self.urgent,
            self.held_out,
            others,
            self.labelled,
            follow_ups,
            none,
            np.empty(0, dtype=np.bool_),
        )

    def fit(self, progress=None):
        self.fitted = fit(self.points, self.training, progress)
        return {
            "weights": {name: list(weights) for name, weights in self.fitted.weights.items()},
            "thresholds": asdict(self.fitted.thresholds),
            "held_out": self.fitted.held_out,
        }

    def _models(self):
        return {name: LogisticModel(np.array(each)) for name, each in self.fitted.weights.items()}

    def matcher(self):
        """The fitted matcher as an index opens it."""
        arrays = self.fitted.arrays
        return Matcher(Scorer(self.points), arrays["centroids"], arrays["intra-entry-similarity"], self._models())

    def first(self, vectors):
        """The first match of each of some questions."""
        found, points = self.matcher(), self.points
        return [found.rank(found.scorer.compare(near), 1)[0] for near in points.near([TEXT] * len(vectors), vectors)]

    def signs(self, vectors):
        """The sign that each of some messages describes or may describe."""
        screen, points = Screen(self.points, self._models()), self.points
        near = points.near([TEXT] * len(vectors), vectors)
        return [screen.judge([each], self.fitted.thresholds) for each in near]
