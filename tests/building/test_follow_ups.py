"""The weights by which entries are ranked after an answer, fitted on what people said: vectors in clusters."""

import zlib

import numpy as np
import pytest

from chatbot.building import follow_ups as module
from chatbot.building.centroids import centroids_of
from chatbot.building.coverage import fit_coverage
from chatbot.building.fitting import PRIORS as MODELS
from chatbot.building.follow_ups import PRIORS, fit_follow_ups
from chatbot.matching.follow_ups import SIGNALS, FollowUps
from chatbot.matching.matcher import Matcher
from chatbot.matching.scorer import Scorer
from chatbot.records import TURNS
from tests.building.clusters import TEXT, Clusters


def matcher(corpus):
    points = corpus.points
    centroids, similarity, _ = centroids_of(points.search.vectors, points.entry_of, corpus.entries)
    return Matcher(Scorer(points, fit_coverage(points, corpus.training).model), centroids, similarity, MODELS)


def fitted(corpus):
    return fit_follow_ups(matcher(corpus), corpus.topics, corpus.exchanges)


def samples(corpus):
    return module._samples(FollowUps(matcher(corpus), corpus.topics, PRIORS), corpus.exchanges)


def signal(choices, name, row):
    return float(choices.signals[row, SIGNALS.index(name)])


def stays(count, before=0):
    """A corpus in which so many messages ask again for what was shown, though they are like another entry."""
    corpus = Clusters([4] * 8)
    corpus.go_on(corpus.around([1] * count), before, before)
    return corpus


# What the weights start from.


def test_priors_speak_for_what_their_names_say():
    by_name = dict(zip(SIGNALS, PRIORS.tolist(), strict=True))
    assert PRIORS.shape == (len(SIGNALS),)
    assert (by_name["alone"], by_name["joined"], by_name["before"], by_name["none"]) == (3, 2, 1.5, 2.5)
    assert (by_name["before_unsaid"], by_name["small_talk"], by_name["none_alone_in_scope"]) == (-2, -1, -1)
    # What a kind of turn says is all to be learnt.
    assert {by_name[f"{name}_{turn}"] for name in ("before", "none") for turn in TURNS} == {0}
    assert set(module._PRIORS) <= set(SIGNALS)


@pytest.mark.parametrize(("count", "fits"), [(0, False), (29, False), (30, True)])
def test_from_thirty_exchanges_on_it_is_fitted(count, fits):
    weights = fitted(stays(count))
    assert (weights.tolist() != PRIORS.tolist()) is fits


# What is learnt from.


def apart():
    """A corpus of which not all is near: entry 30 lies where all that is like entry 0 is furthest from."""
    corpus = Clusters([4] * 40, [4])  # 164 points, of which 96 are near
    corpus.vectors[120:124] = -np.eye(48, dtype=np.float32)[0]
    return corpus


def test_exchanges_after_an_answer_are_learnt_from_whose_right_choice_is_near():
    corpus = apart()
    corpus.go_on(corpus.around([0]), 3, 3)
    corpus.go_on(corpus.around([1]), 3)
    corpus.go_on(corpus.around([2]), 40, 2)  # after a sign
    corpus.go_on(corpus.around([4]), 3, 3, 4)
    corpus.go_on(corpus.around([0]), 3, 30)
    found = samples(corpus)
    rights = [(each.choices.entries[each.right[:-1]].tolist(), bool(each.right[-1])) for each in found]
    assert rights == [([3], False), ([], True), ([3, 4], False)]
    assert all(len(each.right) == len(each.choices.entries) + 1 for each in found)


def test_the_entry_before_and_its_related_ones_are_always_near():
    corpus = apart()
    message = corpus.around([0])
    corpus.go_on(message, 1, 30)
    corpus.go_on(message, 30, 30)
    corpus.go_on(message, 1, 30, related=[30])
    first, second = samples(corpus)  # the message alone is none
    for found, name in ((first, "before"), (second, "related")):
        place = found.choices.entries.tolist().index(30)
        assert np.flatnonzero(found.right).tolist() == [place]
        assert signal(found.choices, name, place) == 1


def test_messages_about_a_part_count_as_much_together_as_another_kind():
    corpus = Clusters([4] * 8)
    corpus.go_on(corpus.around([1] * 4), 1, 1, turn="part", part=0)
    assert module._weights(corpus.exchanges).tolist() == [0] * 4  # of no other kind there is nothing
    corpus.go_on(corpus.around([1] * 2), 1, 1, turn="same")
    corpus.go_on(corpus.around([2]), 1, 2, turn="new")
    # Three of two other kinds: one and a half in all, and of each of the four three eighths.
    assert module._weights(corpus.exchanges).tolist() == [0.375] * 4 + [1] * 3
    assert [each.weight for each in samples(corpus)] == [0.375] * 4 + [1] * 3
    corpus.go_on(corpus.around([2] * 7), 1, 2, turn="new")
    assert module._weights(corpus.exchanges).tolist() == [1] * 14  # 10 / 2 is more than four, and one counts as one


