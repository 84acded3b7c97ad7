"""Dropping revisions that nobody is given any more: all but the current one and the one before it, after a while.

A reader that opened one of these finds it gone and has to load again; that is why the one before stays, and why each
stays for a while after another took its place.
"""

from typing import Any

from psycopg import Connection, errors

from chatbot.addresses import Address
from chatbot.postgres.schema import schema_of, table_of

GRACE = "10 minutes"
_LOCK_TIMEOUT = "2s"  # a drop that waits for one reader makes all others wait behind it

_OLD = """
with kept as (
    select revision from {schema}.current
    union (select revision from {schema}.revisions where retired is not null order by retired desc limit 1)
)
delete from {schema}.revisions where revision not in (select revision from kept)
    and coalesce(retired, created) < now() - %s::interval
"""
_UNUSED = "select points from {schema}.point_sets where points not in (select points from {schema}.revisions)"


def drop_old(connection: "Connection[Any]", address: Address, grace: str = GRACE) -> None:
    """Drop what was retired more than `grace` ago. What a reader holds just then is left for the next time."""
    schema = schema_of(address)
    with connection.transaction():
        connection.execute(_OLD.format(schema=schema).encode(), (grace,))
        connection.execute(
            f"delete from {schema}.files where file not in (select file from {schema}.revision_files)".encode()
        )
    for (points,) in connection.execute(_UNUSED.format(schema=schema).encode()).fetchall():
        try:
            with connection.transaction():
                connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'".encode())
                connection.execute(f"drop table {table_of(address, points)}".encode())
                connection.execute(f"delete from {schema}.point_sets where points = %s".encode(), (points,))
        except errors.LockNotAvailable:
            continue
