"""K21: entries found by words first, then by meaning; answers only."""

import pytest

from chatbot import Chatbot, QuestionError
from tests.builders import put_lines
from tests.conftest import ENTRY_IDS
from tests.fakes import WordEncoder

ANSWERS = ENTRY_IDS[:8]


def ids(matches):
    return [match.id for match in matches]


@pytest.mark.parametrize("words", ["pigeon", "PIGEON", "pigeons", "pigeon?", "piegon", "  pigeon\n"])
def test_what_has_the_word_comes_first(bot, words):
    found = bot.search(words)
    assert found[0].id == "pigeon-pose"
    assert sorted(ids(found)) == sorted(ANSWERS)  # the others behind it, by meaning


def test_no_small_talk_and_no_warning_signs(bot):
    for words in ("hello", "thanks", "numb saddle", "calf swollen", "xyzzy"):
        assert set(ids(bot.search(words, k=100))) <= set(ANSWERS)


def test_one_topic(bot):
    assert bot.search("pigeon", "hips")[0].id == "pigeon-pose"
    assert set(ids(bot.search("pigeon", topic="dose"))) <= {"how-long-hold", "how-often-stretch", "stretch-before-run"}


def test_as_many_as_are_wanted(bot):
    whole = ids(bot.search("stretch", k=100))
    assert ids(bot.search("stretch", k=3)) == whole[:3]
    assert len(whole) == len(set(whole))


def test_no_words(bot):
    with pytest.raises(QuestionError):
        bot.search(" \n")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A bot whose vectors are alike where words are, so that what is near in meaning is known."""
    folder = tmp_path_factory.mktemp("shop")
    entries = [
        ("cash", "Can I pay in cash?", ["cash or card", "is cash only fine"], "money"),
        ("card", "Can I pay by card?", ["do you take cards"], "money"),
        ("gtx", "Does the GTX-1080 fit?", ["will a graphics card of that size fit"], "parts"),
        ("fit", "What fits?", ["what fits into which case", "which case fits"], "parts"),
    ]
    lines = [
        {"id": name, "question": question, "alternate_questions": others, "topic": topic, "answer": "So."}
        for name, question, others, topic in entries
    ]
    put_lines(folder / "faq.jsonl", *lines)
    return Chatbot.build(folder / "faq.jsonl", folder / "index", encoder=WordEncoder())


def test_more_of_the_words_come_before_less(shop):
    # "card" stands in three entries, "cash" in one, which makes it tell more: without it less than half is there.
    assert ids(shop.search("cash card"))[0] == "cash"
    assert ids(shop.search("graphics card"))[0] == "gtx"
    assert ids(shop.search("1080"))[0] == "gtx"


def test_a_word_that_stands_nowhere_takes_nothing_away(shop):
    assert ids(shop.search("1080 zzzzzz"))[0] == "gtx"


def test_what_is_found_by_words_only_is_no_match_by_meaning(shop, monkeypatch):
    monkeypatch.setattr("chatbot.answering.search._NEAR_IN_MEANING", 1)
    found = shop.search("fits")  # one form of it stands in two entries
    assert set(ids(found)) == {"gtx", "fit"}
    last = found[-1]
    assert (last.question, last.confidence) in {("Does the GTX-1080 fit?", 0.0), ("What fits?", 0.0)}
