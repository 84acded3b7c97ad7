"""What was asked, across starts: a private, bounded file, or memory when there can be none."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from chatbot.errors import StorageError
from chatbot.text.cleaning import strip_control

MAX_QUESTIONS = 2000


class _Remembering(History):
    """Decides what is worth remembering: neither a line that begins with a space nor the digit of a choice."""

    def append_string(self, string: str) -> None:
        if string.strip() and not string.startswith(" ") and not string.strip().isdecimal():
            super().append_string(string)


class MemoryHistory(_Remembering, InMemoryHistory):
    """History of this session only."""


class PrivateHistory(_Remembering, FileHistory):
    """History in a file that only its owner reads. `/commands` are remembered for the session, not written.

    Raises `OSError` when the file cannot be made. When it can no longer be written to, it carries on in memory.
    """

    def __init__(self, path: Path) -> None:
        make_private(path)
        _bound(path)
        super().__init__(path)

    def load_history_strings(self) -> Iterable[str]:
        """What the file holds, newest first, fit for a terminal."""
        return filter(None, map(strip_control, super().load_history_strings()))

    def store_string(self, string: str) -> None:
        """Write a question down."""
        if string.startswith("/"):
            return
        try:
            super().store_string(strip_control(string))
        except OSError:
            return


def open_history(locate: Callable[[], Path]) -> tuple[History, str]:
    """The history kept where `locate` says, and a line about it when there is something to say."""
    try:
        path = locate()
        return PrivateHistory(path), ""
    except StorageError as error:
        reason = str(error)
    except OSError as error:
        reason = f"cannot write {path} ({error.strerror})"
    return MemoryHistory(), f"History is kept for this session only: {reason}."


def make_private(path: Path) -> None:
    """Make the file at `path` and its folder, for their owner only. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _bound(path: Path) -> None:
    """Keep the newest `MAX_QUESTIONS`. A question begins with a line `# <time>`, as `FileHistory` writes it."""
    lines = path.read_bytes().split(b"\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(b"#")]
    if len(starts) > MAX_QUESTIONS:
        kept = b"\n".join(lines[starts[-MAX_QUESTIONS] :])
        shorter = path.with_name(path.name + ".new")
        shorter.touch(mode=0o600)
        shorter.write_bytes(kept)
        shorter.replace(path)
