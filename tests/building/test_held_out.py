"""What a matcher is fitted on, beside points that do not know it: vectors in clusters."""

import numpy as np
import pytest

from chatbot.building import held_out
from chatbot.building.coverage import fit_coverage
from chatbot.building.held_out import compare_held_out
from chatbot.matching.scorer import Scorer
from tests.building.clusters import TEXT, Clusters


def compared(corpus):
    similarity = np.linspace(0, 0.5, len(corpus.entry_of), dtype=np.float32)
    coverage = fit_coverage(corpus.points, corpus.training)
    scorer = Scorer(corpus.points, coverage.model)
    return compare_held_out(scorer, corpus.training, similarity, coverage, lambda *_: None)


def near(comparisons):
    """The entry that each is most like."""
    return [int(each.answers.entries[each.answers.scores.argmax()]) for each in comparisons]


def test_phrasings_are_without_themselves_and_with_the_centroid_of_the_others():
    found = compared(Clusters([3, 2, 1]))
    # The last entry has one phrasing, which would be without any.
    assert found.owners == [0, 0, 0, 1, 1]
    assert [each.exclusion.points.tolist() for each in found.phrasings] == [[0], [1], [2], [3], [4]]
    similarity = np.linspace(0, 0.5, 6, dtype=np.float32).tolist()
    centroids = [each.exclusion.centroid for each in found.phrasings]
    assert centroids == [(0, similarity[0]), (0, similarity[1]), (0, similarity[2]), (1, similarity[3]),
                         (1, similarity[4])]  # fmt: skip
    assert near(found.phrasings) == found.owners
    assert all(each.answers.cosines.max() < 0.999 for each in found.phrasings)


def test_near_misses_are_without_their_entry():
    found = compared(Clusters([3, 2, 1]))
    assert [each.answers.entries.tolist() for each in found.near_misses] == [[1, 2]] * 3 + [[0, 2]] * 2


def test_warning_signs_are_neither():
    found = compared(Clusters([2, 2], [3], look_alikes=2, cautions=2))
    assert found.owners == [0, 0, 1, 1]
    assert [each.answers.entries.tolist() for each in found.near_misses] == [[1], [1], [0], [0]]


def test_out_of_scope_questions_are_without_themselves():
    corpus = Clusters([2, 2], out_of_scope=5)
    cosines = corpus.out_of_scope @ corpus.out_of_scope.T
    others = [np.sort(np.delete(row, place))[-3:].mean() for place, row in enumerate(cosines)]
    assert [each.oos_similarity for each in compared(corpus).out_of_scope] == pytest.approx(others, abs=1e-5)


def test_whether_a_kind_is_covered_is_told_by_what_does_not_know_the_message():
    corpus = Clusters([2, 2], out_of_scope=6)
    corpus.try_out(corpus.around([0]), 0)
    found, coverage = compared(corpus), fit_coverage(corpus.points, corpus.training)
    assert [each.coverage for each in found.out_of_scope] == coverage.of_out_of_scope.tolist()
    assert [each.coverage for each in found.phrasings] == coverage.of_points.tolist()
    assert [each.coverage for each in found.near_misses] == coverage.of_points.tolist()
    # Labelled questions are known to no model.
    for each in (*found.labelled.values(), *found.labelled_near_misses):
        assert each.coverage == pytest.approx(float(coverage.model.logit(each.vector)))


def test_labelled_questions_with_one_answer_are_near_misses_without_its_entry():
    corpus = Clusters([2, 2, 2])
    corpus.try_out(corpus.around([0]), 0)
    corpus.try_out(corpus.around([1]), 1, 2)
    corpus.try_out(corpus.strange(1))
    corpus.try_out(corpus.around([2]), 2)
    found = compared(corpus)
    texts = [f"{TEXT}{number}" for number in range(4)]
    assert list(found.labelled) == texts
    assert all(found.labelled[text].exclusion is None for text in texts)
    assert near([found.labelled[text] for text in (texts[0], texts[1], texts[3])]) == [0, 1, 2]
    misses = [(each.text, each.answers.entries.tolist()) for each in found.labelled_near_misses]
    assert misses == [(texts[0], [1, 2]), (texts[3], [0, 1])]
    for each in found.labelled_near_misses:
        assert each.vector.tolist() == found.labelled[each.text].vector.tolist()
        assert each.exclusion.centroid is None


def test_of_very_many_labelled_questions_some_are_near_misses(monkeypatch):
    monkeypatch.setattr(held_out, "_MOST_NEAR_MISSES", 2)
    corpus = Clusters([2, 2])
    corpus.try_out(corpus.around([0] * 5), 0)
    # Every third of five: any more often would be more than two.
    assert [each.text for each in compared(corpus).labelled_near_misses] == [f"{TEXT}0", f"{TEXT}3"]
    assert len(compared(corpus).labelled) == 5


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_it_is_the_same_in_batches(monkeypatch, batch):
    def made():
        corpus = Clusters([3, 2, 1], [2], look_alikes=1)
        corpus.try_out(corpus.around([0, 0]), 0)
        return compared(corpus)

    whole = made()
    monkeypatch.setattr(held_out, "_BATCH", batch)
    again = made()
    for kind in ("phrasings", "near_misses", "out_of_scope", "labelled_near_misses"):
        for one, other in zip(getattr(whole, kind), getattr(again, kind), strict=True):
            assert one.answers.entries.tolist() == other.answers.entries.tolist()
            assert one.answers.scores == pytest.approx(other.answers.scores, abs=1e-5)
