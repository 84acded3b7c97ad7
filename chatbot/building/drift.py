"""How far the points of a corpus are from those of an index."""

from collections import Counter
from collections.abc import Iterable, Sequence

from chatbot.arrays import NONE
from chatbot.building.embeddings import VECTORS, vector_key
from chatbot.building.training_set import PointTexts
from chatbot.index.store import Store
from chatbot.index.strings import StringTable

_MOST = 0.01  # of the points; as many change what a probability rests on less than another draw of its questions would


def changed_points(old: Store, points: PointTexts, ids: Sequence[str]) -> int:
    """How many points came or went since an index was built; one of another text, entry or kind did both. `ids` are
    those of the entries now."""
    before = _described(
        (key.tobytes() for key in old.array(f"{VECTORS}-keys")),
        old.array("point-entry").tolist(),
        old.array("point-kinds").tolist(),
        list(StringTable(old.array("ids"), old.array("ids-offsets"))),
    )
    now = _described(map(vector_key, points.texts), points.entry_of.tolist(), points.kinds.tolist(), ids)
    return max((before - now).total(), (now - before).total())


def hardly_changed(changed: int, points: PointTexts) -> bool:
    """Whether a calibration holds, since when so many points have changed in all."""
    return changed <= _MOST * len(points.texts)


def _described(
    keys: Iterable[bytes], entry_of: Sequence[int], kinds: Sequence[int], ids: Sequence[str]
) -> Counter[tuple[bytes, str, int]]:
    owners = ("" if entry == NONE else ids[entry] for entry in entry_of)
    return Counter(zip(keys, owners, kinds, strict=True))
