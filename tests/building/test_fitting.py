"""What a matcher is calibrated on, with vectors in clusters: entry n lies around axis n."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building import held_out
from chatbot.building.fitting import PRIORS, fit
from chatbot.building.training_set import LabelledMessage, PointTexts, Texts, TrainingSet
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import Matcher
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.scorer import Exclusion, Points, Scorer
from tests.builders import unit

DIMENSION = 48
PRIOR_WEIGHTS = {name: model.weights.tolist() for name, model in PRIORS.items()}


class Corpus:
    """A corpus of answers, then warning signs, with so many phrasings each; the vectors can be changed before `fit`."""

    def __init__(self, answers, signs=(), look_alikes=0, out_of_scope=40):
        random = self.random = np.random.default_rng(11)
        owners = np.repeat(np.arange(len(answers) + len(signs)), [*answers, *signs])
        beside = unit(np.eye(DIMENSION)[len(answers) + np.arange(look_alikes) % max(1, len(signs))])
        beside += unit(random.normal(size=(look_alikes, DIMENSION)))
        self.entry_of = np.array([*owners, *[NONE] * look_alikes], dtype=np.int32)
        self.vectors = np.concatenate([self.around(owners), unit(beside)])
        self.phrasings = len(owners)
        self.urgent = np.array([False] * len(answers) + [True] * len(signs))
        self.out_of_scope = unit(random.normal(size=(out_of_scope, DIMENSION)))
        self.labelled = []
        self.held_out = np.ones(self.phrasings, dtype=bool)

    def around(self, entries):
        """A question about each of these entries."""
        entries = np.asarray(entries)
        return unit(np.eye(DIMENSION)[entries] + 0.1 * self.random.normal(size=(len(entries), DIMENSION)))

    def try_out(self, vectors, *expected):
        """Add labelled questions, all of which are expected to be answered by the same entries, or by none."""
        for vector in vectors:
            asked = Texts([f"so stiff here{len(self.labelled)}"], vector[None])
            self.labelled.append(LabelledMessage(asked, asked, frozenset(expected)))

    def fit(self, progress=None):
        texts = ["so stiff here"] * len(self.entry_of)
        document_of = np.where(self.entry_of == NONE, len(self.urgent), self.entry_of)
        lexical = LexicalIndex.fit(["."] * len(texts), document_of, [])
        self.points = Points(
            NeighbourSearch(self.vectors), self.entry_of, self.phrasings, self.urgent, lexical, self.out_of_scope
        )
        others = Texts(["so stiff here"] * len(self.out_of_scope), self.out_of_scope)
        training = TrainingSet(
            PointTexts(texts, self.entry_of, self.phrasings),
            self.vectors,
            self.urgent,
            self.held_out,
            Texts([], self.vectors[:0]),
            others,
            self.labelled,
        )
        self.fitted = fit(self.points, training, progress)
        return {
            "weights": {name: list(weights) for name, weights in self.fitted.weights.items()},
            "thresholds": asdict(self.fitted.thresholds),
            "held_out": self.fitted.held_out,
        }

    def matcher(self):
        """The matcher as an index opens it."""
        models = {name: LogisticModel(np.array(each)) for name, each in self.fitted.weights.items()}
        arrays = self.fitted.arrays
        return Matcher(Scorer(self.points), arrays["centroids"], arrays["intra-entry-similarity"], models)

    def first(self, vectors):
        found = self.matcher()
        return [found.rank(found.scorer.compare("so stiff here", vector), 1)[0] for vector in vectors]


def right(candidate):
    """The probability that a first match is right, given that the corpus covers the question."""
    return candidate.confidence / candidate.in_scope


# Held-out phrasings.


def test_too_few_held_out_fall_back_to_the_priors():
    parameters = Corpus([4] * 7).fit()
    assert parameters["weights"] == PRIOR_WEIGHTS
    assert parameters["thresholds"] == {"answer": 0.7, "clarify": 0.5, "urgent": 0.1429}
    assert parameters["held_out"] == {"questions": 28}


def test_enough_of_them_are_fitted_on():
    parameters = Corpus([4] * 8).fit()
    assert parameters["held_out"] == {"questions": 32, "accuracy": 1.0}
    for name in ("in_scope", "top1_correct"):
        assert parameters["weights"][name] != PRIOR_WEIGHTS[name]
        assert min(parameters["weights"][name][:-1]) >= 0
    assert parameters["weights"]["red_flag"] == PRIOR_WEIGHTS["red_flag"]


def test_what_was_fitted_tells_what_is_in_scope():
    corpus = Corpus([4] * 8)
    answer = corpus.fit()["thresholds"]["answer"]
    inside, outside = corpus.around(range(8)), unit(corpus.random.normal(size=(8, DIMENSION)))
    assert [each.entry for each in corpus.first(inside)] == list(range(8))
    assert min(each.confidence for each in corpus.first(inside)) >= answer
    assert max(each.confidence for each in corpus.first(outside)) < answer
    # Near misses are phrasings without all of their entry, so they teach nothing against what is inside.
    assert min(each.in_scope for each in corpus.first(inside)) > 0.92


def test_an_entry_of_one_phrasing_has_none_to_hold_out():
    assert Corpus([4] * 8 + [1] * 5).fit()["held_out"]["questions"] == 32


def test_the_accuracy_is_that_of_phrasings_held_out():
    corpus = Corpus([4] * 8)
    # One phrasing of each of the first two entries lies where the other entry is.
    corpus.vectors[[0, 4]] = corpus.vectors[[4, 0]]
    assert corpus.fit()["held_out"] == {"questions": 32, "accuracy": 30 / 32}


def test_a_phrasing_does_not_vouch_for_itself():
    corpus = Corpus([2] * 20)
    corpus.vectors = np.eye(40, DIMENSION, dtype=np.float32)  # nothing is like anything
    assert corpus.fit()["held_out"]["accuracy"] < 0.2


def test_what_the_encoder_was_tuned_on_is_not_asked():
    corpus = Corpus([4] * 20, signs=[20, 20])
    corpus.held_out[:] = False
    corpus.held_out[0:80:2] = True  # every other answer, and no sign: too few of those, so that all of them are asked
    reached = corpus.fit()["held_out"]
    assert (reached["questions"], reached["red_flags"]) == (40, 40)
    corpus.held_out[80:111] = True
    assert corpus.fit()["held_out"]["red_flags"] == 31


def test_very_many_are_thinned_evenly(monkeypatch):
    monkeypatch.setattr(held_out, "_MOST", 30)
    assert Corpus([4] * 8).fit()["held_out"]["questions"] == 30
    assert held_out._spread(np.arange(10, 20), 3).tolist() == [10, 14, 19]
    assert held_out._spread(np.arange(3), 5).tolist() == [0, 1, 2]
    assert held_out._spread(np.arange(0), 5).tolist() == []


def test_a_single_entry_has_no_near_misses():
    parameters = Corpus([40]).fit()
    assert parameters["held_out"] == {"questions": 40, "accuracy": 1.0}


def test_without_out_of_scope_questions_it_is_fitted_on_near_misses():
    parameters = Corpus([4] * 8, out_of_scope=0).fit()
    assert parameters["weights"]["in_scope"] != PRIOR_WEIGHTS["in_scope"]


def test_progress_counts_comparisons_to_their_end():
    told = []
    corpus = Corpus([4] * 8, [4] * 2, look_alikes=3)
    corpus.try_out(corpus.around([0, 1]), 0)
    corpus.fit(lambda *step: told.append(step))
    # 32 without their entries, 40 others, 32 without their points, 2 labelled questions, which the screen has then, 8
    # signs, 3 look-alikes: told before each.
    assert told == [(done, 117) for done in (0, 32, 72, 104, 106, 114, 117)]


def test_progress_is_told_for_each_block():
    told = []
    Corpus([4] * 40).fit(lambda done, _: told.append(done))
    # 160 without their entries, in blocks of 64, and as many without their points after 40 others.
    assert told == [0, 64, 128, 160, 200, 264, 328, 360]


# Labelled questions.


def half_right(inside=60, outside=60):
    """A corpus with labelled questions, of which the first match is right for half of those with an answer."""
    corpus = Corpus([4] * 8)
    asked = corpus.around(np.arange(inside) % 4)
    for number, vector in enumerate(asked):
        corpus.try_out([vector], number % 4 if number < inside // 2 else 7)
    corpus.try_out(unit(corpus.random.normal(size=(outside, DIMENSION))))
    return corpus, asked


def test_labelled_questions_say_how_sure_to_be():
    before = Corpus([4] * 8).fit()
    corpus, asked = half_right()
    parameters = corpus.fit()
    assert parameters["held_out"] == {
        "questions": 32,
        "accuracy": 1.0,
        "labelled_questions": 60,
        "labelled_accuracy": 0.5,
    }
    assert np.mean([right(each) for each in corpus.first(asked)]) == pytest.approx(0.5, abs=0.02)
    for name in ("in_scope", "top1_correct"):
        old, new = np.array(before["weights"][name]), np.array(parameters["weights"][name])
        # Signals are weighed against each other as held-out phrasings have it.
        assert new[:-1] * old[0] == pytest.approx(old[:-1] * new[0], rel=1e-3)
        assert new[0] != pytest.approx(old[0], rel=0.05)


@pytest.mark.parametrize(("inside", "outside"), [(49, 60), (60, 49), (0, 0)])
def test_too_few_labelled_questions_change_nothing(inside, outside):
    corpus, _ = half_right(inside, outside)
    assert corpus.fit() == Corpus([4] * 8).fit()


def test_thresholds_come_from_labelled_questions():
    corpus, asked = half_right()
    thresholds = corpus.fit()["thresholds"]
    # Answering costs half a wrong answer each; asking what was meant 0.3 where it is listed and 0.5 elsewhere.
    confidence = [each.confidence for each in corpus.first(asked)]
    assert 0.3 < min(confidence) <= max(confidence) < thresholds["answer"]
    assert min(each.in_scope for each in corpus.first(asked)) >= thresholds["clarify"]


def test_a_labelled_question_ranks_by_its_sentences_too():
    corpus = Corpus([4] * 8)
    for number, vector in enumerate(corpus.around(np.arange(60) % 4)):
        # The whole says nothing; a sentence of it says what is meant.
        whole = unit(corpus.random.normal(size=DIMENSION))
        parts = Texts([f"so stiff here{number}", f"so stiff{number}"], np.array([whole, vector]))
        corpus.labelled.append(LabelledMessage(parts, parts, frozenset({number % 4})))
    corpus.try_out(unit(corpus.random.normal(size=(60, DIMENSION))))
    assert corpus.fit()["held_out"]["labelled_accuracy"] > 0.9


# The screen for warning signs.


def sure_of_held_out_sign(corpus, row):
    """How sure the screen is of a warning sign that is neither a point nor part of its entry's centroid."""
    found = corpus.matcher()
    others = np.flatnonzero((corpus.entry_of == corpus.entry_of[row]) & (np.arange(len(corpus.entry_of)) != row))
    cosine = float(unit(corpus.vectors[others].sum(axis=0)) @ corpus.vectors[row])
    exclusion = Exclusion(np.array([row]), centroid=(int(corpus.entry_of[row]), cosine))
    return found.red_flag(found.scorer.compare_all(["so stiff here"], corpus.vectors[[row]], [exclusion])[0]).confidence


