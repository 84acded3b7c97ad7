"""The write path into a database: the index in a folder becomes the revision that whoever comes from then on gets.

1. Take the corpus's lock; where there is no schema for it, make one.
2. In one transaction: the points as a new table with its indexes, unless one of just these is there; the other files
   that are not there yet; the manifest.
3. Verify: counts, the hashes of all files, a sample of the points, and the recall of the search.
4. In one transaction: this is the current revision, and the one before is retired. <- commit point
5. Drop what was retired before that.

Until 4 nobody is given anything of the new revision; whoever dies leaves the old one.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection

from chatbot.addresses import Address
from chatbot.errors import IndexBusy, IndexDamaged
from chatbot.index.store import LEXICAL, MANIFEST, Store, open_store
from chatbot.matching.lexical import MappedFeatures
from chatbot.matching.neighbours import FLAT_UP_TO
from chatbot.postgres.database import Database
from chatbot.postgres.dropping import drop_old
from chatbot.postgres.points import EF_SEARCH, PointSet
from chatbot.postgres.rows import NUMBERS, copied
from chatbot.postgres.schema import POINTS, TABLES, is_published, schema_of, table_of
from chatbot.postgres.verifying import verified
from chatbot.records import StageProgress

_PIECE = 1 << 20  # bytes of a file in one row


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing did: how many points and bytes of files were sent, the others being there already."""

    where: str
    points: int
    sent_points: int
    sent_bytes: int
    recall: float
    seconds: float
    changed: bool

    def __str__(self) -> str:
        if not self.changed:
            return f"Published already: {self.where}."
        return (
            f"Published {self.points:,} points at {self.where}; sent {self.sent_points:,} points and"
            f" {self.sent_bytes:,} bytes of files, recall {self.recall:.3f} ({self.seconds:.1f} s)."
        )


def publish(
    folder: Path, address: Address, *, exact_up_to: int = FLAT_UP_TO, progress: StageProgress | None = None
) -> PublishReport:
    """Publish the index in `folder` at an address, beside what is published there, and switch to it.

    Up to `exact_up_to` points every one is looked at when someone asks, so that the replies are those from disk; beyond
    that a graph (HNSW) finds the nearest. Raises what `open_store` raises, `IndexBusy` where another is publishing,
    `StoreUnavailable` or `StorageError`; whichever it is, what was published stays and keeps answering.
    """
    started = time.perf_counter()
    store = open_store(folder, thorough=True)
    with Database(address).writing() as connection:
        task = _Publication(connection, address, store, exact=len(store.array("vectors")) <= exact_up_to)
        task.run(progress or (lambda *_: None))
    count, seconds = len(store.array("vectors")), time.perf_counter() - started
    return PublishReport(str(address), count, task.sent_points, task.sent_bytes, task.recall, seconds, task.changed)


