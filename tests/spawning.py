"""Real pseudo-terminals, in which tests run real programs."""

import signal
from collections.abc import Sequence

import pexpect

from tests.conftest import environment
from tests.effort import LONGEST_WAIT


def on_pty(command: Sequence[str], size: tuple[int, int] = (24, 80), **changes: str) -> pexpect.spawn:
    """A command in a pseudo-terminal of some rows and columns, with these changes of the environment."""
    return pexpect.spawn(
        command[0],
        list(command[1:]),
        env=environment(**changes),
        dimensions=size,
        encoding="utf-8",
        timeout=LONGEST_WAIT,
        preexec_fn=_hears_ctrl_c,
        use_poll=True,  # select() knows no descriptor beyond 1,023, and a run of all tests opens as many
    )


def _hears_ctrl_c() -> None:
    """A program does not where the tests run in the background, as it inherits that the signal is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
