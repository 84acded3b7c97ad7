from types import SimpleNamespace

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.building.drift import changed_points, hardly_changed
from chatbot.building.embeddings import vector_key
from chatbot.building.training_set import PointTexts
from chatbot.index.strings import pack
from chatbot.matching.points import ANSWER, PLAIN, SIGN

IDS = ["hips", "knees"]
TEXTS, OWNERS, KINDS = ["a", "b", "c", "d"], [0, 0, 1, NONE], [ANSWER, ANSWER, SIGN, PLAIN]


def points(texts, owners, kinds):
    return PointTexts(texts, np.array(owners, dtype=np.int32), np.array(kinds, dtype=np.int8), len(texts))


@pytest.fixture
def old():
    """What an index of those points holds of them."""
    data, offsets = pack(IDS)
    now = points(TEXTS, OWNERS, KINDS)
    arrays = {
        "vectors-keys": np.frombuffer(b"".join(map(vector_key, TEXTS)), dtype="V16"),
        "point-entry": now.entry_of,
        "point-kinds": now.kinds,
        "ids": data,
        "ids-offsets": offsets,
    }
    return SimpleNamespace(array=arrays.__getitem__)


@pytest.mark.parametrize(
    ("texts", "owners", "kinds", "changed"),
    [
        (TEXTS, OWNERS, KINDS, 0),
        (["d", "b", "c", "a"], [NONE, 0, 1, 0], [PLAIN, ANSWER, SIGN, ANSWER], 0),  # in another order
        ([*TEXTS, "e"], [*OWNERS, 0], [*KINDS, ANSWER], 1),  # came
        (TEXTS[1:], OWNERS[1:], KINDS[1:], 1),  # went
        (["x", "b", "c", "d"], OWNERS, KINDS, 1),  # another text
        (TEXTS, [0, 1, 1, NONE], KINDS, 1),  # of another entry
        (TEXTS, OWNERS, [ANSWER, ANSWER, ANSWER, PLAIN], 1),  # no sign any more
        (["a", "a", "c", "d"], OWNERS, KINDS, 1),  # twice instead of another
        (["x", "y"], [0, 1], [ANSWER, ANSWER], 4),
    ],
)
def test_points_are_counted_that_are_not_as_they_were(old, texts, owners, kinds, changed):
    assert changed_points(old, points(texts, owners, kinds), IDS) == changed


def test_an_entry_that_only_moved_keeps_its_points_and_another_id_does_not(old):
    assert changed_points(old, points(TEXTS, [1, 1, 0, NONE], KINDS), IDS[::-1]) == 0
    assert changed_points(old, points(TEXTS, OWNERS, KINDS), ["hip", "knees"]) == 2


def test_a_hundredth_is_hardly_a_change():
    many = points(["a"] * 250, [0] * 250, [ANSWER] * 250)
    assert [hardly_changed(changed, many) for changed in (0, 2, 3)] == [True, True, False]