class _Publication:
    """One publication. `sent_points`, `sent_bytes`, `recall` and `changed` are what `PublishReport` has."""

    def __init__(self, connection: "Connection[Any]", address: Address, store: Store, *, exact: bool) -> None:
        self._connection = connection
        self._address = address
        self._store = store
        self._schema = schema_of(address)
        self._vectors = store.array("vectors")
        self._features = MappedFeatures(*map(store.array, LEXICAL))
        self._hash = _hash_of_points(store, exact)
        count, dimension = self._vectors.shape
        table, numbers = table_of(address, self._hash), NUMBERS[str(self._vectors.dtype)]
        self._points = PointSet(table, count, dimension, numbers, exact, EF_SEARCH)
        self.sent_points = self.sent_bytes = 0
        self.recall = 1.0
        self.changed = True

    def run(self, progress: StageProgress) -> None:
        progress("publishing", 0, 1)
        self._lock()
        self._make_schema()
        if self._rows("select revision from {schema}.current") == [(self._store.revision,)]:
            self.changed = False
            return
        with self._connection.transaction():  # 2
            made = self._send_points()
            self._send_files()
        if made:
            self._points, self.recall = verified(self._connection, self._points, self._vectors, self._features)
            self._write(
                "update {schema}.point_sets set ef_search = %s, recall = %s where points = %s",
                self._points.ef_search, self.recall, self._hash,
            )  # fmt: skip
        self._verify_files()
        self._switch()
        drop_old(self._connection, self._address)  # 5
        progress("publishing", 1, 1)

    def _lock(self) -> None:
        """Hold the corpus until the connection ends."""
        if self._rows("select pg_try_advisory_lock(hashtextextended(%s, 0))", self._schema) != [(True,)]:
            raise IndexBusy(f"another is publishing at {self._address}; try again when that is done")

    def _make_schema(self) -> None:
        if self._rows("select 1 from pg_extension where extname = 'vector'") == []:
            self._write("create extension vector")
        if self._rows("select to_regclass(%s)", f"{self._schema}.current") != [(None,)]:
            return
        with self._connection.transaction():
            if self._rows("select to_regnamespace(%s)", self._schema) == [(None,)]:
                self._write("create schema {schema}")
            self._write(TABLES)

    def _send_points(self) -> bool:
        """Send the points with their indexes, and whether that was needed: a table that was never verified is none."""
        known = self._rows("select recall from {schema}.point_sets where points = %s", self._hash)
        if known and known[0][0] > 0:
            self.recall = float(known[0][0])
            return False
        points = self._points
        self._write("drop table if exists {table}")
        self._write("delete from {schema}.revisions where points = %s", self._hash)
        self._write("delete from {schema}.point_sets where points = %s", self._hash)
        self._write(POINTS)
        with self._connection.cursor().copy(f"copy {points.table} from stdin (format binary)") as copy:
            for block in copied(self._vectors, self._features):
                copy.write(block)
        self._write("alter table {table} add primary key (row)")
        self._write("create index on {table} using gin (words)")
        if not points.exact:
            self._write("create index on {table} using hnsw (v {numbers}_ip_ops)")
        self._write("analyze {table}")
        self._write(
            "insert into {schema}.point_sets values (%s, %s, %s, %s, %s, %s, 0)",
            self._hash, points.count, points.dimension, points.numbers, points.exact, points.ef_search,
        )  # fmt: skip
        self.sent_points = points.count
        return True

    def _send_files(self) -> None:
        store = self._store
        manifest = (store.folder / MANIFEST).read_text(encoding="utf-8")
        if hashlib.sha256(manifest.encode()).hexdigest() != store.revision:
            raise IndexBusy(f"{store.where} was built again meanwhile; publish it again")
        self._write("delete from {schema}.revisions where revision = %s", store.revision)  # retired, or never verified
        self._write(
            "insert into {schema}.revisions (revision, manifest, points) values (%s, %s, %s)",
            store.revision, manifest, self._hash,
        )  # fmt: skip
        for name in filter(is_published, store.files):
            file = store.files[name].file
            self._write("insert into {schema}.revision_files values (%s, %s)", store.revision, file)
            if self._rows("select 1 from {schema}.files where file = %s limit 1", file):
                continue
            for number, piece in enumerate(_pieces(store.path(name))):
                self._write("insert into {schema}.files values (%s, %s, %b)", file, number, piece)
            self.sent_bytes += store.files[name].size

    def _verify_files(self) -> None:
        """Compare the hash of each piece of each file, as the server has it, with the folder's."""
        sql = "select encode(sha256(data), 'hex') from {schema}.files where file = %s order by piece"
        for name in filter(is_published, self._store.files):
            there = [digest for (digest,) in self._rows(sql, self._store.files[name].file)]
            if there != [hashlib.sha256(piece).hexdigest() for piece in _pieces(self._store.path(name))]:
                self._write("delete from {schema}.files where file = %s", self._store.files[name].file)
                raise IndexDamaged(f"{name} at {self._address} is not what was sent; publish it again")

    def _switch(self) -> None:
        """Make this revision the current one."""
        with self._connection.transaction():
            self._write(
                "update {schema}.revisions set retired = now()"
                " where revision in (select revision from {schema}.current)"
            )
            self._write(
                "insert into {schema}.current (revision) values (%s)"
                " on conflict (one) do update set revision = excluded.revision",
                self._store.revision,
            )

    def _write(self, sql: str, *values: object) -> None:
        # Names stand in the text: those of the schema and of types are this package's own.
        names = {"schema": self._schema, "table": self._points.table}
        text = sql.format(**names, numbers=self._points.numbers, dimension=self._points.dimension)
        self._connection.execute(text.encode(), values or None)

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self._connection.execute(sql.format(schema=self._schema).encode(), values or None).fetchall()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _hash_of_points(store: Store, exact: bool) -> str:
    """What tells a set of points from others: the files that it comes from, and how it is searched."""
    parts = [store.files[name].sha256 for name in ("vectors", *LEXICAL)]
    return hashlib.sha256(" ".join([*parts, str(exact)]).encode()).hexdigest()
