"""Tables of made-up points, to search without an index around them."""

import numpy as np
import psycopg

from chatbot.matching.lexical import MappedFeatures
from chatbot.postgres.dealing import rows_of
from chatbot.postgres.rows import NUMBERS, copied
from chatbot.postgres.schema import POINTS
from chatbot.postgres.table import EF_SEARCH, PointSet
from tests.builders import unit


def clusters(count, dimension=24, dtype=np.float16, seed=0):
    """Unit vectors that lie around 20 centres, shape (count, dimension)."""
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(20, dimension))
    return unit(centres[draw.integers(20, size=count)] + draw.normal(scale=0.4, size=(count, dimension))).astype(dtype)


def features_of(count):
    """Text i has a word in bucket i % 7, two of letters, and their weights; every tenth has nothing."""
    lengths = np.where(np.arange(count) % 10 == 0, 0, 3)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    owners = np.repeat(np.arange(count), lengths)
    buckets = np.array([owners[::3] % 7, 200_000 + owners[::3] % 5, 200_010 + owners[::3] % 3], dtype=np.int32)
    return MappedFeatures(starts, buckets.T.ravel(), (owners % 11 / 11).astype(np.float16))


def table(server, name, vectors, features, exact=False, part=0, parts=1):
    """A table of these points or of a part of them, with the indexes that a published one has."""
    numbers = NUMBERS[str(vectors.dtype)]
    rows = rows_of(part, parts, len(vectors))
    points = PointSet(name, len(rows), vectors.shape[1], numbers, exact, EF_SEARCH, part, parts)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create extension if not exists vector")
        connection.execute(f"drop table if exists {name}")
        connection.execute(POINTS.format(table=name, numbers=numbers, dimension=vectors.shape[1]))
        with connection.cursor().copy(f"copy {name} from stdin (format binary)") as copy:
            for block in copied(vectors, features, rows):
                copy.write(block)
        connection.execute(f"alter table {name} add primary key (row)")
        connection.execute(f"create index on {name} using gin (words)")
        if not exact:
            connection.execute(f"create index on {name} using hnsw (v {numbers}_ip_ops)")
        connection.execute(f"analyze {name}")
    return points
