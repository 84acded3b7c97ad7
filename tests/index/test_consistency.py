"""Arrays that are whole, but do not fit the manifest or each other: found when the index is opened, not when it is
asked."""

from dataclasses import replace

import numpy as np
import pytest

from chatbot.errors import IndexDamaged
from chatbot.index.consistency import inconsistencies
from chatbot.index.index import Index
from chatbot.index.manifest import SearchSpec
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from chatbot.matching.points import CAUTION, PLAIN, SIGN
from tests.conftest import ENTRIES, PHRASINGS, rewrite_manifest


def exchange(folder, name, change):
    """Commit the index in `folder` again, with its array `name` as `change` makes it."""
    with writing(folder) as writer:
        for each in writer.old.files:
            writer.keep(each)
        writer.put_array(name, change(np.array(writer.old.array(name))))
        writer.commit(replace(writer.old.manifest, files=writer.files))


def at(place, value):
    """A change of an array: `value` at `place`."""

    def change(array):
        array[place] = value
        return array

    return change


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("vectors", lambda array: array[:-1], "vectors of shape (78, 384)"),
        ("vectors", lambda array: array[:, :-1], "vectors of shape (79, 383)"),
        ("offers-offsets", lambda array: array[:-1], "offers-offsets of shape (12,)"),
        ("out-of-scope-vectors", lambda array: array[:, :1], "out-of-scope-vectors of shape (1975, 1)"),
        ("matcher-related", lambda array: array[:, 1:], "matcher-related of shape (12, 5)"),
        ("matcher-lexical-weights", lambda array: array[1:], "matcher-lexical-weights of shape "),
        ("point-entry", lambda array: array.astype(np.float32), "point-entry of float32"),
        ("matcher-urgent", lambda array: array.astype(np.int8), "matcher-urgent of int8"),
        ("point-entry", at(0, ENTRIES), "point-entry that names entries which are not there"),
        ("point-entry", at(PHRASINGS - 1, -1), "point-entry that names entries which are not there"),
        ("point-entry", at(PHRASINGS, -2), "point-entry that names entries which are not there"),
        ("point-kinds", lambda array: array[:-1], "point-kinds of shape (78,)"),
        ("point-kinds", lambda array: array.astype(np.float32), "point-kinds of float32"),
        ("point-kinds", at(0, 7), "point-kinds that names kinds which are not there"),
        ("point-kinds", at(0, -1), "point-kinds that names kinds which are not there"),
        # The last point is a look-alike, which speaks for no entry.
        ("point-kinds", at(-1, SIGN), "point-kinds that names warning signs of no entry"),
        ("point-kinds", at(-1, CAUTION), "point-kinds that names warning signs of no entry"),
        ("matcher-topics", lambda array: array[:-1], "matcher-topics of shape (11,)"),
        ("matcher-topics", lambda array: array.astype(np.float32), "matcher-topics of float32"),
        ("matcher-said-weights", lambda array: array[1:], "matcher-said-weights of shape (2, 131073)"),
        ("matcher-turn-kinds", lambda array: array.astype(np.float32), "matcher-turn-kinds of float32"),
        ("matcher-turn-parts", lambda array: array.astype(np.bool_), "matcher-turn-parts of bool"),
        ("matcher-related", at((0, 5), ENTRIES), "matcher-related that names entries which are not there"),
        ("matcher-related", at((0, 5), -2), "matcher-related that names entries which are not there"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_array_that_does_not_fit(index, name, change, what):
    exchange(index, name, change)
    with pytest.raises(IndexDamaged) as caught:
        Index.open(index)
    assert str(caught.value).startswith(f"the files in {index} contradict its manifest ({what}")
    assert str(caught.value).endswith("); build the index again in full")


@pytest.mark.parametrize(
    ("name", "place", "value"), [("point-entry", PHRASINGS, -1), ("matcher-related", (0, 5), -1)], ids=str
)
def test_no_entry_is_a_row_as_well(index, name, place, value):
    exchange(index, name, at(place, value))
    assert Index.open(index).store.array(name)[place] == -1


def test_what_plainly_tells_something_is_of_no_entry(index):
    exchange(index, "point-kinds", at(-1, PLAIN))  # in place of a look-alike
    assert Index.open(index).store.array("point-kinds")[-1] == PLAIN == 6


def test_what_fits(built, talked):
    assert list(inconsistencies(open_store(built))) == []
    assert list(inconsistencies(open_store(talked))) == []


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("matcher-turn-kinds", at(0, 5), "matcher-turn-kinds that names kinds of turns which are not there"),
        ("matcher-turn-kinds", at(3, -1), "matcher-turn-kinds that names kinds of turns which are not there"),
        # Two parts, and none where a message asks about no part.
        ("matcher-turn-parts", at(0, 2), "matcher-turn-parts that names parts of answers which are not there"),
        ("matcher-turn-parts", at(2, -2), "matcher-turn-parts that names parts of answers which are not there"),
        ("matcher-turn-parts", lambda array: array[1:], "matcher-turn-parts of shape (3,)"),
        ("turn-vectors", lambda array: array[1:], "turn-vectors of shape (3, 512)"),
        ("turn-vectors", lambda array: array[:, 1:], "turn-vectors of shape (4, 511)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_was_said_after_answers_that_does_not_fit(talked, name, change, what):
    exchange(talked, name, change)
    assert list(inconsistencies(open_store(talked))) == [what]


def test_of_fewer_parts_some_are_not_there(talked):
    exchange(talked, "parts-offsets", lambda array: array[:-1])
    what = "matcher-turn-parts that names parts of answers which are not there"
    assert list(inconsistencies(open_store(talked))) == [what]


def test_more_phrasings_than_points(index):
    rewrite_manifest(index, lambda content: content["counts"].update(phrasings=80))
    assert list(inconsistencies(open_store(index))) == [
        "phrasings-offsets of shape (68,)",
        "fewer points than phrasings",
        "point-entry that names entries which are not there",
    ]


@pytest.mark.parametrize("name", ["matcher-lexical-weights", "english-words", "offers", "parts", "conditions"])
def test_an_array_that_is_not_there(index, name):
    rewrite_manifest(index, lambda content: content["files"].pop(name))
    with pytest.raises(IndexDamaged) as caught:
        Index.open(index)
    assert str(caught.value) == f"{index / 'manifest.json'} names no {name!r}; build the index again in full"


def test_a_projection_that_does_not_fit(index):
    def projected(coordinates):
        with writing(index) as writer:
            for each in open_store(index).files:
                writer.keep(each)
            writer.put_array("matcher-search-directions", np.zeros((384, 160), dtype=np.float32))
            writer.put_array("matcher-search-coordinates", coordinates)
            matcher = replace(writer.old.manifest.matcher, search=SearchSpec("projected", probes=0, recall=1.0))
            writer.commit(replace(writer.old.manifest, files=writer.files, matcher=matcher))
        return list(inconsistencies(open_store(index)))

    assert projected(np.zeros((79, 160), dtype=np.float32)) == []
    assert projected(np.zeros((78, 160), dtype=np.float32)) == ["matcher-search-coordinates of shape (78, 160)"]
    assert projected(np.zeros((79, 384), dtype=np.float32)) == ["matcher-search-coordinates of shape (79, 384)"]
