"""What a matcher is calibrated on, with vectors in clusters."""

import numpy as np
import pytest

from chatbot.building import held_out
from chatbot.building.exchanges import Texts
from chatbot.building.fitting import PRIORS
from chatbot.building.follow_ups import PRIORS as FOLLOW_UP_PRIORS
from chatbot.building.screening import PRIORS as SCREEN_PRIORS
from chatbot.building.training_set import LabelledMessage
from tests.builders import unit
from tests.building.clusters import DIMENSION, TEXT, Clusters

PRIOR_WEIGHTS = {name: model.weights.tolist() for name, model in {**PRIORS, **SCREEN_PRIORS}.items()}
AFTER_ANSWER_WEIGHTS = {
    f"{name}{behind}": model.weights.tolist()
    for name, model in SCREEN_PRIORS.items()
    for behind in ("_in_context", "_after_answer")
}


def right(candidate):
    """The probability that a first match is right, given that the corpus covers the question."""
    return candidate.confidence / candidate.in_scope


# Held-out phrasings.


def test_too_few_held_out_fall_back_to_the_priors():
    parameters = Clusters([4] * 7).fit()
    assert parameters["weights"] == PRIOR_WEIGHTS | AFTER_ANSWER_WEIGHTS | {"follow_ups": FOLLOW_UP_PRIORS.tolist()}
    assert parameters["thresholds"] == {"answer": 0.7, "clarify": 0.5, "urgent": 0.5, "caution": 0.5}
    assert parameters["held_out"] == {"questions": 28}


def test_enough_of_them_are_fitted_on():
    parameters = Clusters([4] * 8).fit()
    assert parameters["held_out"] == {"questions": 32, "accuracy": 1.0}
    for name in ("in_scope", "top1_correct"):
        assert parameters["weights"][name] != PRIOR_WEIGHTS[name]
        assert min(parameters["weights"][name][:-1]) >= 0
    for name in ("urgent", "caution"):
        assert parameters["weights"][name] == PRIOR_WEIGHTS[name]


def test_what_was_fitted_tells_what_is_in_scope():
    corpus = Clusters([4] * 8)
    answer = corpus.fit()["thresholds"]["answer"]
    inside, outside = corpus.around(range(8)), unit(corpus.random.normal(size=(8, DIMENSION)))
    assert [each.entry for each in corpus.first(inside)] == list(range(8))
    assert min(each.confidence for each in corpus.first(inside)) >= answer
    assert max(each.confidence for each in corpus.first(outside)) < answer
    # Near misses are phrasings without all of their entry, so they teach nothing against what is inside.
    assert min(each.in_scope for each in corpus.first(inside)) > 0.92


def test_an_entry_of_one_phrasing_has_none_to_hold_out():
    assert Clusters([4] * 8 + [1] * 5).fit()["held_out"]["questions"] == 32


def test_the_accuracy_is_that_of_phrasings_held_out():
    corpus = Clusters([4] * 8)
    # One phrasing of each of the first two entries lies where the other entry is.
    corpus.vectors[[0, 4]] = corpus.vectors[[4, 0]]
    assert corpus.fit()["held_out"] == {"questions": 32, "accuracy": 30 / 32}


def test_a_phrasing_does_not_vouch_for_itself():
    corpus = Clusters([2] * 20)
    corpus.vectors = np.eye(40, DIMENSION, dtype=np.float32)  # nothing is like anything
    assert corpus.fit()["held_out"]["accuracy"] < 0.2


def test_what_the_encoder_was_tuned_on_is_not_asked():
    corpus = Clusters([4] * 20)
    corpus.held_out[:] = False
    corpus.held_out[0:80:2] = True  # every other answer
    assert corpus.fit()["held_out"]["questions"] == 40
    corpus.held_out[58:] = False  # 29 are too few
    assert corpus.fit()["held_out"]["questions"] == 80


def test_very_many_are_thinned_evenly(monkeypatch):
    monkeypatch.setattr(held_out, "_MOST", 30)
    assert Clusters([4] * 8).fit()["held_out"]["questions"] == 30
    assert held_out.spread(np.arange(10, 20), 3).tolist() == [10, 14, 19]
    assert held_out.spread(np.arange(3), 5).tolist() == [0, 1, 2]
    assert held_out.spread(np.arange(0), 5).tolist() == []


