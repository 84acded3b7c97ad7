"""Opening an index directory: a manifest that names every other file by content hash (see `writer` for its making).

The format, and every file's size and SHA-256, are checked before anything is read from a file.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chatbot.errors import IndexBusy, IndexDamaged, IndexMissing, StorageError
from chatbot.files import sha256_of
from chatbot.index.manifest import (
    MEND,
    ChosenModel,
    Manifest,
    StoredFile,
    can_be_read,
    chosen_model,
    from_json,
    is_data_file,
)
from chatbot.matching.lexical import Features
from chatbot.matching.neighbours import Search

MANIFEST = "manifest.json"
# A file at least this large is hashed again only when its size or times changed since it was written.
_STAMPED_FROM = 1 << 20
# numpy reads an array's header with Python's parser, which before 3.11.8 failed when threads parse at once.
_PARSING = threading.Lock()


# What an index holds of each point for its search: a database has that in rows.
LEXICAL = ("matcher-lexical-starts", "matcher-lexical-buckets", "matcher-lexical-weights")
INVERTED_FILE = "matcher-search"
PROJECTED = "projected"  # the kind of a search that begins with a projection, and the arrays that this consists of
PROJECTION = ("matcher-search-directions", "matcher-search-coordinates")
OF_POINTS = ("vectors", *LEXICAL, INVERTED_FILE, *PROJECTION)


class Published(Protocol):
    """What an index that is published has elsewhere than in files; as text, where that is."""

    @property
    def search(self) -> Search:
        """The search among the points."""

    @property
    def features(self) -> Features:
        """The words of the points."""

    def newest(self) -> str:
        """The revision that whoever opens the index now gets. Raises `StoreUnavailable`."""


@dataclass(frozen=True)
class Store:
    """An opened and verified index directory. `revision` is the SHA-256 of its manifest.

    Of an index that is `published` the folder has the files that are read whole, fetched from where the rest is.
    """

    folder: Path
    manifest: Manifest = field(repr=False)
    revision: str
    arrays: dict[str, npt.NDArray[Any]] = field(default_factory=dict, repr=False)
    published: Published | None = None

    @property
    def where(self) -> str:
        """Where the index lies, for people."""
        return str(self.published or self.folder)

    def newest(self) -> str:
        """The revision that is there by now. Raises `OSError` or `StoreUnavailable` where that cannot be told."""
        return self.published.newest() if self.published else sha256_of(self.folder / MANIFEST)

    @property
    def files(self) -> Mapping[str, StoredFile]:
        """The data files by what they are."""
        return self.manifest.files

    def path(self, name: str) -> Path:
        if name not in self.files:
            raise IndexDamaged(f"{self.published or self.folder / MANIFEST} names no {name!r}; {MEND}")
        return self.folder / self.files[name].file

    def array(self, name: str) -> npt.NDArray[Any]:
        """The array `name`, mapped into memory and read-only."""
        if name not in self.arrays:
            raise IndexDamaged(f"{self.published or self.folder / MANIFEST} names no {name!r}; {MEND}")
        return self.arrays[name]


def open_store(folder: Path, *, thorough: bool = False) -> Store:
    """Open the index in `folder` and verify it; `thorough`: hash the large files, too, whose times did not change.

    Raises `IndexMissing`, `IndexIncompatible` (another format), `IndexDamaged` (a file is gone, cut or changed, or
    the manifest contradicts itself) or `StorageError` (not allowed to read).
    """
    for _ in range(100):
        store = Store(folder, *read_manifest(folder))
        try:
            for name in store.files:
                _verify(store, name, thorough)
            # Mapped now rather than when needed: a later build removes the files, but not what is mapped.
            store.arrays.update(mapped_arrays(store, store.files))
            return store
        except FileNotFoundError as error:
            # A build may have replaced the index between the two reads; then there is a new manifest to try.
            if read_manifest(folder)[1] == store.revision:
                raise IndexDamaged(f"{error.filename} is missing; {MEND}") from error
    raise IndexBusy(f"{folder} is being rewritten without pause; try again")


def read_chosen_model(folder: Path) -> ChosenModel | None:
    """The model that was chosen for the index in `folder`, be it damaged or of another format, or None where its
    manifest cannot tell."""
    try:
        return chosen_model(_manifest_bytes(folder))
    except IndexMissing:
        return None


def keep_out_of_others(folder: Path) -> None:
    """Raise `StorageError` for a folder in which there is something to be seen, and nothing of an index."""
    try:
        seen = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise StorageError(f"cannot read {folder}: {error.strerror}") from error
    others = [name for name in seen if name != MANIFEST]  # of a damaged index nothing else may be left
    if others and not any(map(is_data_file, others)):
        reason = f"{folder} has other files ({others[0]}) and no index"
        raise StorageError(f"{reason}; name a folder that is new, empty or an index")


def lost_model(folder: Path) -> str:
    """What to tell of a build that names no model, asked before it: that the model of the index in `folder`, whose
    manifest cannot be read, gives way to the default. Empty where that is not so."""
    try:
        lost = not can_be_read(_manifest_bytes(folder))
    except IndexMissing:
        lost = False
    reason = f"the manifest of {folder} could not be read, so nothing told which model it had"
    return f"{reason}; the default came in: build with another model if it had one" if lost else ""


def read_manifest(folder: Path) -> tuple[Manifest, str]:
    """The manifest of the index in `folder`, whose files are not looked at, and its SHA-256. See `open_store`."""
    data = _manifest_bytes(folder)
    return from_json(data, folder / MANIFEST), hashlib.sha256(data).hexdigest()


def _manifest_bytes(folder: Path) -> bytes:
    path = folder / MANIFEST
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"no index in {folder}; build one") from error
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error


def mapped_arrays(store: Store, names: Iterable[str]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Those of some files of a store that are arrays, mapped. Raises `IndexDamaged`, or `FileNotFoundError`."""
    for name in names:
        record = store.files[name]
        if record.file.endswith(".npy"):
            path = store.folder / record.file
            try:
                # As a plain array over the mapped file: numpy's memmap class makes each indexing slower.
                with _PARSING:
                    array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
                yield name, array
            except FileNotFoundError:
                raise
            except (OSError, ValueError) as error:
                raise IndexDamaged(f"{path} is not an array; {MEND}") from error


def _verify(store: Store, name: str, thorough: bool) -> None:
    record, path = store.files[name], store.path(name)
    try:
        state = path.stat()
        if state.st_size != record.size:
            raise IndexDamaged(f"{path} has {state.st_size:,} bytes instead of {record.size:,}; {MEND}")
        if not thorough and record.size >= _STAMPED_FROM and record.unchanged(state):
            return
        intact = sha256_of(path) == record.sha256
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    if not intact:
        raise IndexDamaged(f"{path} has been changed; {MEND}")
