"""The real terminal's ends for a shell: text out, the key between two pages, and the clipboard."""

import base64
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from shutil import get_terminal_size
from typing import Any

from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.output.vt100 import Vt100_Output

from chatbot.shell.pager import pager
from chatbot.shell.screen import Screen
from chatbot.terminal.graphics import DUMB, graphics
from chatbot.terminal.render import coloured, uncoloured

# What common terminals take in one OSC 52 sequence.
_CLIPBOARD_BYTES = 74_000


@dataclass(frozen=True)
class Terminal:
    """Writes to `output`, with colour or without."""

    output: Output
    colour: bool

    @property
    def color_depth(self) -> ColorDepth | None:
        """prompt-toolkit's own choice, or none."""
        return None if self.colour else ColorDepth.DEPTH_1_BIT

    def screen(self) -> Screen:
        """The shell's way out."""
        paged = not dumb() and os.environ.get("PAGER") != "cat"
        paint = coloured if self.colour else uncoloured
        return Screen(
            self.write, self.size, paint, self.more if paged else None, graphics=graphics(self.colour), draw=self.draw
        )

    def size(self) -> tuple[int, int]:
        """Columns and rows now, as `COLUMNS` and `LINES` say or else the terminal; 80 and 24 where none does."""
        return get_terminal_size()

    def write(self, text: str) -> None:
        """Write text in which the only escape sequences are our own paint; any other is shown as `?`."""
        if dumb():
            # prompt-toolkit would send escape sequences even to print plain text.
            self.output.write_raw(text if self.colour else text.replace("\x1b", "?"))
            self.output.flush()
            return
        print_formatted_text(
            ANSI(text), end="", output=self.output, color_depth=self.color_depth, include_default_pygments_style=False
        )

    def draw(self, text: str) -> None:
        """Write the escape sequences of an image as they are."""
        self.output.write_raw(text)
        self.output.flush()

    def more(self) -> bool:
        """Ask for a key between two pages; whether it says to go on."""
        return self._pager.run()

    @cached_property
    def _pager(self) -> Application[bool]:
        # One for all pages: each would ask again whether the terminal reports the cursor, and wait for it.
        app = pager(self.output, self.color_depth)
        bear_silence(app)
        return app

    def copy(self, text: str) -> bool:
        """Hand `text` to the terminal's clipboard (OSC 52); False where that cannot work."""
        encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
        if dumb() or len(encoded) > _CLIPBOARD_BYTES:
            return False
        self.output.write_raw(f"\x1b]52;c;{encoded}\x07")
        self.output.flush()
        return True


def open_output() -> Output:
    """The terminal's output; for a dumb one an output that knows no escape sequences."""
    return PlainTextOutput(sys.stdout) if dumb() else create_output()


def bear_silence(app: Application[Any]) -> None:
    """Let a terminal that never reports the cursor be: no warning of prompt-toolkit's, and no more asking."""

    def on_silence() -> None:
        if isinstance(app.output, Vt100_Output):
            app.output.enable_cpr = False

    app.renderer.cpr_not_supported_callback = on_silence


def dumb() -> bool:
    """Whether the terminal says that it can do nothing."""
    return os.environ.get("TERM") in DUMB


def colour_wanted(choice: str) -> bool:
    """Whether to paint, from `--color` and the environment."""
    return choice == "always" or (choice == "auto" and not os.environ.get("NO_COLOR") and not dumb())
