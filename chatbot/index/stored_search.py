"""The search among the points, as an index keeps it."""

from chatbot.errors import IndexDamaged
from chatbot.index.manifest import MEND
from chatbot.index.store import INVERTED_FILE, PROJECTED, PROJECTION, Store
from chatbot.matching.neighbours import NeighbourSearch, Search
from chatbot.matching.projection import Projection


def open_search(store: Store) -> Search:
    """The search among the points: the phrasings, and what else a query is compared with.

    Opened with the index rather than when needed: a later build removes its file, but not what is mapped.
    """
    if store.published:
        return store.published.search
    spec = store.manifest.matcher.search
    file = store.path(INVERTED_FILE) if spec.probes else None
    projection = Projection(*map(store.array, PROJECTION)) if spec.kind == PROJECTED else None
    try:
        return NeighbourSearch(store.array("vectors"), file, spec.probes, projection).opened()
    except OSError as error:
        raise IndexDamaged(f"{error}; {MEND}") from error
