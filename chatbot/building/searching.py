"""The search among the points of an index, made and written: flat, with a projection, or with an inverted file."""

from chatbot.arrays import StoredVectors
from chatbot.index.manifest import SearchSpec
from chatbot.index.store import INVERTED_FILE, PROJECTED, PROJECTION
from chatbot.index.writer import IndexWriter
from chatbot.matching.neighbours import FLAT_UP_TO, NeighbourSearch, project, write_inverted_file


def make_search(vectors: StoredVectors, writer: IndexWriter) -> tuple[NeighbourSearch, SearchSpec]:
    """The search among some vectors, shape (points, dimension), with its files put into the index, and what the
    manifest says of it."""
    if len(vectors) > FLAT_UP_TO:
        path = writer.scratch / "search.ivf"
        spec = SearchSpec(**write_inverted_file(vectors, path))
        return NeighbourSearch(vectors, writer.put_file(INVERTED_FILE, path), spec.probes), spec
    projection, recall = project(vectors)
    if projection is None:
        return NeighbourSearch(vectors), SearchSpec("flat", probes=0, recall=recall)
    for name, array in zip(PROJECTION, (projection.directions, projection.coordinates), strict=True):
        writer.put_array(name, array)
    return NeighbourSearch(vectors, projection=projection), SearchSpec(PROJECTED, probes=0, recall=round(recall, 5))
