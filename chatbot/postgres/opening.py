"""The read path from a database: what is published at an address, as a store.

Its files are fetched into a cache folder, under names that carry their hashes, and mapped from there like those of any
index; its points stay where they are: at one server, or divided among several that all have to hold the same set.
"""

import errno
import hashlib
import os
import time
from collections.abc import Sequence
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
from chatbot.postgres.points import PublishedPoints
from chatbot.postgres.schema import is_published, schema_of, table_of
from chatbot.postgres.table import Asked, PointSet, Table

_AGAIN = "publish the index again"
_OTHERS = "name the servers in the order in which they were published to, or publish the index again"
_SECONDS_KEPT = 24 * 3600  # a file that the newest revision lacks: another process may be opening an older one

_CURRENT = """
select revision, manifest, points, (select max(parts) from {schema}.point_sets as held where held.points = named.points)
from {schema}.current join {schema}.revisions as named using (revision)
"""
_PART = """
select count, dimension, numbers, exact, ef_search, part, parts from {schema}.point_sets
where points = %s and part = %s and parts = %s and recall > 0
"""


@dataclass(frozen=True)
class _Revision(Published):
    """A revision in a database, and the tables of its points."""

    address: Address
    tables: Sequence[Table]

    def __str__(self) -> str:
        return str(self.address)

    @property
    def database(self) -> Asked:
        """The server that knows the revisions."""
        return self.tables[0].database

    @cached_property
    def search(self) -> PublishedPoints:
        return PublishedPoints(*self.tables)

    @property
    def features(self) -> PublishedPoints:
        return self.search

    def newest(self) -> str:
        return str(_row(self.database, self.address, "select revision from {schema}.current")[0])


def open_published(address: Address) -> Store:
    """What is published at an address, verified.

    Raises `IndexMissing` where nothing is, or other servers hold it, `IndexIncompatible` (another format),
    `IndexDamaged` (something was changed, or contradicts the manifest), `StoreUnavailable`, or `StorageError` (not
    allowed to read, or to write the cache).
    """
    servers = [Database(server) for server in address.servers]
    try:
        for _ in range(100):
            store = _named(servers, address)
            try:
                _fetch(servers[0], store)
                store.arrays.update(mapped_arrays(store, filter(is_published, store.files)))
            except FileNotFoundError as error:
                # It may have been dropped meanwhile; then there is a new one to try.
                if store.newest() == store.revision:
                    raise IndexDamaged(f"{servers[0]} lacks {error.filename}; {_AGAIN}") from error
                continue
            return _fitting(store)
    finally:
        for server in servers:
            server.close()
    raise IndexBusy(f"{servers[0]} is being published without pause; try again")


def _named(servers: Sequence[Database], address: Address) -> Store:
    """The current revision, of which no file was looked at yet."""
    home = servers[0]
    revision, text, points, parts = _row(home, address, _CURRENT)
    if hashlib.sha256(text.encode()).hexdigest() != revision:
        raise IndexDamaged(f"the manifest at {home} has been changed; {_AGAIN}")
    manifest = from_json(text.encode(), address)
    if parts not in (len(servers), None):
        raise IndexMissing(
            f"the points that {home} has are one of {parts} parts, and the address names {len(servers)}; {_OTHERS}"
        )
    tables = [_table(server, points, number, len(servers)) for number, server in enumerate(servers)]
    return Store(_cache_folder(home.address), manifest, revision, published=_Revision(address, tables))


def _table(server: Database, points: str, part: int, parts: int) -> Table:
    """A server's part of a set of points. Raises `IndexMissing`."""
    table = table_of(server.address, points, part, parts)
    try:
        # That the table is there, too: a replica that lags behind lacks it, and is passed over.
        about, _ = server.read(
            (_PART.format(schema=schema_of(server.address)), (points, part, parts)),
            (f"select 1 from {table} limit 0", ()),
        )
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        about = []
    if not about:
        raise IndexMissing(f"{server} lacks part {part + 1} of {parts} of the points that are published; {_OTHERS}")
    found = PointSet(table, *about[0])
    return Table(Database(server.address, found.settings), found)


def _fitting(store: Store) -> Store:
    """The store, if its points are those of its manifest."""
    published, dimension = store.published, store.manifest.encoder.dimension
    if isinstance(published, _Revision):
        total = len(store.array("point-entry"))
        for each in published.tables:
            points = each.points
            if (points.count, points.dimension) != (len(range(points.part, total, points.parts)), dimension):
                raise IndexDamaged(
                    f"{points.table} at {each.database} has other points than its manifest says; {_AGAIN}"
                )
    return store


def _row(database: Asked, address: Address, sql: str) -> Row:
    """The one row of a query. Raises `IndexMissing` where there is none."""
    try:
        (rows,) = database.read((sql.format(schema=schema_of(address)), ()))
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
