"""Standard input, output and error as a command may find them: closed, full, or with nobody left who reads."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from chatbot import settings
from chatbot.errors import StorageError
from chatbot.text.cleaning import one_line

# What takes the place of a closed stream: reading the first and writing to the second fails, as it would with a closed
# one; what goes to the third is lost.
_STAND_INS = (("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))


def prepare() -> None:
    """Make the standard streams usable: closed ones get a stand-in, and any text can be read and written.

    Without a stand-in, the next file that is opened would have the number of a closed stream and receive what is
    written there. Undecodable input and unprintable output become replacement characters.
    """
    for number, (name, mode, access) in enumerate(_STAND_INS):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, access)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 -- stays open
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def read_lines() -> Iterator[str]:
    """The lines of standard input. Raises `StorageError` when it cannot be read."""
    with _failing("read standard input"):
        yield from sys.stdin


def read() -> str:
    """All of standard input. Raises `StorageError` when it cannot be read."""
    if sys.stdin.isatty():
        note("type the question, then Ctrl-D on a line of its own")
    with _failing("read standard input"):
        return sys.stdin.read()


def write(text: str) -> None:
    """Write `text` to standard output. Raises `BrokenPipeError` when nobody reads, else `StorageError` on failure."""
    with _failing("write to standard output"):
        sys.stdout.write(text)


def flush() -> None:
    """Have what was written leave. Raises as `write` does."""
    with _failing("write to standard output"):
        sys.stdout.flush()


def note(message: str) -> None:
    """Tell on standard error, in one line, what is not the answer; lost when that cannot be written."""
    with suppress(OSError):
        sys.stderr.write(f"{settings.APP}: {one_line(message)}\n")


def settle() -> None:
    """End the streams: what cannot be written goes nowhere, or Python would complain of it at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _abandon(stream)


def _abandon(stream: TextIO) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


@contextmanager
def _failing(what: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(f"cannot {what}: {error.strerror}") from error
