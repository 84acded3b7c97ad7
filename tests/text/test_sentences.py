"""A message as its sentences, and as the passages that are screened."""

import numpy as np
import pytest

from chatbot.text.sentences import MAX_SENTENCES, is_question, passages, questions, sentences, split_sentences
from tests.effort import LINEAR, growth


def said(*lengths):
    """A message of sentences of so many words each, all of them different."""
    words = iter(range(sum(lengths)))
    return [" ".join(f"w{next(words)}" for _ in range(length)) + "." for length in lengths]


def test_a_message_is_cut_at_sentences_that_say_something():
    assert sentences("My hip hurts. Ow! What can I do about it?") == ["My hip hurts.", "What can I do about it?"]
    assert sentences("just one thing") == ["just one thing"]
    assert len(sentences("One two three. " * 40)) == MAX_SENTENCES


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "how do i stretch my calves and is it bad if they crack",
            ["how do i stretch my calves", "is it bad if they crack"],
        ),
        ("tight hips at work, but also how long do I hold", ["tight hips at work", "how long do I hold"]),
        ("what helps tight hips and sore calves", ["what helps tight hips and sore calves"]),
        ("a calf stretch and why", ["a calf stretch and why"]),
        ("I have had it checked, so which one can I do", ["I have had it checked", "which one can I do"]),
        ("an android is what I have", ["an android is what I have"]),
    ],
)
def test_a_question_that_is_joined_to_another_is_a_sentence_of_its_own(message, parts):
    assert sentences(message) == parts


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("My hip hurts. Ow! What can I do about it?", ["My hip hurts.", "Ow!", "What can I do about it?"]),
        ("just one thing", ["just one thing"]),
        ("One. " * 40, ["One."] * 40),  # however short and however many
        ("  . ", ["  ."]),
        (" ", []),
    ],
)
def test_all_sentences_of_a_message(message, parts):
    assert split_sentences(message) == parts


def test_the_questions_of_a_message():
    assert questions("It was a strain. Can I walk on it? And how far is too far?") == (
        "Can I walk on it? And how far is too far?"
    )
    assert questions("They looked at it, all is well.") == ""


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("My hip hurts?", True),
        ("how long should I hold it", True),
        ("And also what of my calf", True),
        ("my calf is tight", False),
        ("Whatever I do it stays", False),
        ("I wonder how long", False),
    ],
)
def test_what_asks_something(sentence, asks):
    assert is_question(sentence) is asks


@pytest.mark.parametrize("message", ["hip", "  My hip.  It hurts! ", " ".join(said(30, 39, 1)), "word " * 70])
def test_up_to_70_words_a_message_is_one_passage_as_it_is(message):
    assert passages(message) == [message]


def test_a_longer_one_is_read_in_passages_that_share_a_sentence():
    one, two, three, four = said(30, 30, 30, 30)
    assert passages(f"{one}  {two} {three} {four}") == [f"{one} {two}", f"{two} {three}", f"{three} {four}"]
    one, two, three, four, five = said(20, 30, 20, 1, 50)
    # 70 words fit, 71 do not; the last sentence of a passage is short or long.
    assert passages(" ".join([one, two, three, four, five])) == [
        f"{one} {two} {three}",
        f"{three} {four}",
        f"{four} {five}",
    ]


def test_a_sentence_that_fills_a_passage_is_not_read_twice():
    one, two, three = said(70, 5, 70)
    assert passages(f"{one} {two} {three}") == [one, two, three]


def test_a_sentence_without_end_is_cut_after_70_words():
    words = [f"w{number}" for number in range(150)]
    assert passages(" ".join(words)) == [" ".join(words[:70]), " ".join(words[70:140]), " ".join(words[140:])]
    begun = "It began today. " + " ".join(words[:100])
    assert passages(begun) == ["It began today.", " ".join(words[:70]), " ".join(words[70:100])]


@pytest.mark.parametrize("seed", range(20))
def test_every_word_stands_in_some_passage_in_its_order(seed):
    chance = np.random.default_rng(seed)
    marks = (". ", "; ", "? ", " - ", "\u2003", ".", "!  ")
    words = [f"w{number}{chance.choice(marks) if chance.random() < 0.05 else ' '}" for number in range(400)]
    message = "".join(words).strip()
    found = [passage.split() for passage in passages(message)]
    assert max(map(len, found)) <= 70
    assert list(dict.fromkeys(word for passage in found for word in passage if word != "-")) == [
        word for word in message.split() if word != "-"
    ]


@pytest.mark.parametrize("word", ["and ", "yes. ", "- ", ". "])
def test_a_message_without_end(word):
    assert growth(passages, lambda size: (word * size)[:size], 2500) < LINEAR
