"""A closing mark, which many leave out, changes no answer: with the real model."""

import pytest

from chatbot.corpus.reader import read_corpus
from tests.conftest import CORPUS

# Behind a phrasing, so that it is none any more, and not sure for being one.
BEHIND = " these days"
PHRASINGS = [
    phrasing
    for entry in read_corpus(CORPUS).checked().entries
    for phrasing in entry.phrasings
    if entry.kind != "small-talk"
][::2]


def test_there_are_enough_questions():
    assert len(PHRASINGS) >= 28


@pytest.mark.parametrize("mark", ["?", " ??", "."])
def test_a_question_and_the_same_with_a_mark_get_the_same_entry(bot, mark):
    asked = [phrasing.rstrip("?.") + BEHIND for phrasing in PHRASINGS]
    without, with_mark = (list(map(bot.ask, some)) for some in (asked, [question + mark for question in asked]))
    assert [(reply.kind, reply.id) for reply in with_mark] == [(reply.kind, reply.id) for reply in without]
    assert [reply.confidence for reply in with_mark] == pytest.approx(
        [reply.confidence for reply in without], abs=0.001
    )
