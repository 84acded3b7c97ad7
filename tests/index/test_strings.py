"""Packed texts: what goes in comes out, and offsets that do not fit are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.errors import IndexDamaged
from chatbot.index.strings import StringTable, pack


def test_layout_of_the_arrays():
    data, offsets = pack(["ab", "", "é"])
    assert data.tobytes() == b"ab\xc3\xa9"
    assert offsets.tolist() == [0, 2, 2, 4]


@given(st.lists(st.text()))
def test_every_text_comes_back(texts):
    table = StringTable(*pack(texts))
    assert list(table) == texts
    assert [table[row] for row in range(len(table))] == texts


def test_a_table_is_a_sequence():
    table = StringTable(*pack(["a", "b", "c"]))
    assert len(table) == 3
    assert table[1:] == ["b", "c"]
    assert table[::-2] == ["c", "a"]
    assert "b" in table
    for row in (3, -1):
        with pytest.raises(IndexError):
            table[row]


def test_a_lone_surrogate_becomes_a_question_mark():
    assert list(StringTable(*pack(["a\ud800b"]))) == ["a?b"]


@pytest.mark.parametrize("offsets", [[], [0, 3], [0, 5], [[0, 4]]])
def test_offsets_that_do_not_fit_are_damage(offsets):
    data, _ = pack(["abcd"])
    with pytest.raises(IndexDamaged, match="does not fit its offsets; build the index again in full"):
        StringTable(data, np.array(offsets, dtype=np.int64))
