"""Writing an index directory, so that a reader sees the old index or the new one, whole, whenever the writer dies.

1. Lock the folder, and sweep the scratch folders of writers that died.
2. Write each data file into a scratch folder, sync it, and rename it to a name that carries its hash. Under such a name
   nothing is written or changed ever after.
3. Write the manifest, which names the data files, into the scratch folder, and sync it.
4. Sync the folder: the data files' names are on the disk.
5. Rename the manifest over the one before. <- commit point
6. Sync the folder: the manifest's name is on the disk.
7. Sweep the data files that the manifest does not name.

Until 5 the old manifest names the old files, all of which are there still; from 5 on the new one names the new.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.errors import IndexBusy, IndexFolderError, StorageError
from chatbot.files import move_by_content, retry_while_locked, sha256_of, sync, sync_folder
from chatbot.index.manifest import Manifest, StoredFile, is_data_file, to_json
from chatbot.index.store import MANIFEST, Store, keep_out_of_others, open_store, read_manifest

_LOCK = ".lock"
_TEMPORARY = ".tmp-"


@contextmanager
def writing(folder: Path) -> Iterator["IndexWriter"]:
    """Hold the folder for one build (step 1). What is not committed when the block ends leaves no trace.

    Raises `IndexBusy` when another build holds it and `StorageError` when it cannot be written, or is for other files.
    """
    from filelock import FileLock, Timeout

    try:
        keep_out_of_others(folder)
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
    """Writes data files, then commits them under one manifest. `files` are those written and kept so far."""

    def __init__(self, folder: Path, old: Store | None) -> None:
        self.folder = folder
        self.scratch = Path(mkdtemp(prefix=_TEMPORARY, dir=folder))
        self.old = old
        self.files: dict[str, StoredFile] = {}

    def keep(self, name: str) -> None:
        """Take the file `name` over from the old index."""
        if self.old is None:
            raise ValueError(f"there is no old index to take {name!r} from")
        # With its times as they are now: those of a copied index would never be trusted again.
        self.files[name] = StoredFile.of(self.old.path(name), self.old.files[name].sha256)

    def put_file(self, name: str, path: Path) -> Path:
        """Move the file at `path` (in `scratch`) into the index (step 2). Returns where it is now."""
        digest = sha256_of(path)
        if self.old and name in self.old.files and self.old.files[name].sha256 == digest:
            self.keep(name)
            return self.old.path(name)
        target = move_by_content(path, self.folder, name, digest)
        self.files[name] = StoredFile.of(target, digest)
        return target

    def put_array(self, name: str, array: npt.NDArray[Any]) -> None:
        path = self.scratch / f"{name}.npy"
        with path.open("wb") as file:
            np.save(file, array, allow_pickle=False)
        self.put_file(name, path)

    @contextmanager
    def array(self, name: str, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Iterator[npt.NDArray[Any]]:
        """An array to fill, which need not fit into memory; it is put into the index when the block ends."""
        path = self.scratch / f"{name}.npy"
        array = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
        yield array
        array.flush()
        self.put_file(name, path)

    def mapped(self, name: str) -> npt.NDArray[Any]:
        """An array that was put into the index, mapped from there and read-only."""
        array: npt.NDArray[Any] = np.load(self.folder / self.files[name].file, mmap_mode="r", allow_pickle=False)
        return array

    def commit(self, manifest: Manifest) -> None:
        """Make `manifest` and the files that it names the index, and remove all others (steps 3 to 7)."""
        path = self.scratch / MANIFEST
        path.write_text(to_json(manifest), encoding="utf-8")  # 3
        sync(path)
        sync_folder(self.folder)  # 4
        retry_while_locked(lambda: os.replace(path, self.folder / MANIFEST))  # 5 <- commit point
        sync_folder(self.folder)  # 6
        _sweep(self.folder, keep=_names(manifest))  # 7


def _names(manifest: Manifest) -> set[str]:
    return {record.file for record in manifest.files.values()}


def _sweep(folder: Path, keep: set[str] | None) -> None:
    """Remove what an earlier writer left: scratch folders, and data files not in `keep` (None: leave data files)."""
    for path in _left_over(folder, keep):
        with suppress(PermissionError):  # a reader on Windows may still hold it; the next commit removes it
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _left_over(folder: Path, keep: set[str] | None) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if path.name.startswith(_TEMPORARY) or (keep is not None and is_data_file(path.name) and path.name not in keep)
    ]


def tidy(folder: Path) -> None:
    """Remove what a build left that died after its commit, unless another build is at work or it cannot be removed."""
    with suppress(OSError, IndexFolderError):
        manifest, _ = read_manifest(folder)
        keep = _names(manifest)
        if not _left_over(folder, keep):
            return
        from filelock import FileLock, Timeout

        with suppress(Timeout), FileLock(folder / _LOCK).acquire(timeout=0):
            _sweep(folder, keep)
