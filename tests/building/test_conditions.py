"""What tells whether a condition is said of the writer, fitted on a few messages."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot.building.conditions import fit_conditions, not_for
from chatbot.matching.conditions import BUCKETS, Conditions, Told, features
from chatbot.records import Condition, ConditionMessage, Messages
from tests.builders import entry

HIP = Condition("hip", "have a new hip", names=("new hip", "thr"))
ASTHMA = Condition("asthma", "have asthma", names=("asthma",))
BOTH = (HIP, ASTHMA)


def said(text, condition="hip"):
    return ConditionMessage(text, condition, said=True)


def unsaid(text, condition="hip"):
    return ConditionMessage(text, condition, said=False)


def found(weights, message):
    return list(Conditions(BOTH, weights).told(message).said)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [unsaid("my mum is old"), unsaid("is it bad")],  # which name nothing
        [unsaid("has she asthma"), unsaid("is it asthma?")],  # which name another one
    ],
)
def test_where_nothing_is_known_whatever_is_named_is_said(messages):
    weights = fit_conditions(BOTH, messages)
    assert (weights.shape, weights.dtype) == ((3, BUCKETS + 1), np.float32)
    assert np.count_nonzero(weights[:, :-1]) == 0
    assert weights[0, -1] == 1
    assert found(weights, "my mum has a new hip and asthma") == ["hip", "asthma"]
    assert found(fit_conditions((), ()), "my mum has a new hip") == ["hip"]


def test_what_is_learnt_of_one_condition_holds_for_all():
    messages = [
        *(said(f"i have a {name} and {more}") for name in ("new hip", "thr") for more in ("it is ok", "i run")),
        *(unsaid(f"my mum has a {name} and {more}") for name in ("new hip", "thr") for more in ("it is ok", "i run")),
    ]
    weights = fit_conditions(BOTH, messages)
    assert found(weights, "i have a new hip and i walk") == ["hip"]
    assert found(weights, "my mum has a new hip and i walk") == []
    assert found(weights, "i have asthma and it is ok") == ["asthma"]
    assert found(weights, "my mum has asthma and it is ok") == []


def pull(weights, mentions):
    """What pulls at the weights, by hand: how much more likely each message is than it is true, and the ridge."""
    slope = 0.1 * weights.astype(float)
    for buckets, true in mentions:
        logit = sum(value * weights[bucket] for bucket, value in buckets.items()) + weights[-1]
        away = 1 / (1 + np.exp(-float(logit))) - true
        for bucket, value in buckets.items():
            slope[bucket] += away * value
        slope[-1] += away
    return slope


def test_the_weights_are_where_nothing_pulls_at_them():
    once = [said("i have asthma", "asthma"), said("new hip here"), unsaid("is it a thr?"), said("thr in may")]
    messages = [*once, unsaid("thr in may")] * 10  # of which two contradict each other
    found = fit_conditions(BOTH, messages)
    finder, weights = Conditions(BOTH, found), found[0]
    mentions = [(features(finder.mentions(each.text)[0], each.text), each.said) for each in messages]
    assert np.abs(pull(weights, mentions)).max() < 5e-4
    # All that is learnt of is in these messages.
    learnt = {bucket for buckets, _ in mentions for bucket in buckets} | {BUCKETS}
    assert set(np.flatnonzero(weights).tolist()) <= learnt
    assert np.abs(pull(np.zeros(BUCKETS + 1), mentions)).max() > 0.5  # which is far from there


def test_only_the_condition_of_a_message_is_learnt_from_it_and_once():
    text = "asthma or new hip, thr or asthma"
    weights = fit_conditions(BOTH, [unsaid(text)])[0]
    (buckets,) = [features(each, text) for each in Conditions(BOTH).mentions(text) if each.condition == 0]
    assert np.abs(pull(weights, [(buckets, False)])).max() < 1e-3
    assert set(np.flatnonzero(weights).tolist()) <= {*buckets, BUCKETS}
    assert weights[-1] < 0


def test_a_message_teaches_once_a_sentence_that_names_its_condition():
    text = "my new hip is fine, the thr i mean. is a thr bad? asthma here. which thr"
    weights = fit_conditions(BOTH, [said(text)])[0]
    mentions = [each for each in Conditions(BOTH).mentions(text) if each.condition == 0]
    assert [(each.start, each.end) for each in mentions] == [(1, 3), (2, 3), (1, 2)]
    assert np.abs(pull(weights, [(features(each, text), True) for each in mentions])).max() < 1e-3


def test_rows_are_those_of_the_table_whatever_its_order():
    messages = [said("i have asthma", "asthma"), unsaid("no new hip")]
    assert fit_conditions(BOTH, messages).tolist() == fit_conditions(BOTH[::-1], messages).tolist()
    other_way = fit_conditions(BOTH, messages[::-1])
    assert fit_conditions(BOTH, messages)[:, -1] == pytest.approx(other_way[:, -1], abs=1e-3)


def told(weights, message):
    return Conditions(BOTH, weights).told(message)


def test_whose_it_is_is_learnt_apart_from_whether_it_counts():
    messages = [
        *(said(f"i have a {name} so {more}") for name in ("new hip", "thr") for more in ("how", "what now")),
        *(
            ConditionMessage(f"my mum has a {name} so {more}", "hip", True, "another")
            for name in ("new hip", "thr")
            for more in ("how", "what now")
        ),
        *(
            ConditionMessage(f"i never had a {name} or {more}", "hip", False, "nobody")
            for name in ("new hip", "thr")
            for more in ("so", "such")
        ),
        *(unsaid(f"a film about a {name} and {more}") for name in ("new hip", "thr") for more in ("love", "war")),
    ]
    weights = fit_conditions(BOTH, messages)
    assert told(weights, "i have a asthma so how") == Told({"asthma": ""})
    assert told(weights, "my mum has a asthma so how") == Told({"asthma": ""}, frozenset({"asthma"}))
    assert told(weights, "i never had a asthma or so") == Told(denied=frozenset({"asthma"}))
    assert told(weights, "a film about a asthma and love") == Told()


def test_where_no_message_says_whose_it_is_it_is_the_writers():
    weights = fit_conditions(BOTH, [said("my mum has a new hip"), unsaid("never a thr")])
    assert told(weights, "my mum has asthma") == Told({"asthma": ""})
    assert told(weights, "never asthma").denied == frozenset()


# Whom an entry is for.


@pytest.mark.parametrize(
    ("phrasings", "left"),
    [
        (["How do I fold?"], ("hip", "asthma")),
        (["How do I fold with a new hip?"], ("asthma",)),
        (["Asthma and a THR: how do I fold?"], ()),
        (["How do I fold?", "new hip fold", "folding after a thr"], ("hip", "asthma")),
        (["How do I fold?", "new hip fold", "folding after a thr", "thr and folding"], ("asthma",)),
        # Each phrasing counts once.
        (["How do I fold?", "new hip or thr", "a new hip. A thr. A new hip."], ("hip", "asthma")),
        (["How do I fold?", "new hip", "asthma", "thr", "is asthma bad", "new hip?"], ("asthma",)),
    ],
)
def test_an_entry_is_for_those_whom_its_phrasings_name(phrasings, left):
    asked = replace(entry(*phrasings), not_for=("hip", "asthma"))
    assert not_for(asked, Conditions(BOTH)) == left


def test_what_it_is_not_for_is_in_no_other_way_more_or_less():
    fold = replace(
        entry("How do I fold?", messages=Messages(("thr", "new hip", "thr fold"))), not_for=("asthma", "hip")
    )
    assert not_for(fold, Conditions(BOTH)) == ("asthma", "hip")
    assert not_for(replace(fold, question="New hip?", not_for=("asthma",)), Conditions(BOTH)) == ("asthma",)
    assert not_for(replace(fold, question="New hip?", not_for=()), Conditions(BOTH)) == ()
