"""Whether the arrays of an index fit its manifest and each other, beyond each file being intact."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.index.store import OF_POINTS, PROJECTED, PROJECTION, Store
from chatbot.matching.conditions import BUCKETS as BUCKETS_OF_SAID
from chatbot.matching.conditions import TOLD
from chatbot.matching.lexical import BUCKETS
from chatbot.matching.points import ALL_CLEAR, CAUTION, KINDS, NOT_CLEAR, SIGN
from chatbot.records import TURNS

# Arrays whose values say which or whether, by numpy's kind of number.
_KINDS = {
    "point-entry": "i",
    "matcher-related": "i",
    "matcher-urgent": "b",
    "matcher-topics": "i",
    "matcher-turn-kinds": "i",
    "matcher-turn-parts": "i",
    "point-kinds": "i",
    "matcher-lexical-starts": "i",
    "matcher-lexical-buckets": "i",
}
_ALSO_READ = (
    "words",
    "words-offsets",
    "word-counts",
    "conditions",
    "english-words",
    "entries",
    "drawings",
    "figures",
    "ids",
    "offers",
    "parts",
    "phrasings",
    "sources",
)


def inconsistencies(store: Store) -> Iterator[str]:
    """What does not fit, in a few words each. Raises `IndexDamaged` for an array that is not there."""
    entries, phrasings = store.manifest.counts.entries, store.manifest.counts.phrasings
    owners = store.array("point-entry")
    elsewhere = OF_POINTS if store.published else ()
    for name, shape in _shapes(store, points=len(owners)).items():
        if name not in elsewhere and store.array(name).shape != shape:
            yield f"{name} of shape {store.array(name).shape}"
    for name, kind in _KINDS.items():
        if name not in elsewhere and store.array(name).dtype.kind != kind:
            yield f"{name} of {store.array(name).dtype}"
    for name in _ALSO_READ:
        store.array(name)
    if len(owners) < phrasings:
        yield "fewer points than phrasings"
    yield from _outside(owners[:phrasings], range(entries), "point-entry", "entries")
    yield from _outside(owners[phrasings:], range(NONE, entries), "point-entry", "entries")
    yield from _outside(store.array("matcher-related"), range(NONE, entries), "matcher-related", "entries")
    yield from _outside(store.array("point-kinds"), range(len(KINDS)), "point-kinds", "kinds")
    yield from _outside(store.array("matcher-turn-kinds"), range(len(TURNS)), "matcher-turn-kinds", "kinds of turns")
    parts = range(NONE, len(store.array("parts-offsets")) - 1)
    yield from _outside(store.array("matcher-turn-parts"), parts, "matcher-turn-parts", "parts of answers")
    if store.array("drawings-offsets").shape != store.array("figures-offsets").shape:
        yield "as many drawings as figures are needed"
    if np.isin(store.array("point-kinds")[owners == NONE], (SIGN, CAUTION)).any():
        yield "point-kinds that names warning signs of no entry"


def _shapes_of_projection(store: Store, points: int) -> Mapping[str, tuple[int, int]]:
    directions, coordinates = PROJECTION
    count = store.array(directions).shape[-1]
    return {directions: (store.manifest.encoder.dimension, count), coordinates: (points, count)}


def _shapes(store: Store, points: int) -> Mapping[str, tuple[int, ...]]:
    """The shape that each array must have."""
    counts, dimension = store.manifest.counts, store.manifest.encoder.dimension
    turns = len(store.array("matcher-turn-kinds"))
    is_projected = store.manifest.matcher.search.kind == PROJECTED
    return {
        **(_shapes_of_projection(store, points) if is_projected else {}),
        "vectors": (points, dimension),
        "ids-offsets": (counts.entries + 1,),
        "entries-offsets": (counts.entries + 1,),
        "offers-offsets": (counts.entries + 1,),
        "phrasings-offsets": (counts.phrasings + 1,),
        "out-of-scope-vectors": (len(store.array("out-of-scope-vectors")), dimension),
        "matcher-centroids": (counts.entries, dimension),
        "matcher-intra-entry-similarity": (counts.entries,),
        "matcher-coverage": (dimension + 1,),
        "matcher-all-clear": (_of_all_clears(store) + 1,),
        "matcher-urgent": (counts.entries,),
        "matcher-said-weights": (len(TOLD), BUCKETS_OF_SAID + 1),
        "matcher-topics": (counts.entries,),
        "turn-vectors": (turns, dimension),
        "matcher-turn-parts": (turns,),
        "point-kinds": (points,),
        "matcher-related": (counts.entries, settings.MAX_RELATED),
        "matcher-lexical-idf": (BUCKETS,),
        "matcher-lexical-starts": (points + 1,),
        **({} if store.published else {"matcher-lexical-weights": (len(store.array("matcher-lexical-buckets")),)}),
    }


def _of_all_clears(store: Store) -> int:
    return int(np.count_nonzero(np.isin(store.array("point-kinds"), (ALL_CLEAR, NOT_CLEAR))))


def _outside(numbers: npt.NDArray[Any], known: range, name: str, what: str) -> Iterator[str]:
    if len(numbers) and not (numbers.min() >= known.start and numbers.max() < known.stop):
        yield f"{name} that names {what} which are not there"
