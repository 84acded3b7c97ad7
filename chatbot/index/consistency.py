"""Whether the parts of an index fit each other, beyond each file being intact."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.index.store import Store
from chatbot.matching.lexical import BUCKETS
from chatbot.matching.matcher import COVERED, RIGHT, SIGN
from chatbot.records import Source

_SIGNALS = {"covered": COVERED, "right": RIGHT, "sign": SIGN}
# Arrays whose values say which or whether, by numpy's kind of number.
_KINDS = {
    "point-entry": "i",
    "matcher-related": "i",
    "matcher-urgent": "b",
    "matcher-lexical-starts": "i",
    "matcher-lexical-buckets": "i",
}
_ALSO_READ = ("words", "words-offsets", "word-counts", "english-words", "entries", "ids", "phrasings")


def inconsistencies(store: Store) -> Iterator[str]:
    """What does not fit, in a few words each. Raises what a manifest of another shape raises."""
    about = store.about
    yield from _kinds(about, own_encoder="encoder-graph" in store.files)
    counts, dimension = about["counts"], about["encoder"]["dimension"]
    entries, phrasings = counts["entries"], counts["phrasings"]
    owners = store.array("point-entry")
    points, features = len(owners), len(store.array("matcher-lexical-buckets"))
    shapes: Mapping[str, tuple[int, ...]] = {
        "vectors": (points, dimension),
        "ids-offsets": (entries + 1,),
        "entries-offsets": (entries + 1,),
        "phrasings-offsets": (phrasings + 1,),
        "background-vectors": (len(store.array("background-vectors")), dimension),
        "matcher-centroids": (entries, dimension),
        "matcher-tightness": (entries,),
        "matcher-urgent": (entries,),
        "matcher-related": (entries, settings.MAX_RELATED),
        "matcher-lexical-idf": (BUCKETS,),
        "matcher-lexical-starts": (points + 1,),
        "matcher-lexical-weights": (features,),
    }
    if not entries > 0:
        yield "no entries"
    for name, shape in shapes.items():
        if store.array(name).shape != shape:
            yield f"{name} of shape {store.array(name).shape}"
    for name, kind in _KINDS.items():
        if store.array(name).dtype.kind != kind:
            yield f"{name} of {store.array(name).dtype}"
    for name in _ALSO_READ:
        store.array(name)
    yield from _numbers(about)
    if points < phrasings:
        yield "fewer points than phrasings"
    yield from _rows(owners[:phrasings], 0, entries, "point-entry")
    yield from _rows(owners[phrasings:], NONE, entries, "point-entry")
    yield from _rows(store.array("matcher-related"), NONE, entries, "matcher-related")


def _kinds(about: Mapping[str, Any], own_encoder: bool) -> Iterator[str]:
    """Numbers that are none, and so on: JSON has no types, and whoever reads these later relies on them."""
    counts, encoder, matcher, corpus = about["counts"], about["encoder"], about["matcher"], about["corpus"]
    tokens, prompt = (encoder["max_tokens"], encoder["prompt"]) if own_encoder else (1, "")
    whole = [counts["entries"], counts["phrasings"], counts["answers"], encoder["dimension"], tokens]
    if any(type(number) is not int for number in whole):
        yield "counts that are no whole numbers"
    weights = [weight for weights in matcher["weights"].values() for weight in weights]
    for number in [*weights, *matcher["thresholds"].values(), matcher["search"]["probes"]]:
        if type(number) not in (int, float) or not math.isfinite(number):
            yield f"a matcher with {number!r:.40} for a number"
    if not all(isinstance(text, str) for text in (corpus["path"], prompt, *about["cited"])):
        yield "texts that are none"
    if any([type(part) for part in state] != [int, int, str] for state in corpus["files"].values()):
        yield "files of the corpus without size, time and hash"
    for fields in about["sources"]:
        source = Source(**fields)
        if any(type(value) is not (bool if name == "verified" else str) for name, value in fields.items()):
            yield f"the source {source.id!r:.40} with fields that are no text"


def _numbers(about: Mapping[str, Any]) -> Iterator[str]:
    matcher, encoder = about["matcher"], about["encoder"]
    if {name: len(weights) - 1 for name, weights in matcher["weights"].items()} != {
        name: len(signals) for name, signals in _SIGNALS.items()
    }:
        yield "a matcher of another size"
    if not all(0 <= float(matcher["thresholds"][name]) <= 1 for name in ("answer", "clarify", "urgent")):
        yield "thresholds that are no probabilities"
    if not matcher["search"]["probes"] >= 0:
        yield "a search that reads nothing"
    if "max_tokens" in encoder and not encoder["max_tokens"] > 0:
        yield "an encoder that reads nothing"
    if not isinstance(about["disclaimer"], str) or not about["disclaimer"].strip():
        yield "no disclaimer"
    if not isinstance(about["subject"], str):
        yield "a subject that is no text"
    if not all(isinstance(topic, str) for topic in about["topics"]):
        yield "topics that are no words"


def _rows(owners: npt.NDArray[Any], least: int, entries: int, name: str) -> Iterator[str]:
    if len(owners) and not (owners.min() >= least and owners.max() < entries):
        yield f"{name} that names entries which are not there"
