import pytest

from chatbot.text.negation import assertions, without_denials
from chatbot.text.sentences import MAX_SENTENCES, sentences
from tests.effort import LINEAR, growth


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("my back is tight, no numbness, bladder fine", "my back is tight"),
        ("no feeling when I wipe", "no feeling when I wipe"),
        ("I've no control of my bladder", "I've no control of my bladder"),
        ("can't pee and my back hurts", "can't pee and my back hurts"),
        ("not after a fall, just woke up with it", "just woke up with it"),
        ("my foot is not fine", "my foot is not fine"),
        ("I lost weight without trying", "I lost weight without trying"),
        ("broke my ankle ten years ago, stiff since", "stiff since"),
        ("twisted it two weeks ago, still swollen", "twisted it two weeks ago, still swollen"),
        ("had breast cancer ten years ago, now new back pain", "had breast cancer ten years ago, now new back pain"),
        ("my knee is stiff, the surgeon is happy with it", "my knee is stiff"),
        ("is it okay for her to stretch", "is it okay for her to stretch"),
    ],
)
def test_denials_go_and_signs_stay(said, left):
    assert without_denials(said) == left


def test_a_message_is_cut_at_sentences_that_say_something():
    assert sentences("My hip hurts. Ow! What can I do about it?") == ["My hip hurts.", "What can I do about it?"]
    assert sentences("just one thing") == ["just one thing"]
    assert len(sentences("One two three. " * 40)) == MAX_SENTENCES


def test_short_questions_after_the_rest_state_nothing():
    message = "My calf is swollen and hot. Any idea what it is?"
    assert assertions(message) == ["My calf is swollen and hot. Any idea what it is?", "My calf is swollen and hot"]


def test_a_message_of_denials_alone_states_nothing():
    assert assertions("no numbness, no weakness, bladder fine") == []


@pytest.mark.parametrize("word", ["and doctor ", "and tests but tests ", "and years ago ", "but fine ", "and "])
def test_a_message_of_clauses_without_end(word):
    assert len(assertions((word * 10_000)[:10_000])) <= 1
    assert growth(assertions, lambda size: (word * size)[:size], 1000) < LINEAR
