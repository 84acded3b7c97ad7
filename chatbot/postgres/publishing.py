"""The write path into a database: the index in a folder becomes the revision that whoever comes from then on gets.

1. Take the corpus's lock; where there is no schema for it, make one.
2. Send the points as a new table with its indexes, unless one of just these is there, and verify them: counts, a
   sample, and the recall of the search. Where an address names several servers, each gets its part at the same time.
3. In one transaction: the pieces of the other files and of the manifest that are not there yet.
4. Verify the hash of each of their pieces, and their lists.
5. In one transaction: this is the current revision, and the one before is retired. <- commit point
6. Drop what was retired before that.

Until 5 nobody is given anything of the new revision; whoever dies leaves the old one. All but the points is at the
first server, so that there is one place where revisions are switched.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chatbot.addresses import Address
from chatbot.errors import IndexDamaged
from chatbot.index.store import open_store
from chatbot.matching.neighbours import FLAT_UP_TO
from chatbot.postgres.dropping import drop_old
from chatbot.postgres.filing import Files
from chatbot.postgres.sending import Part, Points
from chatbot.postgres.writing import Writing, writing
from chatbot.records import StageProgress


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
        self._files = Files(points.store, servers[0])
        self.sent_points = 0
        self.recall = 1.0
        self.changed = True

    @property
    def sent_bytes(self) -> int:
        return self._files.sent_bytes

    def run(self, progress: StageProgress) -> None:
        progress("publishing", 0, 1)
        if self._is_current():
            self.changed = False
            return
        self._send_points()  # 2
        with self._home.transaction():  # 3
            self._send_files()
        if wrong := self._files.wrong():  # 4
            raise IndexDamaged(f"{wrong} at {self._home} is not what was sent; publish it again")
        self._switch()  # 5
        drop_old(self._servers)  # 6
        progress("publishing", 1, 1)

    def _is_current(self) -> bool:
        """Whether this is what is published, divided as it is to be, with every part and file in its place."""
        sql = "select revision, points from {schema}.current join {schema}.revisions using (revision)"
        published = self._home.rows(sql) == [(self._store.revision, self._key)]
        return published and all(part.recall() for part in self._parts) and not self._files.wrong()

    def _send_points(self) -> None:
        with ThreadPoolExecutor(len(self._parts)) as threads:
            self.sent_points = sum(threads.map(Part.send, self._parts))
        self.recall = min(part.recall() for part in self._parts)

    def _send_files(self) -> None:
        self._home.write(
            "insert into {schema}.revisions (revision, points) values (%s, %s) on conflict (revision)"
            " do update set points = excluded.points, created = now(), retired = null",
            self._store.revision, self._key,
        )  # fmt: skip
        self._files.send()

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
