"""Time and memory of whole processes, taken from outside.

The peak memory that the system reports for a child is never less than its parent had when it started the child, so
whoever calls this has to stay small: `benchmark.py` imports neither numpy nor the package's own heavy parts.
"""

import fcntl
import os
import pty
import resource
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MEGABYTE = 1_000_000
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PROMPT, _KEY = b"ask>", b"~"
_WHERE_IS_THE_CURSOR, _THERE = b"\x1b[6n", b"\x1b[1;1R"


class Failed(Exception):
    """A process did not do what it was to do; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end: its seconds, its peak memory in bytes (None: not taken), what it printed."""

    seconds: float
    peak: int | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where processes run: their folder and their environment."""

    folder: Path
    environment: Mapping[str, str]


def run(
    command: Sequence[str | Path],
    place: Place,
    *,
    ok: tuple[int, ...] = (0,),
    memory: int | None = None,
    timeout: float = 7200,
) -> Run:
    """Run a command to its end. Raises `Failed` when its status is not in `ok`.

    `memory`: the most bytes it may allocate, where the system can bound that; mapped files do not count.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=place.folder,
            env=dict(place.environment),
        )
        if memory:
            _bound(process.pid, memory)
        killer = threading.Timer(timeout, process.kill)
        killer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            killer.cancel()
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ok:
            raise Failed(_reason(process.returncode, _text(err)))
        return Run(seconds, usage.ru_maxrss * _RSS_UNIT, _text(out))


def _bound(pid: int, memory: int) -> None:
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _reason(status: int, errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    ended = f"status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
    return f"{ended}: {lines[-1][:200]}" if lines else ended


def until_prompt(command: Sequence[str | Path], place: Place, *, echoed: bool, timeout: float = 60) -> Run:
    """Start a shell in a pseudo-terminal and time it until its prompt is drawn, or until a key typed at that prompt
    is echoed; then end it. Raises `Failed` when that does not happen."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        _become(command, place)
    try:
        written = _written(terminal, started + timeout)
        _await(written, _PROMPT)
        if echoed:
            os.write(terminal, _KEY)
            _await(written, _KEY)
        return Run(time.perf_counter() - started)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def _become(command: Sequence[str | Path], place: Place) -> None:
    """In the new process: be the command, in a terminal of 80 columns and 24 rows."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.chdir(place.folder)
        os.execvpe(str(command[0]), list(map(str, command)), dict(place.environment))  # noqa: S606
    finally:
        os._exit(127)


def _written(terminal: int, deadline: float) -> Iterator[bytes]:
    """What a program writes to its terminal, piece by piece; its questions for the cursor are answered."""
    while (left := deadline - time.perf_counter()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            break
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the program has ended
            break
        if not data:
            break
        os.write(terminal, _THERE * data.count(_WHERE_IS_THE_CURSOR))
        yield data


def _await(written: Iterator[bytes], wanted: bytes) -> None:
    """Read until `wanted` was written."""
    seen = b""
    while wanted not in seen:
        data = next(written, None)
        if data is None:
            raise Failed(f"{wanted.decode()!r} did not come; last on the terminal: {seen[-200:]!r}")
        seen += data


def in_turn(
    measures: Mapping[str, Callable[[], Run]], repeat: int, warm_up: int
) -> tuple[dict[str, list[Run]], dict[str, str]]:
    """Run each measure `warm_up` times unseen and `repeat` times for the record, in turn (A B A B), so that what
    slows the machine slows all of them. One that fails is left out from there on. Returns the runs and the failures."""
    runs: dict[str, list[Run]] = {name: [] for name in measures}
    failures: dict[str, str] = {}
    for number in range(-warm_up, repeat):
        for name, measure in measures.items():
            if name in failures:
                continue
            try:
                done = measure()
            except Failed as failure:
                failures[name] = str(failure)
                continue
            if number >= 0:
                runs[name].append(done)
    return runs, failures
