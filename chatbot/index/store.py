"""The index directory: a manifest that names every other file by content hash, committed in one step.

Data files are written under names that carry their hash, synced, and never changed afterwards; the manifest is
replaced last. So a reader sees the old index or the new one, whole, whenever the writer dies. Files that the
manifest does not name are swept by the next commit. Opening checks the format, and every file's size and SHA-256,
before anything is read from it.
"""

import hashlib
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.errors import IndexBusy, IndexDamaged, IndexFolderError, IndexIncompatible, IndexMissing, StorageError
from chatbot.files import content_name, retry_while_locked, sha256_of, sync, sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
_LOCK = ".lock"
_TEMPORARY = ".tmp-"
_FILE_NAME = re.compile(r"[a-z-]+-[0-9a-f]{16}\.[a-z]+")
# A file at least this large is hashed again only when its size or times changed since it was written.
_STAMPED_FROM = 1 << 20
# numpy reads an array's header with Python's parser, which before 3.11.8 failed when threads parse at once.
_PARSING = threading.Lock()
_MEND = "run `flexbot build --full`"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the index as the manifest records it; times in ns since the epoch."""

    file: str
    sha256: str
    size: int
    mtime: int
    ctime: int

    def unchanged(self, state: os.stat_result) -> bool:
        return (self.size, self.mtime, self.ctime) == (state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@dataclass(frozen=True)
class Store:
    """An opened and verified index directory."""

    folder: Path
    about: dict[str, Any] = field(repr=False)
    files: dict[str, StoredFile] = field(repr=False)
    revision: str
    arrays: dict[str, npt.NDArray[Any]] = field(default_factory=dict, repr=False)

    def path(self, name: str) -> Path:
        if name not in self.files:
            raise IndexDamaged(f"{self.folder / MANIFEST} names no {name!r}; {_MEND}")
        return self.folder / self.files[name].file

    def array(self, name: str) -> npt.NDArray[Any]:
        """The array `name`, mapped into memory and read-only."""
        if name not in self.arrays:
            raise IndexDamaged(f"{self.folder / MANIFEST} names no {name!r}; {_MEND}")
        return self.arrays[name]


def open_store(folder: Path, *, thorough: bool = False) -> Store:
    """Open the index in `folder` and verify it; `thorough`: hash the large files, too, whose times did not change.

    Raises `IndexMissing`, `IndexIncompatible` (another format), `IndexDamaged` (a file is gone, cut or changed, or
    the manifest contradicts itself) or `StorageError` (not allowed to read).
    """
    for _ in range(100):
        store = _read_manifest(folder)
        try:
            for name in store.files:
                _verify(store, name, thorough)
            # Mapped now rather than when needed: a later build removes the files, but not what is mapped.
            store.arrays.update(_mapped_arrays(store))
            return store
        except FileNotFoundError as error:
            # A build may have replaced the index between the two reads; then there is a new manifest to try.
            if _read_manifest(folder).revision == store.revision:
                raise IndexDamaged(f"{error.filename} is missing; {_MEND}") from error
    raise IndexBusy(f"{folder} is being rewritten without pause; try again")


def _read_manifest(folder: Path) -> Store:
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"no index in {folder}; run `flexbot build`") from error
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    try:
        about = json.loads(data)
        found = about["format"]
        if found != FORMAT:
            raise IndexIncompatible(f"{path} has format {found!r}, this version reads {FORMAT}; {_MEND}")
        if about.pop("checksum") != _checksum(about):
            raise IndexDamaged(f"{path} has been changed or cut; {_MEND}")
        files = {name: StoredFile(**record) for name, record in about.pop("files").items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{path} is not a manifest; {_MEND}") from error
    for record in files.values():
        if not isinstance(record.file, str) or not isinstance(record.size, int):
            raise IndexDamaged(f"{path} is not a manifest; {_MEND}")
        if not _FILE_NAME.fullmatch(record.file):
            raise IndexDamaged(f"{path} names a file outside the index ({record.file[:80]!r}); {_MEND}")
    return Store(folder, about, files, hashlib.sha256(data).hexdigest())


def _checksum(about: dict[str, Any]) -> str:
    canonical = json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _mapped_arrays(store: Store) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, record in store.files.items():
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
                raise IndexDamaged(f"{path} is not an array; {_MEND}") from error


def _verify(store: Store, name: str, thorough: bool) -> None:
    record, path = store.files[name], store.path(name)
    try:
        state = path.stat()
        if state.st_size != record.size:
            raise IndexDamaged(f"{path} has {state.st_size:,} bytes instead of {record.size:,}; {_MEND}")
        if not thorough and record.size >= _STAMPED_FROM and record.unchanged(state):
            return
        intact = sha256_of(path) == record.sha256
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    if not intact:
        raise IndexDamaged(f"{path} has been changed; {_MEND}")


@contextmanager
def writing(folder: Path) -> Iterator["IndexWriter"]:
    """Hold the folder for one build. What is not committed when the block ends leaves no trace.

    Raises `IndexBusy` when another build holds it and `StorageError` when it cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK).acquire(timeout=0):
            _sweep(folder, keep=None)
            writer = IndexWriter(folder, _usable(folder))
            try:
                yield writer
            finally:
                shutil.rmtree(writer.scratch, ignore_errors=True)
    except Timeout as error:
        raise IndexBusy(f"another build is writing {folder}; try again when it is done") from error
    except OSError as error:
        where = error.filename or folder
        raise StorageError(f"cannot write {where}: {error.strerror or error}; the index was not changed") from error


