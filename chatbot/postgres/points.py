"""The points of a published revision: searched by those who hold them, with what is read of each kept for a while."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Rows, Vectors
from chatbot.postgres.database import Row
from chatbot.postgres.dealing import part_of
from chatbot.postgres.rows import features_from, vectors_from
from chatbot.postgres.table import Table

_TOGETHER = 16  # queries in one round trip, which all have to be answered in time
_KEPT = 16_384  # rows, of some two kilobytes each

Result = TypeVar("Result")


class PublishedPoints:
    """A `Search` among the points of a table, or of one table on each of several servers, and their `Features`. Any
    number of threads may use it.

    Each of several tables holds the part that has its place's number (see `dealing`). All of them are asked at once;
    where one fails, so does the question.
    """

    def __init__(self, *tables: Table) -> None:
        self._tables = tables
        self._kept: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def nearest_to_each(self, queries: Vectors, k: int) -> list[tuple[Rows, Vectors]]:
        """See `Search`. The databases find them, in one round trip for the queries of a message; the cosines are taken
        here."""
        batches = (queries[start : start + _TOGETHER] for start in range(0, len(queries), _TOGETHER))
        return list(chain.from_iterable(self._nearest(some, k) for some in batches))

    def at(self, rows: npt.NDArray[np.integer[Any]]) -> Vectors:
        """See `Search`."""
        return self._vectors([vector for vector, _ in self._of(rows)])

    def of(self, rows: Rows) -> tuple[Rows, npt.NDArray[Any], npt.NDArray[Any]]:
        """See `Features`."""
        return features_from([features for _, features in self._of(rows)])

    def texts_in(self, bucket: int) -> list[int]:
        """See `Features`."""
        return sorted(chain.from_iterable(self._of_each(lambda table: table.texts_in(bucket))))

    def _of_each(self, ask: Callable[[Table], Callable[[], Result]]) -> list[Result]:
        """What each table answers, all of them asked before the first is waited for. Without threads: two that read
        take longer than one after the other, as they wait for each other's turn in the interpreter."""
        answers = [ask(table) for table in self._tables]
        return [answer() for answer in answers]

    def _nearest(self, queries: Vectors, k: int) -> list[tuple[Rows, Vectors]]:
        share = self._share(k)
        found = self._of_each(lambda table: table.nearest(queries, share))
        nearest = [self._by_cosine(query, near, k) for query, *near in zip(queries, *found, strict=True)]
        # A table of which all that it gave is among the nearest may have more of them.
        short = [place for place, (rows, _) in enumerate(nearest) if share < k and self._most_of_one(rows) >= share]
        if short:
            found = self._of_each(lambda table: table.nearest(queries[short], k))
            for place, *near in zip(short, *found, strict=True):
                nearest[place] = self._by_cosine(queries[place], near, k)
        return nearest

    def _share(self, k: int) -> int:
        """How many of the `k` nearest one table is asked for: what it has of them when they are dealt out at random,
        and four standard deviations. To be given `k` by each of many would be to read most of it for nothing."""
        mean = k / len(self._tables)
        return min(k, math.ceil(mean + 4 * math.sqrt(mean * (1 - 1 / len(self._tables)))))

    def _most_of_one(self, rows: Rows) -> int:
        return int(np.bincount(part_of(rows, len(self._tables))).max())

    def _vectors(self, travelled: Sequence[bytes]) -> Vectors:
        points = self._tables[0].points
        return vectors_from(travelled, points.numbers, points.dimension)

    def _by_cosine(self, query: Vectors, near: Sequence[list[Row]], k: int) -> tuple[Rows, Vectors]:
        found = sorted(chain.from_iterable(near))
        rows = np.array([row for row, _, _ in found], dtype=np.int64)
        cosines = np.vecdot(self._vectors([vector for _, vector, _ in found]), query)
        order = np.argsort(-cosines, kind="stable")[:k]
        self._keep([found[place] for place in order.tolist()])
        return rows[order], cosines[order]

    def _of(self, rows: npt.NDArray[np.integer[Any]]) -> list[tuple[bytes, bytes]]:
        """The vectors and the features of some rows, asked for where they are not kept."""
        wanted = rows.tolist()
        with self._lock:
            known = {row: self._kept[row] for row in wanted if row in self._kept}
        if missing := sorted(set(wanted) - set(known)):
            of_part = self._by_part(missing)
            asked = self._of_each(lambda table: table.rows(of_part[table]))
            found = list(chain.from_iterable(asked))
            self._keep(found)
            known |= {row: (vector, features) for row, vector, features in found}
        return [known[row] for row in wanted]

    def _by_part(self, rows: Sequence[int]) -> Mapping[Table, list[int]]:
        """The rows that each table has."""
        parts = part_of(np.array(rows), self._tables[0].points.parts).tolist()
        return {
            table: [row for row, part in zip(rows, parts, strict=True) if part == table.points.part]
            for table in self._tables
        }

    def _keep(self, found: Sequence[Row]) -> None:
        with self._lock:
            for row, vector, features in found:
                self._kept[row] = (vector, features)
                self._kept.move_to_end(row)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
