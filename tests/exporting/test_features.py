"""Words, pairs and slips, and what each weighs, worked out by hand."""

import numpy as np
import pytest

from chatbot.exporting import features
from chatbot.exporting.features import Vocabulary

TEXTS = ["tight hips", "tight hips", "tight calves", "Calves, tight!", "zebra"]


@pytest.fixture
def vocabulary(monkeypatch):
    monkeypatch.setattr(features, "_LEAST_PAIR", 2)
    return Vocabulary.learn(TEXTS)


def test_what_enough_texts_have_gets_a_row_the_most_frequent_first(vocabulary):
    # Two texts at least; what as many have, in the order in which it is first met.
    assert list(vocabulary.features) == ["tight", "hips", "tight hips", "calves"]
    # ln(5 / 4) and ln(5 / 2), in sixteenths: 3.57 and 14.66.
    assert vocabulary.weights.tolist() == [4, 15, 15, 15]


def test_each_word_of_what_is_asked_has_a_row():
    learnt = Vocabulary.learn(["where is parking", "where is it", "is it late"], asked=["where is parking"])
    assert set(learnt.features) == {"where", "is", "it", "parking"}


def test_a_message_is_read_by_its_features_each_once(vocabulary):
    read = vocabulary.read("TIGHT hips, tight zebra")
    rows = vocabulary.rows
    assert read.rows.tolist() == [rows["tight"], rows["hips"], rows["tight hips"]]
    assert read.known == 3 / 4
    length = np.sqrt(4**2 + 15**2 + 15**2)
    assert read.weights == pytest.approx(np.array([4, 15, 15]) / length)


@pytest.mark.parametrize("typed", ["clves", "cavles", "calvess", "calvis", "cálves".replace("á", "a")])
def test_a_word_one_slip_away_is_read_as_what_is_meant(vocabulary, typed):
    assert vocabulary.read(typed).rows.tolist() == [vocabulary.rows["calves"]]


@pytest.mark.parametrize("typed", ["hip", "clvs", "halve", "", "?!"])
def test_short_words_and_others_are_not_mended(vocabulary, typed):
    read = vocabulary.read(typed)
    assert (read.rows.tolist(), read.known) == ([], 0)


def test_apostrophes_and_compatible_letters_are_one():
    learnt = Vocabulary.learn(["don’t ﬁdget", "don't fidget"])
    assert set(learnt.features) == {"don't", "fidget"}