def test_without_messages_about_a_part_each_counts_as_one():
    assert module._weights(stays(3).exchanges).tolist() == [1] * 3
    assert module._weights(stays(0).exchanges).tolist() == []


def test_what_kind_of_turn_it_is_is_read_by_the_other_half():
    corpus = Clusters([4] * 8)
    message = corpus.around([1])
    corpus.go_on(np.repeat(message, 8, axis=0), 0, turn="aside")
    half = [zlib.crc32(text.encode()) % 2 for text in corpus.exchanges.messages.texts]
    assert 0 < sum(half) < 8
    found = samples(corpus)
    # Of n that say the same at the same place each has 1 / (n + 0.3).
    for each, own in zip(found, half, strict=True):
        others = 8 - half.count(own)
        assert signal(each.choices, "none_aside", -1) == pytest.approx(others / (others + 0.3), rel=1e-4)
        assert signal(each.choices, "none_same", -1) == pytest.approx(0)


def test_a_message_does_not_tell_its_own_kind():
    corpus = stays(1)
    (found,) = samples(corpus)
    assert {signal(found.choices, f"none_{turn}", -1) for turn in TURNS} == {0}


def test_each_reading_is_its_own():
    corpus = Clusters([4] * 8)
    corpus.go_on(corpus.around([1, 2]), 3, 3, joined=corpus.around([4, 5]))
    for found, alone, joined in zip(samples(corpus), (1, 2), (4, 5), strict=True):
        # All eight are near; the first row is that of the first entry.
        assert found.choices.entries.tolist() == list(range(8))
        best = {name: int(found.choices.signals[:-1, SIGNALS.index(name)].argmax()) for name in ("alone", "joined")}
        assert best == {"alone": alone, "joined": joined}
        # The mean of the message and the question, which lies on the axis of its entry, is like both of these.
        between = found.choices.signals[:-1, SIGNALS.index("between")]
        assert set(np.argsort(-between)[:2].tolist()) == {alone, 3}


# What is learnt.


def test_the_weights_are_where_nothing_pulls_at_them():
    corpus = stays(20)
    corpus.go_on(corpus.around([2] * 10), 0, 2, turn="new")
    corpus.go_on(corpus.strange(10), 0, turn="aside")
    corpus.go_on(corpus.around([0] * 20), 0, 0, turn="part", part=1)
    weights = fitted(corpus)
    # What likelier choices have of a signal beside those that are right, by how much an exchange counts, and how far
    # the weights are from the priors, which count as one exchange.
    pull = weights - PRIORS
    for each in samples(corpus):
        likely = np.exp(each.choices.signals @ weights)
        likely /= likely.sum()
        right = np.where(each.right, likely, 0)
        pull += each.weight * (likely @ each.choices.signals - right @ each.choices.signals / right.sum())
    assert np.abs(pull).max() < 0.01
    assert np.abs(weights - PRIORS).max() > 0.1


def shares(corpus, weights):
    """How likely the first message of the corpus is taken to ask for each entry, and for none."""
    (first, *_) = samples(corpus)
    return first.choices.probabilities(weights)


def test_people_who_stay_with_what_was_shown_are_understood():
    corpus = stays(40)
    before, after = (shares(corpus, weights) for weights in (PRIORS, fitted(corpus)))
    assert before.argmax() == 1  # what it is like
    assert after.argmax() == 0  # what was shown
    assert after[0] > 0.7


def test_people_who_ask_nothing_are_understood():
    corpus = Clusters([4] * 8)
    corpus.go_on(corpus.around([1] * 40), 0, turn="aside")
    before, after = (shares(corpus, weights)[-1] for weights in (PRIORS, fitted(corpus)))
    assert before < 0.5 < 0.9 < after


def test_it_is_the_same_in_batches(monkeypatch):
    def made():
        corpus = stays(20)
        corpus.go_on(corpus.around([2] * 10), 0, 2, turn="new")
        return fitted(corpus)

    whole = made()
    monkeypatch.setattr(module, "_BATCH", 7)
    assert made() == pytest.approx(whole, abs=1e-3)


def test_a_fit_of_a_matcher_has_these_weights():
    corpus = stays(30)
    weights = corpus.fit()["weights"]["follow_ups"]
    assert len(weights) == len(SIGNALS)
    assert weights != PRIORS.tolist()
    assert [round(weight, 6) for weight in weights] == weights
    assert TEXT in corpus.exchanges.messages.texts[0]
