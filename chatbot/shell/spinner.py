"""What is shown while a question waits for the bot: nothing if it is quick, then a line or the build's progress."""

import sys
import time
from types import TracebackType

from chatbot.terminal.progress import Bar, columns

_PATIENCE = 0.3
_LINE = "loading …"


class Spinner:
    """A line on standard error, on a terminal only, once the wait has lasted; gone when it is over."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar = Bar()
        self._line = False

    def __enter__(self) -> "Spinner":
        return self

    def tick(self, progress: tuple[str, int, int] | None) -> None:
        """Show that the wait goes on; `progress` is (stage, done, total) of a build."""
        if not sys.stderr.isatty() or time.monotonic() - self._began < _PATIENCE:
            return
        if progress:
            self._erase()
            self._bar(*progress)
        elif not self._line:
            self._line = True
            sys.stderr.write(_LINE)
            sys.stderr.flush()

    def _erase(self) -> None:
        if self._line:
            self._line = False
            sys.stderr.write("\r" + " " * len(_LINE) + "\r")
            sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._erase()
        self._bar.__exit__(kind, error, trace)
        if kind is KeyboardInterrupt and sys.stderr.isatty():
            # The terminal has echoed ^C behind what stood there.
            sys.stderr.write("\r" + " " * (columns() - 1) + "\r")
            sys.stderr.flush()
