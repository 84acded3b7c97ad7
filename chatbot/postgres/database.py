"""Connections to a database: kept between questions, given up when it does not answer in time, never half an answer.

They are kept in a plain list rather than in psycopg's pool: its threads would not outlive the fork by which a server
makes its processes, and when a host has died all of its connections have to go at once.
"""

import logging
import math
import os
import time
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from chatbot.addresses import Address
from chatbot.errors import MissingExtra, StorageError, StoreUnavailable

try:
    import psycopg
    from psycopg import errors
    from psycopg.conninfo import conninfo_to_dict
except ImportError as error:
    raise MissingExtra("a database needs one more package: pip install 'flexibility-chatbot[postgres]'") from error

# What psycopg says of a connection that broke is said by the error, too; else it would stand in a terminal.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

SECONDS = 3  # that a server has to connect, and again to answer
# Once the server has said nothing for longer than its own limit, it is taken for gone.
_PATIENCE = 1.5
_SETTINGS = {"jit": "off", "default_transaction_read_only": "on", "statement_timeout": f"{SECONDS}s"}

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]
Answer = Callable[[], list[list[Row]]]  # waits for the rows of each query that was sent
_Asking = Generator[None, None, list[list[Row]]]


class _Connection(psycopg.Connection[Row]):
    """A connection that does not wait for ever for a server that says nothing."""

    limit = SECONDS * _PATIENCE

    def wait(self, gen: Any, *arguments: Any, **named: Any) -> Any:
        """See psycopg's own, which by itself waits as long as it takes."""
        return super().wait(_watched(gen, self.limit), *arguments, **named)


def _watched(waiting: Generator[Any, Any, Any], limit: float) -> Generator[Any, Any, Any]:
    """One of psycopg's generators, which are told now and then whether a connection is ready, ended by
    `ConnectionTimeout` when it was not for so many seconds."""
    ready_at = time.monotonic()
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            if ready:
                ready_at = time.monotonic()
            elif time.monotonic() - ready_at > limit:
                raise errors.ConnectionTimeout("the server says nothing")
            wanted = waiting.send(ready)
    except StopIteration as done:
        return done.value


class Database:
    """The database of an address. Any number of threads may share one, and processes that part by a fork.

    `settings` are PostgreSQL's, set on each connection that is read from.
    """

    def __init__(self, address: Address, settings: Mapping[str, str] | None = None) -> None:
        self.address = address
        self._settings = {**_SETTINGS, **(settings or {})}
        self._idle: list[_Connection] = []
        self._process = os.getpid()
        weakref.finalize(self, _close, self._idle)

    def __str__(self) -> str:
        return str(self.address)

    def read(self, *statements: Statement) -> list[list[Row]]:
        """The rows of each of some queries, in one round trip.

        Where a connection broke or its server lacks the tables, as a replica that lags behind does, it is tried once
        more on a new one, which libpq opens to another host where the address names several. Raises `StoreUnavailable`,
        `StorageError`, or psycopg's `UndefinedTable` and `InvalidSchemaName`.
        """
        return self.ask(*statements)()

    def ask(self, *statements: Statement) -> Answer:
        """Send some queries, and leave it to what is returned to wait for their rows: see `read`."""
        asking = self._asking(statements)
        next(asking)

        def answer() -> list[list[Row]]:
            while True:
                try:
                    next(asking)
                except StopIteration as done:
                    rows: list[list[Row]] = done.value
                    return rows

        return answer

    @contextmanager
    def writing(self) -> Iterator["psycopg.Connection[Row]"]:
        """A connection to write over, without a limit to how long a statement may take; closed behind it."""
        with translated(self.address):
            connection = self._open(target_session_attrs="read-write")
            connection.limit = math.inf
            configure(connection, {"statement_timeout": "0"})  # whatever the role's is
            with connection:
                yield connection

    def close(self) -> None:
        """Close the connections that wait for a question."""
        _close(self._idle)

    def _asking(self, statements: Sequence[Statement]) -> _Asking:
        """Yields each time that the queries are sent, which is twice where they have to be sent again."""
        with translated(self.address):
            try:
                return (yield from self._asking_over(self._taken(), statements))
            except errors.QueryCanceled:
                raise
            except (psycopg.OperationalError, psycopg.InterfaceError, errors.UndefinedTable):
                self.close()
            return (yield from self._asking_over(self._connected(), statements))

    def _asking_over(self, connection: _Connection, statements: Sequence[Statement]) -> _Asking:
        try:
            # Within, for what is asked; around it, for the end of the pipeline.
            with _given_up(connection), connection.pipeline(), _given_up(connection):
                # In a pipeline a server works on what has arrived before it is asked for the results.
                cursors = [connection.execute(sql, values, binary=True) for sql, values in statements]
                yield
                rows = [cursor.fetchall() for cursor in cursors]
        except errors.QueryCanceled:
            self._idle.append(connection)
            raise
        self._idle.append(connection)
        return rows

    def _taken(self) -> _Connection:
        if self._process != os.getpid():  # these belong to the process that this one parted from
            self._idle.clear()
            self._process = os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return self._connected()

    def _connected(self) -> _Connection:
        connection = self._open()
        configure(connection, self._settings)
        return connection

    def _open(self, **defaults: Any) -> _Connection:
        try:
            named = conninfo_to_dict(self.address.database)
        except psycopg.ProgrammingError:
            # Without its cause: libpq's message repeats the string, password and all.
            raise StorageError(f"{self.address} is no address of a database as libpq reads them") from None
        defaults = {"connect_timeout": SECONDS, "application_name": "flexbot", **defaults}
        return _Connection.connect(**{**defaults, **named}, autocommit=True)


def configure(connection: "psycopg.Connection[Row]", settings: Mapping[str, str]) -> None:
    """Set PostgreSQL's settings on a connection."""
    for name, value in settings.items():
        connection.execute("select set_config(%s, %s, false)", (name, value))


@contextmanager
def _given_up(connection: _Connection) -> Iterator[None]:
    """End a connection at once on which something went wrong but a query that took too long: to leave it in an orderly
    way is to wait for what may never come."""
    try:
        yield
    except errors.QueryCanceled:
        raise
    except BaseException:
        connection.pgconn.finish()
        raise


def _close(connections: list[_Connection]) -> None:
    while connections:
        with suppress(IndexError):  # another thread may have been faster
            connections.pop().close()


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn psycopg's errors into this package's, without the password."""
    try:
        yield
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.LockNotAvailable):
        raise
    except errors.InsufficientPrivilege as error:
        raise StorageError(f"{address}: {_words(error)}; docs/postgres.md has the rights of each role") from None
    except (errors.QueryCanceled, errors.ConnectionTimeout) as error:
        raise StoreUnavailable(f"{address} did not answer within {SECONDS} s; try again, or see to it") from error
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"{address} cannot be asked: {_words(error)}") from None
    except psycopg.Error as error:
        raise StorageError(f"{address}: {_words(error)}") from None


def _words(error: psycopg.Error) -> str:
    """What libpq or the server says, which names hosts and users but no password, in a line."""
    said = error.diag.message_primary or str(error)
    return " ".join(said.split())
