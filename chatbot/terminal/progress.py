"""A progress bar on standard error, on a terminal only, and only when something takes a moment."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from shutil import get_terminal_size
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

_Item = TypeVar("_Item")

_DELAY = 0.3
_ROWS = 24  # any that hold the one line which a bar takes
STAGES = {
    "model": "Exporting the model",
    "tuning": "Tuning the encoder (Ctrl-C keeps the old one)",
    "phrasings": "Encoding questions",
    "out-of-scope": "Encoding out-of-scope questions",
    "fitting": "Fitting the matcher",
    "words": "Encoding words",
    "table": "Teaching the page's table",
    "publishing": "Publishing",
}


def columns() -> int:
    """The columns of the terminal on standard error; where it does not know them, `COLUMNS` or 80."""
    with suppress(OSError, ValueError):  # no file, or no terminal
        if known := os.get_terminal_size(sys.stderr.fileno()).columns:
            return known
    return get_terminal_size().columns


def _size() -> dict[str, int]:
    """tqdm's arguments for the place that a bar has: it would write nothing on a terminal that tells no size."""
    return {"ncols": columns() - 1, "nrows": _ROWS}


def counted(items: Iterable[_Item], what: str) -> Iterator[_Item]:
    """The items as they come, their number shown unless the output or the input is the terminal as well."""
    if not sys.stderr.isatty() or sys.stdout.isatty() or sys.stdin.isatty():
        return iter(items)
    from tqdm import tqdm

    return iter(tqdm(items, desc=what, bar_format="{desc} … {n}", leave=False, delay=_DELAY, **_size()))


class Bar:
    """Called with (stage, done, total); shows one bar a stage. Use it as a context manager."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None
        self._stage = ""

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if stage != self._stage:
            self._close()
            self._open(stage, total)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def _open(self, stage: str, total: int) -> None:
        from tqdm import tqdm

        self._stage = stage
        # A stage of one step says only that it runs: a bar that jumps from 0 to 100 would tell nothing.
        layout = "{desc} … {elapsed}" if total == 1 else "{desc} {percentage:3.0f} % |{bar}| {remaining}"
        self._bar = tqdm(
            total=total,
            desc=STAGES[stage],
            bar_format=layout,
            leave=False,
            delay=0 if total == 1 else _DELAY,
            **_size(),
        )

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