def test_the_screen_is_fitted_on_signs_look_alikes_and_ordinary_messages():
    corpus = Corpus([4] * 8, [4] * 9, look_alikes=18)
    parameters = corpus.fit()
    # 35 of 36 are caught.
    assert parameters["held_out"] == {"questions": 32, "accuracy": 1.0, "red_flags": 36, "caught": 0.9722}
    assert parameters["weights"]["red_flag"] != PRIOR_WEIGHTS["red_flag"]
    found, threshold = corpus.matcher(), parameters["thresholds"]["urgent"]
    # The one that is not is the one that lies nearest to a look-alike beside how near it lies to another of its own.
    signs, look_alikes = corpus.vectors[32:68], corpus.vectors[68:]
    cosines = signs @ signs.T - 2 * np.eye(36)
    cosines[corpus.entry_of[32:68, None] != corpus.entry_of[None, 32:68]] = -1
    mistaken = (signs @ look_alikes.T).max(axis=1) - cosines.max(axis=1)
    sure = [sure_of_held_out_sign(corpus, row) for row in range(32, 68)]
    assert np.flatnonzero(np.array(sure) < threshold).tolist() == [mistaken.argmax()]

    def probabilities(vectors):
        return [found.red_flag(found.scorer.compare("so stiff here", vector)).confidence for vector in vectors]

    assert min(probabilities(corpus.around(np.arange(8, 17)))) >= threshold
    assert max(probabilities(corpus.around(np.arange(8)))) < threshold
    assert np.mean(np.array(probabilities(corpus.vectors[corpus.phrasings :])) < threshold) > 0.8


