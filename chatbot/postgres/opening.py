"""The read path from a database: what is published at an address, as a store.

Its files are fetched into a cache folder, under names that carry their hashes, and mapped from there like those of any
index; its points stay where they are: at one server, or divided among several that all have to hold the same set.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from psycopg import errors

from chatbot.addresses import Address
from chatbot.errors import IndexBusy, IndexDamaged, IndexMissing
from chatbot.index.manifest import from_json
from chatbot.index.store import Published, Store, mapped_arrays
from chatbot.postgres.database import Database, Row
from chatbot.postgres.dealing import count_of
from chatbot.postgres.fetching import Fetching, cache_folder
from chatbot.postgres.points import PublishedPoints
from chatbot.postgres.schema import is_published, manifest_name, schema_of, table_of
from chatbot.postgres.table import Asked, PointSet, Table

_AGAIN = "publish the index again"
_OTHERS = "name the servers in the order in which they were published to, or publish the index again"

_CURRENT = """
select revision, points, (select max(parts) from {schema}.point_sets as held where held.points = named.points)
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
    home = servers[0]
    try:
        for _ in range(100):
            revision, points, parts = _row(home, address, _CURRENT)
            try:
                store = _stored(home, revision)
                tables = _tables(servers, points, parts)
                return _fitting(replace(store, published=_Revision(address, tables)), tables)
            except FileNotFoundError as error:
                # It may have been dropped meanwhile; then there is a new one to try.
                if _row(home, address, _CURRENT)[0] == revision:
                    raise IndexDamaged(f"{home} lacks {error.filename}; {_AGAIN}") from error
    finally:
        for server in servers:
            server.close()
    raise IndexBusy(f"{home} is being published without pause; try again")


def _stored(home: Database, revision: str) -> Store:
    """What is in files of a revision, brought and mapped."""
    fetching = Fetching(home, cache_folder(home.address))
    named = manifest_name(revision)
    fetching.bring({named: revision})
    store = Store(fetching.folder, from_json((fetching.folder / named).read_bytes(), home), revision)
    names = [name for name in store.files if is_published(name)]
    files = {store.files[name].file: store.files[name].sha256 for name in names}
    fetching.bring(files)
    fetching.sweep({named: revision, **files})
    store.arrays.update(mapped_arrays(store, names))
    return store


def _tables(servers: Sequence[Database], points: str, parts: int | None) -> list[Table]:
    """Each server's part of a set of points, which the first says that it is divided in `parts`."""
    if parts not in (len(servers), None):
        there = f"{servers[0]} has one of {parts} parts of the points that are published"
        raise IndexMissing(f"{there}, and the address names {len(servers)} servers; {_OTHERS}")
    return [_table(server, points, number, len(servers)) for number, server in enumerate(servers)]


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


def _fitting(store: Store, tables: Sequence[Table]) -> Store:
    """The store, if its points are those of its manifest."""
    total, dimension = len(store.array("point-entry")), store.manifest.encoder.dimension
    for table in tables:
        points = table.points
        if (points.count, points.dimension) != (count_of(points.part, points.parts, total), dimension):
            raise IndexDamaged(f"{points.table} at {table.database} has other points than its manifest says; {_AGAIN}")
    return store


def _row(database: Asked, address: Address, sql: str) -> Row:
    """The one row of a query. Raises `IndexMissing` where there is none."""
    try:
        (rows,) = database.ask((sql.format(schema=schema_of(address)), ()))()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        rows = []
    if not rows:
        raise IndexMissing(f"no index is published at {database}; build one and publish it there")
    return rows[0]
