"""A conversation with a bot that has learnt from trial messages how people go on after an answer."""

import json

import pytest

from chatbot.building.follow_ups import PRIORS
from chatbot.matching.follow_ups import FOLLOW_UPS
from tests.answering.conftest import build_talker

_WAYS = ("", "hm ", "ok ", "and ", "so ", "please ", "now ", "then ", "again ", "still ")


def trial(query, expected, turn, part=None):
    told = {"query": query, "expected": expected, "after": "lunge", "turn": turn}
    return json.dumps({**told, "part": part} if part else told) + "\n"


def ways(query, *rest):
    """The same message in ten ways, which have most of their words in common."""
    return "".join(trial(f"{way}{query}", *rest) for way in _WAYS)


TRIALS = (
    ways("in which place should it pull", ["lunge"], "part", "feel")
    + ways("is that any good", ["lunge"], "same")
    + ways("what if my knee gets stiff", ["knees"], "changed")
    + ways("how long do i hold a stretch", ["hold"], "new")
    + ways("what a lovely evening", [], "aside")
    + ways("lovely splits", [], "aside")
)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    return build_talker(tmp_path_factory.mktemp("learnt"), TRIALS)


@pytest.fixture
def chat(learnt):
    chat = learnt.conversation()
    chat.open("lunge")
    return chat


def test_the_weights_are_learnt_where_there_is_enough_to_learn_from(learnt, talker):
    prior = PRIORS.tolist()
    assert list(talker.index.manifest.matcher.weights[FOLLOW_UPS]) == prior
    assert list(learnt.index.manifest.matcher.weights[FOLLOW_UPS]) != prior
    assert learnt.index.turns.vectors.shape == (60, 4096)


def test_what_sounds_like_a_part_is_answered_with_it(chat):
    reply = chat.ask("well in which place should it pull")
    assert (reply.id, reply.again, reply.part) == ("lunge", True, "where to feel it")
    assert [answer.text for answer in reply.answers] == ["**Where to feel it.** At the front of the hip."]


def test_what_goes_on_about_all_of_it_is_answered_with_all(learnt, chat):
    reply = chat.ask("well is that any good")
    assert (reply.id, reply.again, reply.part) == ("lunge", True, None)
    assert reply.answers == learnt.entry("lunge").answers


def test_what_leans_on_it_and_is_another_matter_is_answered_with_that(learnt, chat):
    message = "well what if my knee gets stiff"
    assert learnt.ask(message).kind == "clarify"
    reply = chat.ask(message)
    assert (reply.id, reply.again, reply.part, reply.about) == ("knees", False, None, "What loosens tight hips?")


def test_what_asks_something_new_is_answered_as_by_itself(learnt, chat):
    message = "well how long do i hold a stretch"
    reply = chat.ask(message)
    assert reply == learnt.ask(message)
    assert (reply.id, reply.about) == ("hold", None)


def test_what_asks_nothing_is_not_answered_with_what_was_before(learnt, chat):
    message = "well what a lovely evening"
    reply = chat.ask(message)
    assert reply == learnt.ask(message)
    assert (reply.kind, reply.about) == ("no-answer", None)


def test_what_would_be_answered_by_itself_is_offered_where_it_most_likely_asks_nothing(learnt, chat):
    alone = learnt.ask("well lovely splits")
    assert (alone.kind, alone.id) == ("answer", "splits")
    reply = chat.ask("well lovely splits")
    assert (reply.kind, reply.id, reply.about, reply.lead) == ("clarify", None, None, "Did you mean")
    assert [offer.id for offer in reply.suggestions] == [match.id for match in alone.matches if match.kind == "answer"][
        :3
    ]
    assert reply.matches == alone.matches


def test_after_a_list_nothing_was_shown_before(learnt):
    chat = learnt.conversation()
    listed = chat.ask("hips knees splits surgery")
    assert (listed.kind, listed.suggestions[0].id) == ("clarify", "splits")
    reply = chat.ask("so how do i learn the splits slowly")
    assert (reply.id, reply.about) == ("splits", "How do I learn the splits?")
    assert (reply.again, reply.part) == (False, None)
