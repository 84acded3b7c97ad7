"""K21: entries found by words first, then by meaning; answers only."""

from itertools import count

import pytest

from chatbot import Chatbot, QuestionError
from chatbot.answering.search import _shares
from chatbot.matching.lexical import _bucket
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
        ("both", "Cash card", ["a cash card"], "money"),
        ("gtx", "Does the GTX-1080 fit?", ["will a graphics card of that size fit"], "parts"),
        ("fit", "What fits?", ["what fits into which case", "which case fits"], "parts"),
    ]
    lines = [
        {"id": name, "question": question, "alternate_questions": others, "topic": topic, "answer": "So."}
        for name, question, others, topic in entries
    ]
    put_lines(folder / "faq.jsonl", *lines)
    return Chatbot.build(folder / "faq.jsonl", folder / "index", encoder=WordEncoder())


def shares(bot, text, topics=("money", "parts")):
    """What share of the words each entry has, by its id."""
    return {bot.index.ids[row]: share for row, share in _shares(bot.index, text, topics).items()}


def test_the_share_of_the_words_that_an_entry_has_rare_ones_counting_more(shop):
    weight = shop.index.lexical.weight
    assert weight("graphics") > weight("card")
    # "card" alone is less than half of "graphics card".
    assert shares(shop, "graphics card") == {"gtx": pytest.approx(1)}
    fine = weight("cash") + weight("card") + weight("fine")
    assert shares(shop, "cash card fine") == {
        "cash": pytest.approx(1),
        "both": pytest.approx((weight("cash") + weight("card")) / fine),
    }
    assert shares(shop, "cash card fine", ["parts"]) == {"gtx": pytest.approx(1)}  # of what stands in the topic
    assert shares(shop, "1080 zzzzzz") == {"gtx": pytest.approx(1)}  # a word that stands nowhere takes nothing away
    assert shares(shop, "zzzzzz") == {}


def test_more_of_the_words_come_before_what_is_nearer_in_meaning(shop):
    assert shop.match("cash card fine")[0].id == "both"
    assert ids(shop.search("cash card fine"))[:2] == ["cash", "both"]
    assert ids(shop.search("1080"))[0] == "gtx"


def test_a_word_of_the_same_bucket_is_not_the_word(shop):
    wanted = _bucket("graphics")
    other = next(word for word in (f"zz{number}" for number in count()) if _bucket(word) == wanted)
    assert shop.index.lexical.texts_with(other) == shop.index.lexical.texts_with("graphics") != []
    assert shares(shop, other) == {}
    assert shares(shop, "graphics") == {"gtx": pytest.approx(1)}


def test_what_is_found_by_words_only_is_no_match_by_meaning(shop, monkeypatch):
    monkeypatch.setattr("chatbot.answering.search._NEAR_IN_MEANING", 1)
    found = shop.search("fits")  # one form of it stands in two entries
    assert set(ids(found)) == {"gtx", "fit"}
    last = found[-1]
    assert (last.question, last.confidence) in {("Does the GTX-1080 fit?", 0.0), ("What fits?", 0.0)}