def test_signs_that_lie_among_the_answers_are_not_caught():
    corpus = Corpus([4] * 8, [4] * 9)
    corpus.vectors[32:50] = corpus.around(np.arange(18) % 8)
    caught = corpus.fit()["held_out"]["caught"]
    assert caught == pytest.approx(0.5, abs=0.1)


def test_too_few_signs_fall_back_to_the_prior():
    parameters = Corpus([4] * 8, [4] * 7).fit()
    assert parameters["weights"]["red_flag"] == PRIOR_WEIGHTS["red_flag"]
    assert parameters["held_out"] == {"questions": 32, "accuracy": 1.0, "red_flags": 28}


def test_the_screen_weighs_an_alarm_against_a_missed_sign(monkeypatch):
    monkeypatch.setattr(settings, "COSTS", replace(settings.COSTS, false_alarm=3.0))
    assert Corpus([4] * 8, [4] * 9).fit()["thresholds"]["urgent"] == 0.3333


def test_what_a_fit_stores():
    corpus = Corpus([4] * 8, [4] * 2)
    corpus.fit()
    assert {name: array.shape for name, array in corpus.fitted.arrays.items()} == {
        "centroids": (10, DIMENSION),
        "intra-entry-similarity": (10,),
    }
    assert corpus.fit() == Corpus([4] * 8, [4] * 2).fit()
