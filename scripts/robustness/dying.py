"""A process that is killed at a chosen change of the disk: `python -m scripts.robustness.dying POINT COMMAND …`.

COMMAND is one of `flexbot`'s. A point is each opening of a file for writing, write (killed half-way through it),
renaming, removal, making of a folder, and sync.
"""

import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink")


class _Torn:
    """A file whose writes may end half-way: before each it calls `reached` with what writes the first half."""

    def __init__(self, file: Any, reached: Callable[[Callable[[], object]], None]) -> None:
        self._file, self._reached = file, reached

    def write(self, data: Any) -> int:
        self._reached(lambda: (self._file.write(data[: len(data) // 2]), self._file.flush()))
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_Torn":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def die_at(point: int) -> None:
    """Have this process killed (SIGKILL) at its change number `point` of the disk, counted from 1."""
    left, sync, really_open = point, os.fsync, io.open

    def reached(half_way: Callable[[], object] = lambda: None) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            half_way()
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES):
            reached()

    def opened(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        stream = really_open(file, mode, *rest, **options)
        return _Torn(stream, reached) if "w" in mode else stream

    os.fsync = lambda descriptor: (reached(), sync(descriptor))[1]  # type: ignore[assignment]
    io.open = opened  # type: ignore[assignment]
    sys.addaudithook(audit)


def main() -> int:
    from chatbot.cli import main as flexbot

    die_at(int(sys.argv[1]))
    return flexbot(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
