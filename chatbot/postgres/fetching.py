"""The files of what is published, brought into a folder of the user's cache under names that carry their hashes.

Of a file that was there in another version only the pieces are asked for that differ.
"""

import errno
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from chatbot import settings
from chatbot.addresses import Address
from chatbot.errors import IndexDamaged, StorageError
from chatbot.files import retry_while_locked, sha256_of
from chatbot.index.manifest import is_data_file
from chatbot.postgres.database import Database
from chatbot.postgres.filing import mapped_bytes
from chatbot.postgres.pieces import pieces_of
from chatbot.postgres.schema import schema_of

_TOGETHER = 32  # pieces in one round trip
_SECONDS_KEPT = 24 * 3600  # a file that the newest revision lacks: another process may be opening an older one


def cache_folder(address: Address) -> Path:
    """Where the files of a corpus are kept, those of each database apart."""
    key = sha256(str(address).encode()).hexdigest()[:16]
    return settings.published_path() / f"{address.corpus}-{key}"


class Fetching:
    """Brings files from a database into a folder."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self.folder = database, folder
        self._schema = schema_of(database.address)

    def bring(self, files: Mapping[str, str]) -> None:
        """Have some files in the folder, whose SHA-256s are the values. Raises `FileNotFoundError` for one that is not
        in the database, `IndexDamaged` for one that is another there, or `StorageError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if missing := [name for name, digest in files.items() if not _is_whole(self.folder / name, digest)]:
                with TemporaryDirectory(prefix=".tmp-", dir=self.folder) as scratch:
                    for name in missing:
                        self._bring(name, files[name], Path(scratch, name))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StorageError(f"cannot write {error.filename or self.folder}: {error.strerror or error}") from error

    def sweep(self, kept: Mapping[str, str]) -> None:
        """Remove what other revisions had, unless it is new: another process may be opening an older one."""
        for path in self.folder.iterdir():
            with suppress(OSError):
                old = time.time() - path.stat().st_mtime > _SECONDS_KEPT
                if old and is_data_file(path.name) and path.name not in kept:
                    path.unlink()

    def _bring(self, name: str, digest: str, path: Path) -> None:
        sql = f"select piece from {self._schema}.files where file = %s order by number"
        (listed,) = self._database.read((sql, (name,)))
        if not listed:
            raise _lacking(name)
        with path.open("wb") as file:
            for data in self._contents(name, [piece for (piece,) in listed]):
                file.write(data)
        if not _is_whole(path, digest):
            raise IndexDamaged(f"{name} at {self._database} has been changed; publish the index again")
        retry_while_locked(lambda: os.replace(path, self.folder / name))

    def _contents(self, name: str, pieces: Sequence[bytes]) -> Iterator[bytes | memoryview]:
        here = self._pieces_here(name)
        sql = f"select piece, data from {self._schema}.pieces where piece = any(%b)"
        for start in range(0, len(pieces), _TOGETHER):
            some = pieces[start : start + _TOGETHER]
            known: dict[bytes, bytes | memoryview] = {piece: here[piece] for piece in some if piece in here}
            if missing := [piece for piece in some if piece not in known]:
                (rows,) = self._database.read((sql, (missing,)))
                known |= dict(rows)
            for piece in some:
                if piece not in known:
                    raise _lacking(name)
                yield known[piece]

    def _pieces_here(self, name: str) -> Mapping[bytes, memoryview]:
        """The pieces of the newest file in the folder that is another version of one."""
        stem = name.rpartition("-")[0]
        versions = [path for path in self.folder.iterdir() if path.name.rpartition("-")[0] == stem]
        try:
            data = mapped_bytes(max(versions, key=lambda path: path.stat().st_mtime))
        except (ValueError, FileNotFoundError):  # none, an empty one, or one that another process has just removed
            return {}
        return {piece.name: data[piece.start : piece.end].data for piece in pieces_of(data)}


def _lacking(name: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "not in the database", name)


def _is_whole(path: Path, digest: str) -> bool:
    try:
        return sha256_of(path) == digest
    except FileNotFoundError:
        return False
