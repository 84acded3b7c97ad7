"""The tables of a published corpus, in a schema of its own.

- `points_<hash>`: a row for each point; written once, never changed, shared by revisions of the same points. Where the
  points are divided among servers, `points_<hash>_<part>` has those of one part
- `point_sets`: what is known of each such table; `recall` is 0 until it is verified, `unused` since when no revision
  needs it
- `pieces`: pieces of files by their SHA-256
- `files`: the other files of indexes, and their manifests, as lists of pieces
- `revisions`: by the hashes of their manifests; `retired` is when another took the place
- `revision_files`: which files each has
- `current`: which revision whoever comes gets

Of the servers that share the points the first has all of it, and only tables of points are used of the others.
"""

import re

from chatbot.addresses import Address
from chatbot.files import content_name
from chatbot.index.store import OF_POINTS

_ONLY_BUILDS_READ = ("labelled-vectors", "turn-joined-vectors", "turn-question-vectors")
_HEX = re.compile("[0-9a-f]{64}")

TABLES = """
create table {schema}.point_sets (
    points text,
    part int,
    parts int not null,
    count int not null,
    dimension int not null,
    numbers text not null,
    exact bool not null,
    ef_search int not null,
    recall real not null,
    unused timestamptz,
    primary key (points, part)
);
create table {schema}.revisions (
    revision text primary key,
    points text not null,
    created timestamptz not null default now(),
    retired timestamptz
);
create table {schema}.pieces (piece bytea primary key, data bytea not null);
alter table {schema}.pieces alter column data set storage external;
create table {schema}.files (
    file text,
    number int,
    piece bytea not null references {schema}.pieces on delete cascade,
    primary key (file, number)
);
create index on {schema}.files (piece);
create table {schema}.revision_files (
    revision text references {schema}.revisions on delete cascade,
    file text,
    primary key (revision, file)
);
create table {schema}.current (
    one bool primary key default true check (one),
    revision text not null references {schema}.revisions
);
"""
# A row stays in one place: what is moved out of it costs a look-up for each of hundreds of rows.
POINTS = """
create table {table} (
    row int not null,
    v {numbers}({dimension}) not null,
    features bytea not null,
    words int[] not null
) with (toast_tuple_target = 8160);
alter table {table} alter column v set storage plain, alter column features set storage external
"""


def schema_of(address: Address) -> str:
    """The schema of a corpus."""
    return f"flexbot_{address.corpus}"


def table_of(address: Address, points: str, part: int = 0, parts: int = 1) -> str:
    """The table of a set of points, or of one of its parts, by the hash of the set. Raises `ValueError` for what is no
    hash."""
    if not _HEX.fullmatch(points):
        raise ValueError("not a hash")
    return f"{schema_of(address)}.points_{points[:16]}" + (f"_{part:d}" if parts > 1 else "")


def is_published(name: str) -> bool:
    """Whether a file of an index is published as it is: one that holds no points, and is not for builds alone."""
    return name not in (*OF_POINTS, *_ONLY_BUILDS_READ) and not name.endswith("-keys")


def manifest_name(revision: str) -> str:
    """The name under which the manifest of a revision is a file among the others."""
    return content_name("manifest", revision, ".json")