def _usable(folder: Path) -> Store | None:
    """The index in `folder`, when it is there and whole: what a build keeps of it is stamped as sound anew."""
    try:
        return open_store(folder, thorough=True)
    except IndexFolderError:
        return None


class IndexWriter:
    """Writes data files, then commits them under one manifest."""

    def __init__(self, folder: Path, old: Store | None) -> None:
        self.folder = folder
        self.scratch = Path(mkdtemp(prefix=_TEMPORARY, dir=folder))
        self.old = old
        self._files: dict[str, StoredFile] = {}

    def keep(self, name: str) -> None:
        """Take the file `name` over from the old index."""
        if self.old is None:
            raise ValueError(f"there is no old index to take {name!r} from")
        self._files[name] = self._stamped(self.old.files[name])

    def put_array(self, name: str, array: npt.NDArray[Any]) -> None:
        path = self.scratch / f"{name}.npy"
        with path.open("wb") as file:
            np.save(file, array, allow_pickle=False)
        self.put_file(name, path)

    def new_array(self, name: str, shape: tuple[int, ...], kind: type[np.generic]) -> tuple[Path, npt.NDArray[Any]]:
        """A file for `put_new_array`, and the array in it to fill: one that need not fit into memory."""
        path = self.scratch / f"{name}.npy"
        if 0 in shape:  # nothing can be mapped
            return path, np.empty(shape, dtype=kind)
        return path, np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)

    def put_new_array(self, name: str, path: Path, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Move the file of `new_array`, once filled, into the index. Returns the array as it is mapped from there."""
        if not isinstance(array, np.memmap):
            self.put_array(name, array)
            return array
        array.flush()
        del array
        mapped: npt.NDArray[Any] = np.load(self.put_file(name, path), mmap_mode="r", allow_pickle=False)
        return mapped

    def put_part(self, name: str, array: npt.NDArray[Any]) -> None:
        """Put by what a long build has done so far: not part of the index, found by `parts`, swept by a commit."""
        path = self.scratch / f"{name}.npy"
        np.save(path, array, allow_pickle=False)
        sync(path)
        retry_while_locked(lambda: os.replace(path, self.folder / content_name(name, sha256_of(path), path.suffix)))

    def parts(self, name: str) -> Iterator[npt.NDArray[Any]]:
        """The whole ones among the arrays that `put_part` left under this name in earlier builds."""
        for path in sorted(self.folder.glob(f"{name}-*.npy")):
            if path.name == content_name(name, sha256_of(path), path.suffix):
                yield np.load(path, mmap_mode="r", allow_pickle=False)

    def put_file(self, name: str, path: Path) -> Path:
        """Move the file at `path` (in `scratch`) into the index. Returns where it is now."""
        digest = sha256_of(path)
        old = self.old.files.get(name) if self.old else None
        if old and old.sha256 == digest:
            self._files[name] = self._stamped(old)
            return self.folder / old.file
        target = self.folder / content_name(name, digest, path.suffix)
        sync(path)
        retry_while_locked(lambda: os.replace(path, target))
        self._files[name] = self._stamped(StoredFile(target.name, digest, target.stat().st_size, 0, 0))
        return target

    def _stamped(self, record: StoredFile) -> StoredFile:
        """`record` with the file's times as they are now: those of a copied index would never be trusted again."""
        state = (self.folder / record.file).stat()
        return replace(record, mtime=state.st_mtime_ns, ctime=state.st_ctime_ns)

    def commit(self, about: dict[str, Any]) -> None:
        """Make the files written and kept the index, with `about` in its manifest; remove all others."""
        about = {"format": FORMAT, **about}
        about["files"] = {name: asdict(record) for name, record in sorted(self._files.items())}
        about["checksum"] = _checksum(about)
        path = self.scratch / MANIFEST
        path.write_text(json.dumps(about, indent=1, ensure_ascii=True), encoding="utf-8")
        sync(path)
        sync_folder(self.folder)
        retry_while_locked(lambda: os.replace(path, self.folder / MANIFEST))
        sync_folder(self.folder)
        _sweep(self.folder, keep={record.file for record in self._files.values()})


def _sweep(folder: Path, keep: set[str] | None) -> None:
    """Remove what an earlier writer left: scratch folders, and data files not in `keep` (None: leave data files)."""
    for path in _left_over(folder, keep):
        with suppress(PermissionError):  # a reader on Windows may still hold it; the next commit removes it
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _left_over(folder: Path, keep: set[str] | None) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if path.name.startswith(_TEMPORARY)
        or (keep is not None and _FILE_NAME.fullmatch(path.name) and path.name not in keep)
    ]


def tidy(folder: Path) -> None:
    """Remove what a build left that died after its commit, unless another build is at work or it cannot be removed."""
    with suppress(OSError, IndexFolderError):
        keep = {record.file for record in _read_manifest(folder).files.values()}
        if not _left_over(folder, keep):
            return
        from filelock import FileLock, Timeout

        with suppress(Timeout), FileLock(folder / _LOCK).acquire(timeout=0):
            _sweep(folder, keep)
