"""When two ids are one."""

import pytest

from chatbot.corpus.ids import EntryIds, id_key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Q-001", "q-001", True),
        ("STRASSE", "straße", True),
        ("\u00e9", "e\u0301", True),
        ("ﬁt", "fit", True),
        ("Q-001", "Q-01", False),
        ("a b", "a-b", False),
        ("é", "e", False),
    ],
)
def test_k22_ids_that_people_cannot_tell_apart(one, other, same):
    assert (id_key(one) == id_key(other)) is same


def test_k22_an_id_is_found_as_its_entry_writes_it():
    ids = EntryIds()
    assert [ids.add(each) for each in ("Q-1", "b", "q-1")] == ["Q-1", "b", "Q-1"]
    assert [ids.as_written(each) for each in ("q-1", "B", "c")] == ["Q-1", "b", "c"]
    assert [each in ids for each in ("q-1", "c", 5)] == [True, False, False]
