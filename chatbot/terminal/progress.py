"""A progress bar on standard error, on a terminal only, and only when something takes a moment."""

import sys
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

_Item = TypeVar("_Item")

_DELAY = 0.3
STAGES = {
    "model": "Bringing the model in",
    "tuning": "Tuning the encoder (Ctrl-C keeps the old one)",
    "phrasings": "Encoding questions",
    "out-of-scope": "Encoding out-of-scope questions",
    "fitting": "Fitting the matcher",
}


def counted(items: Iterable[_Item], what: str) -> Iterator[_Item]:
    """The items as they come, their number shown unless the output or the input is the terminal as well."""
    if not sys.stderr.isatty() or sys.stdout.isatty() or sys.stdin.isatty():
        return iter(items)
    from tqdm import tqdm

    return iter(tqdm(items, desc=what, bar_format="{desc} … {n}", leave=False, delay=_DELAY))


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
            total=total, desc=STAGES[stage], bar_format=layout, leave=False, delay=0 if total == 1 else _DELAY
        )

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
