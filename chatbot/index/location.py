"""Which corpus and which index go together in a call: an index belongs to one corpus, and to no other by accident."""

from dataclasses import dataclass
from pathlib import Path

from chatbot import settings
from chatbot.addresses import Address
from chatbot.index.manifest import corpus_path
from chatbot.index.store import MANIFEST


@dataclass(frozen=True, slots=True)
class Location:
    """A corpus and its index: a folder, or the address of a published one. `chosen` is whether the call or the
    environment says so; else the index was named alone, and the corpus is the one that it was built from. `expected` is
    whether the call names the index and nothing names a corpus: there should be an index then."""

    corpus: Path
    index: Path | Address
    chosen: bool = True
    expected: bool = False

    @property
    def folder(self) -> Path:
        """Where the index of the corpus is built."""
        return self.index if isinstance(self.index, Path) else settings.index_path_of(self.corpus)


def locate(corpus: Path | None = None, index: Path | Address | None = None) -> Location:
    """What a call means that names a corpus, an index, both or none; the environment names what it leaves open.

    An index that is named alone goes on with its own corpus. A corpus that is named alone has an index of its own; it
    takes that of `CHATBOT_INDEX` only where this one is not another's, and none from a database, which could not tell.
    """
    named = corpus or settings.chosen_corpus_path()
    folder = index or settings.chosen_index()
    if folder is None:
        named = named or settings.packaged_corpus_path()
        return Location(named, settings.index_path_of(named))
    if isinstance(folder, Address):
        if corpus and not index:
            return Location(corpus, settings.index_path_of(corpus))
        return Location(named or settings.packaged_corpus_path(), folder, chosen=named is not None)
    own = _corpus_of(folder)
    if named is None:
        corpus = own if own and own.exists() else settings.packaged_corpus_path()
        return Location(corpus, folder, chosen=own is None, expected=index is not None)
    if corpus and not index and own not in (None, corpus.absolute()):
        return Location(corpus, settings.index_path_of(corpus))
    return Location(named, folder)


def _corpus_of(folder: Path) -> Path | None:
    """The corpus that the index in `folder` was built from, be its format another one; None where that is not told."""
    try:
        return corpus_path((folder / MANIFEST).read_bytes())
    except OSError:
        return None
