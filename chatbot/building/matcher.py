"""The matcher of an index: its arrays anew for the points as they are, and calibrated on them, unless hardly a point
changed since it was calibrated."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE, StoredVectors
from chatbot.building.all_clears import fit_all_clears
from chatbot.building.centroids import centroids_of
from chatbot.building.conditions import fit_conditions
from chatbot.building.embeddings import EmbeddingCache
from chatbot.building.exchanges import Texts
from chatbot.building.fitting import FittedMatcher, fit
from chatbot.building.plan import Plan
from chatbot.building.related import nearest_entries
from chatbot.building.searching import make_search
from chatbot.building.training_set import (
    OUT_OF_SCOPE_ARRAY,
    TRIAL_ARRAYS,
    PointTexts,
    out_of_scope_texts,
    topics_of_answers,
    training_set,
)
from chatbot.corpus.corpus import Corpus
from chatbot.index.manifest import Calibration, MatcherSpec, SearchSpec
from chatbot.index.store import Store
from chatbot.index.writer import IndexWriter
from chatbot.matching.lexical import LexicalIndex, weighted_features
from chatbot.matching.matcher import MATCHER_VERSION
from chatbot.matching.points import Points
from chatbot.records import StageProgress
from chatbot.text.spelling import SpellingCorrector

_LEARNT = ("matcher-said-weights", "matcher-coverage", "matcher-turn-kinds", "matcher-turn-parts")
_ALL = ("matcher-", OUT_OF_SCOPE_ARRAY, *TRIAL_ARRAYS)

Arrays = Mapping[str, npt.NDArray[Any]]


def kept_whole(old: Store, writer: IndexWriter) -> tuple[MatcherSpec, int]:
    """The matcher of the index before, with its arrays and the vectors that it was fitted on kept, and how many of
    these there are."""
    return old.manifest.matcher, _keep(old, writer, _ALL)


def _keep(old: Store, writer: IndexWriter, beginnings: tuple[str, ...]) -> int:
    """Keep the arrays whose names begin so; returns how many vectors that are."""
    names = [name for name in old.files if name.startswith(beginnings)]
    for name in names:
        writer.keep(name)
    return sum(len(old.array(name)) for name in names if name in (OUT_OF_SCOPE_ARRAY, *TRIAL_ARRAYS))


class MatcherMaker:
    """Makes the matcher of some points, whose `vectors` are written, for one build."""

    def __init__(
        self,
        plan: Plan,
        corpus: Corpus,
        points: PointTexts,
        vectors: StoredVectors,
        embeddings: EmbeddingCache,
        writer: IndexWriter,
    ) -> None:
        self._plan = plan
        self._corpus = corpus
        self._texts = points
        self._vectors = vectors
        self._embeddings = embeddings
        self._writer = writer
        self._urgent = np.array([entry.kind == "urgent" for entry in corpus.entries])

    def recalibrated(self, corrector: SpellingCorrector, *, tuned: bool, progress: StageProgress) -> MatcherSpec:
        """A matcher that is calibrated anew; `tuned`: the encoder was, on the phrasings."""
        out_of_scope = out_of_scope_texts(self._corpus, self._embeddings.vectors)
        training = training_set(
            self._corpus,
            self._texts,
            self._vectors,
            out_of_scope,
            corrector,
            self._embeddings.vectors,
            tuned=tuned,
        )
        points, search = self._points(out_of_scope)
        fitted = fit(points, training, partial(progress, "fitting"))
        turns, conditions = training.exchanges.turns, self._corpus.conditions
        self._put({"turn-kinds": turns.kinds, "turn-parts": turns.parts})
        self._put({"said-weights": fit_conditions(conditions.rows, conditions.messages)})
        return self._spec(fitted, search, Calibration(self._plan.calibrated_on, 0))

    def as_calibrated(self, old: Store, changed: int) -> tuple[MatcherSpec, int]:
        """A matcher with the calibration of the index before, since which so many points have `changed` in all, and how
        many vectors of trial messages were kept."""
        before = old.manifest.matcher
        points, search = self._points(out_of_scope_texts(self._corpus, self._embeddings.vectors))
        centroids, intra_entry_similarity, _ = centroids_of(self._vectors, points.entry_of, len(self._urgent))
        arrays = {"centroids": centroids, "intra-entry-similarity": intra_entry_similarity}
        fitted = FittedMatcher(arrays, before.weights, before.thresholds, before.held_out)
        kept = _keep(old, self._writer, (*_LEARNT, *TRIAL_ARRAYS))
        return self._spec(fitted, search, Calibration(self._plan.calibrated_on, changed)), kept

    def _points(self, out_of_scope: Texts) -> tuple[Points, SearchSpec]:
        """The points, with all that is found beside them written."""
        entry_of, kinds, urgent = self._texts.entry_of, self._texts.kinds, self._urgent
        document_of = np.where(entry_of == NONE, len(urgent), entry_of)
        idf, features = weighted_features(self._texts.texts, document_of, out_of_scope.texts)
        search, spec = make_search(self._vectors, self._writer)
        lexical = LexicalIndex(idf, features)
        points = Points(search, entry_of, kinds, self._texts.phrasings, urgent, lexical, out_of_scope.vectors)
        related = nearest_entries(points, np.array([entry.kind == "answer" for entry in self._corpus.entries]))
        self._put({f"lexical-{name}": array for name, array in {"idf": idf, **vars(features)}.items()})
        self._put({"all-clear": fit_all_clears(points)})
        self._put({"urgent": urgent, "related": related, "topics": topics_of_answers(self._corpus.entries)})
        return points, spec

    def _put(self, arrays: Arrays) -> None:
        for name, array in arrays.items():
            self._writer.put_array(f"matcher-{name}", array)

    def _spec(self, fitted: FittedMatcher, search: SearchSpec, calibration: Calibration) -> MatcherSpec:
        self._put(fitted.arrays)
        return MatcherSpec(
            version=MATCHER_VERSION,
            fitted_on=self._plan.fitted_on,
            calibration=calibration,
            weights=fitted.weights,
            thresholds=fitted.thresholds,
            search=search,
            held_out=fitted.held_out,
        )