def test_a_single_entry_has_no_near_misses():
    parameters = Clusters([40]).fit()
    assert parameters["held_out"] == {"questions": 40, "accuracy": 1.0}


def test_without_out_of_scope_questions_it_is_fitted_on_near_misses():
    parameters = Clusters([4] * 8, out_of_scope=0).fit()
    assert parameters["weights"]["in_scope"] != PRIOR_WEIGHTS["in_scope"]


def test_progress_counts_comparisons_to_their_end():
    told = []
    corpus = Clusters([4] * 8, [4] * 2, look_alikes=3, cautions=1)
    corpus.try_out(corpus.around([0, 1]), 0)
    corpus.try_out(corpus.around([0, 1, 2]), 0, 1)
    corpus.fit(lambda *step: told.append(step))
    # 32 without their entries, 40 others, 32 without their points, 5 labelled questions, 2 of these without the one
    # entry that answers them: told before each.
    assert told == [(done, 111) for done in (0, 32, 72, 104, 109, 111)]


def test_progress_is_told_for_each_block():
    told = []
    Clusters([4] * 40).fit(lambda done, _: told.append(done))
    # 160 without their entries, in blocks of 64, and as many without their points after 40 others.
    assert told == [0, 64, 128, 160, 200, 264, 328, 360]


# Labelled questions.


def half_right(inside=60, outside=60):
    """A corpus with labelled questions, of which the first match is right for half of those with an answer."""
    corpus = Clusters([4] * 8)
    asked = corpus.around(np.arange(inside) % 4)
    for number, vector in enumerate(asked):
        corpus.try_out([vector], number % 4 if number < inside // 2 else 7)
    corpus.try_out(unit(corpus.random.normal(size=(outside, DIMENSION))))
    return corpus, asked


def test_labelled_questions_say_how_sure_to_be():
    before = Clusters([4] * 8).fit()
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
        assert parameters["weights"][name] != pytest.approx(before["weights"][name], rel=0.05)


@pytest.mark.parametrize(("inside", "outside"), [(49, 60), (60, 49), (0, 0)])
def test_too_few_labelled_questions_change_nothing(inside, outside):
    corpus, _ = half_right(inside, outside)
    assert corpus.fit() == Clusters([4] * 8).fit()


def test_thresholds_come_from_labelled_questions():
    corpus, asked = half_right()
    thresholds = corpus.fit()["thresholds"]
    # Asking what was meant costs 0.4 where it is listed and 0.5 elsewhere, 0.45 on average; answering costs as much at
    # a confidence of 0.55.
    confidence = [each.confidence for each in corpus.first(asked)]
    assert np.mean(confidence) == pytest.approx(0.5, abs=0.05)
    assert thresholds["answer"] == pytest.approx(0.55, abs=0.05)
    # As often declined costs 0.6.
    assert min(each.in_scope for each in corpus.first(asked)) >= thresholds["clarify"]


def test_a_labelled_question_ranks_by_its_sentences_too():
    corpus = Clusters([4] * 8)
    for number, vector in enumerate(corpus.around(np.arange(60) % 4)):
        # The whole says nothing; a sentence of it says what is meant.
        whole = unit(corpus.random.normal(size=DIMENSION))
        parts = Texts([f"{TEXT}{number}", f"so stiff{number}"], np.array([whole, vector]))
        corpus.labelled.append(LabelledMessage(parts, frozenset({number % 4})))
    corpus.try_out(unit(corpus.random.normal(size=(60, DIMENSION))))
    assert corpus.fit()["held_out"]["labelled_accuracy"] > 0.9


def test_what_a_fit_stores():
    corpus = Clusters([4] * 8, [4] * 2)
    corpus.fit()
    assert {name: array.shape for name, array in corpus.fitted.arrays.items()} == {
        "centroids": (10, DIMENSION),
        "intra-entry-similarity": (10,),
        "coverage": (DIMENSION + 1,),
    }
    assert corpus.fit() == Clusters([4] * 8, [4] * 2).fit()
