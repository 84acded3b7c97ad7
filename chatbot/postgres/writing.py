"""A corpus's schema on a server, to be written to: by one at a time, over one connection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from psycopg import Connection

from chatbot.addresses import Address
from chatbot.errors import IndexBusy
from chatbot.postgres.database import Answer, Database, Row, Statement, configure, translated
from chatbot.postgres.schema import TABLES, schema_of


class Writing:
    """What is written at an address of one server. Errors name that server."""

    def __init__(self, connection: "Connection[Row]", address: Address) -> None:
        self._connection = connection
        self.address = address

    def __str__(self) -> str:
        return str(self.address)

    def write(self, sql: str, *values: object, **names: object) -> None:
        """Run statements in which the schema and `names`, all this package's own, stand in braces."""
        with translated(self.address):
            self._connection.execute(self._named(sql, names), values or None)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """The rows of a query, likewise."""
        with translated(self.address):
            return self._connection.execute(self._named(sql, {}), values or None).fetchall()

    def ask(self, *statements: Statement) -> Answer:
        """See `Asked`."""
        with translated(self.address):
            found = [
                self._connection.execute(sql.encode(), values, binary=True).fetchall() for sql, values in statements
            ]
        return lambda: found

    def copy(self, table: str, blocks: Iterable[bytes]) -> None:
        """Fill a table by a binary COPY."""
        with (
            translated(self.address),
            self._connection.cursor().copy(f"copy {table} from stdin (format binary)".encode()) as copy,
        ):
            for block in blocks:
                copy.write(block)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within, or nothing of it."""
        with translated(self.address), self._connection.transaction():
            yield

    def configure(self, settings: Mapping[str, str]) -> None:
        """Set PostgreSQL's settings from here on."""
        with translated(self.address):
            configure(self._connection, settings)

    def lock(self) -> None:
        """Hold the corpus until the connection ends."""
        if self.rows("select pg_try_advisory_lock(hashtextextended(%s, 0))", schema_of(self.address)) != [(True,)]:
            raise IndexBusy(f"another is publishing at {self}; try again when that is done")

    def make_schema(self) -> None:
        """Make the tables where there are none."""
        schema = schema_of(self.address)
        if self.rows("select 1 from pg_extension where extname = 'vector'") == []:
            self.write("create extension vector")
        if self.rows("select to_regclass(%s)", f"{schema}.current") != [(None,)]:
            return
        with self.transaction():
            if self.rows("select to_regnamespace(%s)", schema) == [(None,)]:
                self.write("create schema {schema}")
            self.write(TABLES)

    def _named(self, sql: str, names: Mapping[str, Any]) -> bytes:
        return sql.format(schema=schema_of(self.address), **names).encode()


@contextmanager
def writing(servers: Sequence[Address]) -> Iterator[list[Writing]]:
    """The corpus on each of some servers, held until the end. Raises `IndexBusy` where another holds it."""
    with ExitStack() as stack:
        opened = [Writing(stack.enter_context(Database(server).writing()), server) for server in servers]
        for server in opened:
            server.lock()
        for server in opened:
            server.make_schema()
        yield opened
