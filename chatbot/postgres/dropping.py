"""Dropping revisions that nobody is given any more: all but the current one and the one before it, after a while.

A reader that opened one of these finds it gone and has to load again; that is why the one before stays, and why each
stays for a while after another took its place.
"""

from collections.abc import Sequence

from psycopg import errors

from chatbot.postgres.schema import table_of
from chatbot.postgres.writing import Writing

GRACE = "10 minutes"
_LOCK_TIMEOUT = "2s"  # a drop that waits for one reader makes all others wait behind it

_OLD = """
with kept as (
    select revision from {schema}.current
    union (select revision from {schema}.revisions where retired is not null order by retired desc limit 1)
)
delete from {schema}.revisions where revision not in (select revision from kept)
    and coalesce(retired, created) < now() - %s::interval
returning points
"""
# What a revision had that is gone has had its time; what a revision has no longer, as it was divided anew, has not.
_MARK = """
update {schema}.point_sets set unused = case
    when points = any(%s) or points in (select points from {schema}.revisions) then null
    else coalesce(unused, case when points = any(%s) then '-infinity' else now() end)
end
"""
_UNUSED = "select points, part, parts from {schema}.point_sets where unused < now() - %s::interval"


def drop_old(servers: Sequence[Writing], grace: str = GRACE) -> None:
    """Drop what was retired more than `grace` ago, at the first of some servers, which knows the revisions, and the
    points of that at all of them. What a reader holds just then is left for the next time."""
    home = servers[0]
    with home.transaction():
        gone = [points for (points,) in home.rows(_OLD, grace)]
        home.write("delete from {schema}.files where file not in (select file from {schema}.revision_files)")
        home.write("delete from {schema}.pieces where piece not in (select piece from {schema}.files)")
    kept = [points for (points,) in home.rows("select distinct points from {schema}.revisions")]
    for server in servers:
        server.write(_MARK, kept, gone)
        for points, part, parts in server.rows(_UNUSED, grace):
            _drop(server, points, part, parts)


def _drop(server: Writing, points: str, part: int, parts: int) -> None:
    try:
        with server.transaction():
            server.write(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
            server.write("drop table {table}", table=table_of(server.address, points, part, parts))
            server.write("delete from {schema}.point_sets where points = %s and part = %s", points, part)
    except errors.LockNotAvailable:
        return
