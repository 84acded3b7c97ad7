"""The search among the points, as an index keeps it."""

from chatbot.errors import IndexDamaged
from chatbot.index.manifest import MEND
from chatbot.index.store import Store
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.matching.projection import Projection

INVERTED_FILE = "matcher-search"
PROJECTED = "projected"  # the kind of a search that begins with a projection, and the arrays that this consists of
PROJECTION = ("matcher-search-directions", "matcher-search-coordinates")


def open_search(store: Store) -> NeighbourSearch:
    """The search among the points: the phrasings, and what else a query is compared with.

    Opened with the index rather than when needed: a later build removes its file, but not what is mapped.
    """
    spec = store.manifest.matcher.search
    file = store.path(INVERTED_FILE) if spec.probes else None
    projection = Projection(*map(store.array, PROJECTION)) if spec.kind == PROJECTED else None
    try:
        return NeighbourSearch(store.array("vectors"), file, spec.probes, projection).opened()
    except OSError as error:
        raise IndexDamaged(f"{error}; {MEND}") from error
