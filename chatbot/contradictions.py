"""Whether the parts of an index fit each other, beyond each file being intact."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy.typing as npt

from chatbot.matcher import SIGNALS
from chatbot.store import Store

_URGENT_SIGNALS = 3


def contradictions(store: Store) -> Iterator[str]:
    """What does not fit, in a few words each. Raises what a manifest of another shape raises."""
    about = store.about
    counts, dimension = about["counts"], about["encoder"]["dimension"]
    entries, phrasings = counts["entries"], counts["phrasings"]
    points = len(store.array("matcher-entry-of"))
    shapes: Mapping[str, tuple[int, ...]] = {
        "vectors": (phrasings, dimension),
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
    yield from _numbers(about)
    yield from _rows(store.array("phrasing-entry"), entries, "phrasing-entry")


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
