"""The write path into a database: the index in a folder becomes the revision that whoever comes from then on gets.

1. Take the corpus's lock; where there is no schema for it, make one.
2. Send the points as a new table with its indexes, unless one of just these is there, and verify them: counts, a
   sample, and the recall of the search. Where an address names several servers, each gets its part at the same time.
3. In one transaction: the other files that are not there yet; the manifest.
4. Verify the hashes of all files.
5. In one transaction: this is the current revision, and the one before is retired. <- commit point
6. Drop what was retired before that.

Until 5 nobody is given anything of the new revision; whoever dies leaves the old one. All but the points is at the
first server, so that there is one place where revisions are switched.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chatbot.addresses import Address
from chatbot.errors import IndexBusy, IndexDamaged
from chatbot.index.store import MANIFEST, open_store
from chatbot.matching.neighbours import FLAT_UP_TO
from chatbot.postgres.dropping import drop_old
from chatbot.postgres.schema import is_published
from chatbot.postgres.sending import Part, Points
from chatbot.postgres.writing import Writing, writing
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
    count = len(store.array("vectors"))
    with writing(address.servers) as servers:
        task = _Publication(servers, address, Points(store, count <= exact_up_to, len(servers)))
        task.run(progress or (lambda *_: None))
    seconds = time.perf_counter() - started
    return PublishReport(str(address), count, task.sent_points, task.sent_bytes, task.recall, seconds, task.changed)


class _Publication:
    """One publication. `sent_points`, `sent_bytes`, `recall` and `changed` are what `PublishReport` has."""

    def __init__(self, servers: Sequence[Writing], address: Address, points: Points) -> None:
        self._servers, self._home = servers, servers[0]
        self._address = address
        self._store = points.store
        self._key = points.key
        self._parts = [Part(points, number, server) for number, server in enumerate(servers)]
        self.sent_points = self.sent_bytes = 0
        self.recall = 1.0
        self.changed = True

    def run(self, progress: StageProgress) -> None:
        progress("publishing", 0, 1)
        if self._is_current():
            self.changed = False
            return
        self._send_points()  # 2
        with self._home.transaction():  # 3
            self._send_files()
        self._verify_files()  # 4
        self._switch()  # 5
        drop_old(self._servers)  # 6
        progress("publishing", 1, 1)

    def _is_current(self) -> bool:
        """Whether this is what is published, divided as it is to be, with every part in its place."""
        sql = "select revision, points from {schema}.current join {schema}.revisions using (revision)"
        published = self._home.rows(sql) == [(self._store.revision, self._key)]
        return published and all(part.recall() for part in self._parts)

    def _send_points(self) -> None:
        with ThreadPoolExecutor(len(self._parts)) as threads:
            self.sent_points = sum(threads.map(Part.send, self._parts))
        self.recall = min(part.recall() for part in self._parts)

    def _send_files(self) -> None:
        store, home = self._store, self._home
        manifest = (store.folder / MANIFEST).read_text(encoding="utf-8")
        if hashlib.sha256(manifest.encode()).hexdigest() != store.revision:
            raise IndexBusy(f"{store.where} was built again meanwhile; publish it again")
        home.write(
            "insert into {schema}.revisions (revision, manifest, points) values (%s, %s, %s)"
            " on conflict (revision) do update set manifest = excluded.manifest, points = excluded.points,"
            " created = now(), retired = null",
            store.revision, manifest, self._key,
        )  # fmt: skip
        home.write("delete from {schema}.revision_files where revision = %s", store.revision)
        for name in filter(is_published, store.files):
            file = store.files[name].file
            home.write("insert into {schema}.revision_files values (%s, %s)", store.revision, file)
            if home.rows("select 1 from {schema}.files where file = %s limit 1", file):
                continue
            for number, piece in enumerate(_pieces(store.path(name))):
                home.write("insert into {schema}.files values (%s, %s, %b)", file, number, piece)
            self.sent_bytes += store.files[name].size

    def _verify_files(self) -> None:
        """Compare the hash of each piece of each file, as the server has it, with the folder's."""
        sql = "select encode(sha256(data), 'hex') from {schema}.files where file = %s order by piece"
        for name in filter(is_published, self._store.files):
            there = [digest for (digest,) in self._home.rows(sql, self._store.files[name].file)]
            if there != [hashlib.sha256(piece).hexdigest() for piece in _pieces(self._store.path(name))]:
                self._home.write("delete from {schema}.files where file = %s", self._store.files[name].file)
                raise IndexDamaged(f"{name} at {self._address} is not what was sent; publish it again")

    def _switch(self) -> None:
        """Make this revision the current one."""
        with self._home.transaction():
            self._home.write(
                "update {schema}.revisions set retired = now()"
                " where revision in (select revision from {schema}.current) and revision <> %s",
                self._store.revision,
            )
            self._home.write(
                "insert into {schema}.current (revision) values (%s)"
                " on conflict (one) do update set revision = excluded.revision",
                self._store.revision,
            )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
