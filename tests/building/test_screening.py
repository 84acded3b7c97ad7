"""The screen for warning signs, fitted on what is held out: vectors in clusters, and thresholds by hand."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot import settings
from chatbot.building import screening
from chatbot.building.screening import PRIORS, fit_screen
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.points import ANSWER, CAUTION, LOOK_ALIKE, SIGN
from chatbot.settings import FalseAlarms
from tests.building.clusters import Clusters


def fitted(corpus):
    return fit_screen(corpus.points, corpus.training)


@pytest.fixture
def read(monkeypatch):
    """How many points of each kind were read, and how many labelled questions, by the fits since."""
    counts = {}

    def counted(name):
        inner = getattr(screening, name)

        def reading(points, *others):
            if name == "_read":
                for kind in points.kinds[others[1]].tolist():
                    counts[kind] = counts.get(kind, 0) + 1
            else:
                counts["labelled"] = len(others[0])
            return inner(points, *others)

        monkeypatch.setattr(screening, name, reading)

    for name in ("_read", "_read_labelled"):
        counted(name)
    return counts


# What it is fitted on.


def test_without_signs_there_is_nothing_to_fit(read):
    found = fitted(Clusters([4] * 10))
    for name, model in PRIORS.items():
        assert found.models[name] is model
        for behind in ("_in_context", "_after_answer"):
            assert found.models[f"{name}{behind}"].weights.tolist() == model.weights.tolist()
    assert (found.thresholds, found.held_out) == ({"urgent": 0.5, "caution": 0.5}, {})
    assert read == {}


@pytest.mark.parametrize(("answers", "signs", "labelled", "fits"), [
    ([4] * 8, [10, 10, 9], 0, False),
    ([4] * 8, [10, 10, 10], 0, True),
    ([5, 5], [30], 19, False),
    ([5, 5], [30], 20, True),
])  # fmt: skip
def test_thirty_signs_and_thirty_ordinary_messages_are_enough(answers, signs, labelled, fits):
    corpus = Clusters(answers, signs, look_alikes=3)
    corpus.try_out(corpus.strange(labelled))
    found = fitted(corpus)
    assert found.held_out["red_flags"] == sum(signs)
    assert (set(found.held_out) == {"red_flags", "caught", "caught_or_cautioned"}) is fits
    assert (found.models["urgent"] is not PRIORS["urgent"]) is fits
    assert (found.thresholds != {"urgent": 0.5, "caution": 0.5}) is fits


def test_each_kind_is_read_and_labelled_questions_but_those_that_expect_a_sign(read):
    corpus = Clusters([4] * 8, [10, 10, 10], look_alikes=5, cautions=2)
    corpus.try_out(corpus.strange(2))
    corpus.try_out(corpus.around([3, 3, 3]), 3)
    corpus.try_out(corpus.around([8]), 8)
    corpus.try_out(corpus.around([9]), 3, 9)
    fitted(corpus)
    assert read == {ANSWER: 32, SIGN: 30, LOOK_ALIKE: 5, CAUTION: 6, "labelled": 5}


def test_what_the_encoder_was_tuned_on_is_not_read(read):
    corpus = Clusters([4] * 20, [20, 20], look_alikes=40)
    corpus.held_out[:] = False
    corpus.held_out[:31] = True  # of 80 ordinary ones
    corpus.held_out[80:111] = True  # of 40 signs
    corpus.held_out[120:149] = True  # of 40 look-alikes: too few, so that all of them are read
    found = fitted(corpus)
    assert read == {ANSWER: 31, SIGN: 31, LOOK_ALIKE: 40, "labelled": 0}
    assert found.held_out["red_flags"] == 31


def test_very_many_are_thinned(read, monkeypatch):
    monkeypatch.setattr(screening, "_MOST", 30)
    fitted(Clusters([4] * 20, [20, 20], look_alikes=40))
    assert read == {ANSWER: 30, SIGN: 30, LOOK_ALIKE: 30, "labelled": 0}


def test_a_point_does_not_vouch_for_itself():
    # Nothing is like anything: a sign that was read with itself would have 1 / 1.3.
    corpus = Clusters([2] * 20, [40])
    corpus.vectors = np.eye(80, dtype=np.float32)
    signals = screening._read(corpus.points, corpus.training, np.arange(40, 80))
    assert np.abs(signals[:, 0]).max() < 0.6
    assert signals[:, 1].tolist() == [0] * 40


def test_in_batches_it_is_the_same(monkeypatch):
    def made():
        corpus = Clusters([4] * 8, [10, 10, 10], look_alikes=5, cautions=2)
        corpus.try_out(corpus.around([0] * 5), 0)
        return fitted(corpus)

    whole = made()
    monkeypatch.setattr(screening, "_BATCH", 7)
    again = made()
    assert again.thresholds == pytest.approx(whole.thresholds, abs=1e-3)
    assert again.held_out == whole.held_out


# What comes of it.


def test_signs_are_told_from_ordinary_messages():
    corpus = Clusters([4] * 8, [10] * 4, look_alikes=12, cautions=4)
    reached = corpus.fit()["held_out"]
    assert (reached["red_flags"], reached["questions"]) == (40, 32)
    assert reached["caught"] > 0.9
    assert reached["caught_or_cautioned"] >= reached["caught"]
    signs = corpus.signs(corpus.around(np.arange(8, 12)))
    assert [(each.entry, each.is_urgent) for each in signs] == [(row, True) for row in range(8, 12)]
    harmless = corpus.signs(corpus.around(np.arange(80) % 8))
    assert not any(each and each.is_urgent for each in harmless)
    assert sum(each is not None for each in harmless) <= 8  # the few that may be cautioned


def test_signs_that_lie_among_the_answers_are_not_caught():
    corpus = Clusters([4] * 8, [4] * 9)
    corpus.vectors[32:50] = corpus.around(np.arange(18) % 8)
    assert corpus.fit()["held_out"]["caught"] <= 0.55


# Models and thresholds, by hand.


def test_the_models_tell_signs_and_what_may_be_one():
    # 4000 of each kind: half of the signs, of the cautions and of all else with a reading as a sign, else with none.
    kinds = np.repeat([SIGN, CAUTION, LOOK_ALIKE, ANSWER], 4000)
    signals = np.zeros((16_000, 2))
    signals[::2, 0] = 1
    models = screening._models(signals, kinds)
    # The signal tells nothing: one in 1 + 1 + 1 + 4 is a sign, as an ordinary one stands for four, and two may be one.
    told = {name: model.probability(signals[:2]) for name, model in models.items()}
    assert told["urgent"] == pytest.approx([1 / 7] * 2, abs=0.002)
    assert told["caution"] == pytest.approx([2 / 7] * 2, abs=0.002)


def thresholds(**told):
    """The thresholds for what the urgent model told of messages of each kind, and the other of none."""
    kinds = {"sign": SIGN, "caution": CAUTION, "look_alikes": LOOK_ALIKE, "ordinary": ANSWER}
    of = np.concatenate([np.full(len(each), kinds[name]) for name, each in told.items()])
    values = np.concatenate(list(told.values()))
    return screening._thresholds({"urgent": values, "caution": np.zeros(len(values))}, of)


EVEN = np.linspace(0, 1, 101)  # its quantiles are the shares themselves


def test_thresholds_alarm_no_more_than_is_allowed(monkeypatch):
    allowed = FalseAlarms(urgent_to_ordinary=0.02, urgent_to_look_alikes=0.3)
    monkeypatch.setattr(settings, "FALSE_ALARMS", allowed)
    # The stricter of both counts: 0.98 for ordinary ones or 0.7 for look-alikes, and just above it.
    assert thresholds(ordinary=EVEN, look_alikes=EVEN)["urgent"] == 0.9801
    assert thresholds(ordinary=EVEN / 2, look_alikes=EVEN)["urgent"] == 0.7001
    # Two of a hundred and one are above it.
    assert np.count_nonzero(EVEN >= 0.9801) == 2
    # What signs and cautions are told does not count.
    assert thresholds(ordinary=EVEN / 2, look_alikes=EVEN, sign=EVEN, caution=EVEN)["urgent"] == 0.7001


def test_each_model_has_its_own_share(monkeypatch):
    monkeypatch.setattr(settings, "FALSE_ALARMS", FalseAlarms(0.1, 0.2, 0.3, 0.4))
    told = {"urgent": np.tile(EVEN, 2), "caution": np.tile(EVEN, 2)}
    kinds = np.repeat([ANSWER, LOOK_ALIKE], 101)
    assert screening._thresholds(told, kinds) == {"urgent": 0.9001, "caution": 0.7001}
    looks_alike_first = {name: np.append(EVEN / 2, EVEN) for name in told}
    assert screening._thresholds(looks_alike_first, kinds) == {"urgent": 0.8001, "caution": 0.6001}


def test_too_few_of_a_kind_say_nothing_of_it(monkeypatch):
    monkeypatch.setattr(settings, "FALSE_ALARMS", FalseAlarms(urgent_to_ordinary=0.02, urgent_to_look_alikes=0.03))
    assert thresholds(ordinary=EVEN / 2, look_alikes=np.ones(29))["urgent"] == 0.4901
    assert thresholds(ordinary=EVEN / 2, look_alikes=np.ones(30))["urgent"] == 0.99  # and no more than that
    assert thresholds(ordinary=np.zeros(29), look_alikes=np.zeros(29))["urgent"] == 0.5001


def test_fewer_alarms_catch_fewer_signs(monkeypatch):
    def caught():
        corpus = Clusters([4] * 8, [4] * 9, look_alikes=40)
        found = fitted(corpus)
        return found.thresholds["urgent"], found.held_out["caught"]

    allowed = settings.FALSE_ALARMS
    monkeypatch.setattr(settings, "FALSE_ALARMS", replace(allowed, urgent_to_look_alikes=0.5))
    many = caught()
    monkeypatch.setattr(settings, "FALSE_ALARMS", replace(allowed, urgent_to_look_alikes=0.0))
    few = caught()
    assert few[0] > many[0]
    assert few[1] < many[1]


# Follow-ups.


def lowered(follow_ups, limits):
    models = {name: LogisticModel(np.array([10.0, 0.0, -5.0])) for name in limits}
    return screening._after_answers(models, limits, follow_ups, follow_ups)


def test_no_more_follow_ups_are_alarmed_than_ordinary_messages(monkeypatch):
    monkeypatch.setattr(settings, "FALSE_ALARMS", FalseAlarms(urgent_to_ordinary=0.1, caution_to_ordinary=0.3))
    follow_ups = np.column_stack((EVEN, np.zeros(101)))
    found = lowered(follow_ups, {"urgent": 0.5, "caution": 0.5})
    # 0.9 and 0.85 of the follow-ups are at most at signals of 0.9 and 0.85: for the model 4 and 3.5 above even odds.
    assert found["urgent_in_context"].weights == pytest.approx([10, 0, -9])
    # Half of what is allowed: the other half is left to the message by itself.
    assert found["caution_in_context"].weights == pytest.approx([10, 0, -8.5])
    assert found["caution_after_answer"].weights == pytest.approx([10, 0, -8.5])
    assert found["urgent_after_answer"].weights.tolist() == [10, 0, -5]
    # Even odds are 0; those of nine to one are 2.197 more.
    assert lowered(follow_ups, {"urgent": 0.9})["urgent_in_context"].weights[-1] == pytest.approx(-9 + np.log(9))


def test_in_context_nothing_is_alarmed_sooner(monkeypatch):
    monkeypatch.setattr(settings, "FALSE_ALARMS", FalseAlarms(urgent_to_ordinary=0.1))
    assert lowered(np.zeros((30, 2)), {"urgent": 0.5})["urgent_in_context"].weights.tolist() == [10, 0, -5]
    assert lowered(np.ones((29, 2)), {"urgent": 0.5})["urgent_in_context"].weights.tolist() == [10, 0, -5]
    assert lowered(np.ones((30, 2)), {"urgent": 0.5})["urgent_in_context"].weights.tolist() == [10, 0, -10]


@pytest.mark.parametrize(("before", "expected", "lower"), [(0, 1, True), (0, 9, False), (9, 1, False)])
def test_a_fit_reads_the_follow_ups_without_a_sign(before, expected, lower):
    corpus = Clusters([4] * 8, [10] * 3)
    # Alone they say nothing; behind the question each is as if in the midst of signs.
    corpus.go_on(corpus.strange(40), before, expected, joined=corpus.around([8] * 40))
    found = fitted(corpus)
    alone, in_context = (found.models[name].weights for name in ("urgent", "urgent_in_context"))
    assert in_context[:-1].tolist() == alone[:-1].tolist()
    lowered_by = alone[-1] - in_context[-1]
    assert [bool(lowered_by > 1), bool(lowered_by == 0)] == [lower, not lower]
