"""The read path from a database: what is published at an address, as a store.

Its files are fetched into a cache folder, under names that carry their hashes, and mapped from there like those of any
index; its points stay where they are.
"""

import errno
import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg import errors

from chatbot import settings
from chatbot.addresses import Address
from chatbot.errors import IndexBusy, IndexDamaged, IndexMissing, StorageError
from chatbot.files import retry_while_locked, sha256_of
from chatbot.index.manifest import StoredFile, from_json, is_data_file
from chatbot.index.store import Published, Store, mapped_arrays
from chatbot.postgres.database import Database, Row
from chatbot.postgres.points import PointSet, PublishedPoints
from chatbot.postgres.schema import is_published, schema_of, table_of

_AGAIN = "publish the index again"
_SECONDS_KEPT = 24 * 3600  # a file that the newest revision lacks: another process may be opening an older one

_CURRENT = """
select revision, manifest, points, count, dimension, numbers, exact, ef_search
from {schema}.current join {schema}.revisions using (revision) join {schema}.point_sets using (points)
"""


@dataclass(frozen=True)
class _Revision(Published):
    """A revision in a database."""

    database: Database
    points: PointSet

    def __str__(self) -> str:
        return str(self.database)

    @cached_property
    def search(self) -> PublishedPoints:
        return PublishedPoints(self.database, self.points)

    @property
    def features(self) -> PublishedPoints:
        return self.search

    def newest(self) -> str:
        return str(_row(self.database, "select revision from {schema}.current")[0])


def open_published(address: Address) -> Store:
    """What is published at an address, verified.

    Raises `IndexMissing` where nothing is, `IndexIncompatible` (another format), `IndexDamaged` (something was changed,
    or contradicts the manifest), `StoreUnavailable`, or `StorageError` (not allowed to read, or to write the cache).
    """
    database = Database(address)
    try:
        for _ in range(100):
            store = _named(database)
            try:
                _fetch(database, store)
                store.arrays.update(mapped_arrays(store, filter(is_published, store.files)))
            except FileNotFoundError as error:
                # It may have been dropped meanwhile; then there is a new one to try.
                if store.newest() == store.revision:
                    raise IndexDamaged(f"{address} lacks {error.filename}; {_AGAIN}") from error
                continue
            return _fitting(store)
    finally:
        database.close()
    raise IndexBusy(f"{address} is being published without pause; try again")


def _named(database: Database) -> Store:
    """The current revision, of which no file was looked at yet."""
    address = database.address
    revision, text, *about = _row(database, _CURRENT)
    if hashlib.sha256(text.encode()).hexdigest() != revision:
        raise IndexDamaged(f"the manifest at {address} has been changed; {_AGAIN}")
    points = PointSet(table_of(address, about[0]), *about[1:])
    published = _Revision(Database(address, points.settings), points)
    return Store(_cache_folder(address), from_json(text.encode(), address), revision, published=published)


def _fitting(store: Store) -> Store:
    """The store, if its points are those of its manifest."""
    published, dimension = store.published, store.manifest.encoder.dimension
    if isinstance(published, _Revision):
        points = published.points
        if (points.count, points.dimension) != (len(store.array("point-entry")), dimension):
            raise IndexDamaged(f"{points.table} at {store.where} has other points than its manifest says; {_AGAIN}")
    return store


def _row(database: Database, sql: str) -> Row:
    """The one row of a query. Raises `IndexMissing` where there is none."""
    try:
        (rows,) = database.read((sql.format(schema=schema_of(database.address)), ()))
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        rows = []
    if not rows:
        raise IndexMissing(f"no index is published at {database}; build one and publish it there")
    return rows[0]


def _cache_folder(address: Address) -> Path:
    """Where the files of a corpus are kept, those of each database apart."""
    key = hashlib.sha256(str(address).encode()).hexdigest()[:16]
    return settings.published_path() / f"{address.corpus}-{key}"


def _fetch(database: Database, store: Store) -> None:
    """Bring in the files that the cache lacks. Raises `FileNotFoundError` for one that is not in the database."""
    records = [store.files[name] for name in store.files if is_published(name)]
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        missing = [record for record in records if not _is_whole(store.folder / record.file, record)]
        if missing:
            with TemporaryDirectory(prefix=".tmp-", dir=store.folder) as scratch:
                for record in missing:
                    _bring(database, record, Path(scratch, record.file), store.folder)
            _sweep(store.folder, {record.file for record in records})
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(f"cannot write {error.filename or store.folder}: {error.strerror or error}") from error


def _bring(database: Database, record: StoredFile, path: Path, folder: Path) -> None:
    sql = f"select data from {schema_of(database.address)}.files where file = %s and piece = %s"
    with path.open("wb") as file:
        for piece in count():
            (rows,) = database.read((sql, (record.file, piece)))
            if not rows:
                break
            file.write(rows[0][0])
    if not path.stat().st_size:
        raise FileNotFoundError(errno.ENOENT, "not in the database", record.file)
    if not _is_whole(path, record):
        raise IndexDamaged(f"{record.file} at {database} has been changed; {_AGAIN}")
    retry_while_locked(lambda: os.replace(path, folder / record.file))


def _is_whole(path: Path, record: StoredFile) -> bool:
    try:
        return path.stat().st_size == record.size and sha256_of(path) == record.sha256
    except FileNotFoundError:
        return False


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove what other revisions had, unless it is new: another process may be opening an older one."""
    for path in folder.iterdir():
        with suppress(OSError):
            if is_data_file(path.name) and path.name not in kept and time.time() - path.stat().st_mtime > _SECONDS_KEPT:
                path.unlink()
