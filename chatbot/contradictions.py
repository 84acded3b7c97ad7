"""Whether the parts of an index fit each other, beyond each file being intact."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import numpy.typing as npt

from chatbot.matcher import SIGNALS
from chatbot.records import Source
from chatbot.store import Store

_URGENT_SIGNALS = 3
_ALSO_READ = (
    *("matcher-lexical-idf", "matcher-lexical-rows", "matcher-lexical-starts", "matcher-lexical-values"),
    *("matcher-urgent", "words", "words-offsets", "word-counts", "english-words", "entries", "ids", "phrasings"),
)


def contradictions(store: Store) -> Iterator[str]:
    """What does not fit, in a few words each. Raises what a manifest of another shape raises."""
    about = store.about
    yield from _kinds(about, own_encoder="encoder-graph" in store.files)
    counts, dimension = about["counts"], about["encoder"]["dimension"]
    entries, phrasings = counts["entries"], counts["phrasings"]
    points = len(store.array("matcher-entry-of"))
    shapes: Mapping[str, tuple[int, ...]] = {
        "vectors": (phrasings, dimension),
        "answer-vectors": (counts["answers"], dimension),
        "phrasing-entry": (phrasings,),
        "ids-offsets": (entries + 1,),
        "entries-offsets": (entries + 1,),
        "phrasings-offsets": (phrasings + 1,),
        "matcher-alphas": (entries, points),
        "matcher-centroids": (entries, dimension),
        "matcher-tightness": (entries,),
        "matcher-extra": (points - phrasings, dimension),
    }
    if not entries > 0:
        yield "no entries"
    for name, shape in shapes.items():
        if store.array(name).shape != shape:
            yield f"{name} of shape {store.array(name).shape}"
    for name in _ALSO_READ:
        store.array(name)
    yield from _numbers(about)
    yield from _rows(store.array("phrasing-entry"), entries, "phrasing-entry")


def _kinds(about: Mapping[str, Any], own_encoder: bool) -> Iterator[str]:
    """Numbers that are none, and so on: JSON has no types, and whoever reads these later relies on them."""
    counts, encoder, matcher, corpus = about["counts"], about["encoder"], about["matcher"], about["corpus"]
    tokens, prompt = (encoder["max_tokens"], encoder["prompt"]) if own_encoder else (1, "")
    whole = [counts["entries"], counts["phrasings"], counts["answers"], encoder["dimension"], tokens]
    if any(type(number) is not int for number in whole):
        yield "counts that are no whole numbers"
    thresholds = [matcher["thresholds"]["answer"], matcher["thresholds"]["clarify"], matcher["urgent"]["threshold"]]
    for number in [*matcher["beta"], *matcher["urgent"]["beta"], *thresholds]:
        if type(number) not in (int, float) or not isfinite(number):
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
    if len(matcher["beta"]) != len(SIGNALS) + 1 or len(matcher["urgent"]["beta"]) != _URGENT_SIGNALS + 1:
        yield "a matcher of another size"
    limits = [matcher["thresholds"]["answer"], matcher["thresholds"]["clarify"], matcher["urgent"]["threshold"]]
    if not all(0 <= float(limit) <= 1 for limit in limits):
        yield "thresholds that are no probabilities"
    if "max_tokens" in encoder and not encoder["max_tokens"] > 0:
        yield "an encoder that reads nothing"
    if not isinstance(about["disclaimer"], str) or not about["disclaimer"].strip():
        yield "no disclaimer"
    if not all(isinstance(topic, str) for topic in about["topics"]):
        yield "topics that are no words"


def _rows(owners: npt.NDArray[Any], entries: int, name: str) -> Iterator[str]:
    if len(owners) and not (owners.min() >= 0 and owners.max() < entries):
        yield f"{name} that names entries which are not there"
