"""What is distilled, taught and kept in bytes, on texts whose meaning is plain."""

import numpy as np
import pytest

from chatbot.exporting.features import Vocabulary
from chatbot.exporting.learning import design, distilled, learn, softmax
from chatbot.exporting.lesson import Labelled
from chatbot.exporting.model import PASSAGE_WORDS, PageModel, Quantised, passages

TAUGHT = Labelled(["red apple", "apple pie", "blue sea", "deep sea"] * 2, [0, 0, 1, 1] * 2)


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.learn(TAUGHT.texts)


@pytest.fixture(scope="module")
def model(vocabulary):
    vectors = np.eye(len(vocabulary.features), dtype=np.float32)
    told = []
    learnt = learn(vocabulary, distilled(vectors, 4), TAUGHT, 2, lambda *step: told.append(step))
    assert told[-1] == (8 * 200, 8 * 200)  # two hundred batches of all eight texts
    return PageModel.of(vocabulary, learnt)


def test_the_first_principal_components_begin_the_table():
    # All variance lies along (1, 1): the second component is nothing.
    table = distilled(np.array([[1, 1], [3, 3], [5, 5]], dtype=np.float32), 3)
    assert table[1] == pytest.approx([0, 0, 0], abs=1e-6)
    assert table[0] == pytest.approx(-table[2], abs=1e-6)
    assert np.abs(table[:, 1:]).max() < 1e-6
    assert float(table.std()) == pytest.approx(0.1)


def test_which_way_a_component_points_is_not_left_to_chance():
    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((12, 6)).astype(np.float32)
    for _ in range(5):  # other axes have the same components, but for their signs
        turned, _ = np.linalg.qr(chance.standard_normal((6, 6)))
        assert distilled((vectors @ turned).astype(np.float32), 6) == pytest.approx(distilled(vectors, 6), abs=1e-5)


def test_a_message_is_a_row_of_its_features(vocabulary):
    matrix = design(vocabulary, ["red sea", "", "unseen"])
    assert matrix.shape == (3, len(vocabulary.features))
    assert matrix.getrow(0).count_nonzero() == 2
    assert (matrix @ matrix.T).diagonal() == pytest.approx([1, 0, 0])


def test_what_is_taught_is_told(model):
    shares = model.shares(["apple", "sea", "red pie", "deep blue"])
    assert shares.argmax(axis=1).tolist() == [0, 1, 0, 1]
    assert shares[:2].max(axis=1).min() > 0.85
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1, 1])


def test_the_same_texts_give_the_same(vocabulary, model):
    vectors = np.eye(len(vocabulary.features), dtype=np.float32)
    again = learn(vocabulary, distilled(vectors, 4), TAUGHT, 2, lambda *_: None)
    assert PageModel.of(vocabulary, again).packed() == model.packed()


def test_shares_do_not_overflow():
    assert softmax(np.array([[1000.0, 1000.0, -1000.0]], dtype=np.float32)) == pytest.approx(np.array([[0.5, 0.5, 0]]))


def test_numbers_in_bytes():
    kept = Quantised.of(np.array([[1.27, -0.634, 0.0], [0, 0, 0]], dtype=np.float32))
    assert kept.values.tolist() == [[127, -63, 0], [0, 0, 0]]
    assert kept.numbers[0] == pytest.approx([1.27, -0.63, 0])


def test_all_numbers_are_packed(model):
    features, dimension = model.table.values.shape
    assert len(model.packed()) == 4 * (features + 2 + 2) + features + (features + 2) * dimension


def test_a_long_message_is_read_by_passages():
    words = [str(number) for number in range(PASSAGE_WORDS + 25)]  # 65
    text = " ".join(words)
    assert passages(text) == [text, " ".join(words[:40]), " ".join(words[20:60]), " ".join(words[40:])]
    assert passages("a b") == ["a b"]
