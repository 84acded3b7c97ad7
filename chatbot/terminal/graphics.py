"""What a terminal can draw. Its environment tells; only an xterm is asked, which always replies."""

import os
import re
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal

Graphics = Literal["kitty", "iterm", "sixels", "blocks", "dots", "nothing"]
IMAGES: frozenset[Graphics] = frozenset({"kitty", "iterm", "sixels"})  # pixels, not characters
DUMB = ("dumb", "unknown")
_PACKAGES = ("chafa", "PIL", "resvg_py")
# A terminal's own name in TERM, which it sets for whatever runs in it; others say more in variables that stay behind
# in what was started from them.
_BY_TERM: Mapping[str, Graphics] = {
    "xterm-kitty": "kitty",
    "xterm-ghostty": "kitty",
    "foot": "sixels",
    "foot-extra": "sixels",
    "mlterm": "sixels",
    "yaft-256color": "sixels",
    "wezterm": "iterm",
}
_BY_PROGRAM: Mapping[str, Graphics] = {"iTerm.app": "iterm", "iTerm2": "iterm", "WezTerm": "iterm", "ghostty": "kitty"}
_KONSOLE_WITH_SIXELS = 220400
_MULTIPLEXERS = ("TMUX", "STY", "ZELLIJ")  # what they run in may be any terminal, or several
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]+)c")
_SIXELS = b"4"
_PATIENCE = 0.5  # seconds


def can_draw() -> bool:
    """Whether the packages that draw pictures are there; none of them is imported."""
    return all(find_spec(name) for name in _PACKAGES)


def graphics(coloured: bool) -> Graphics:
    """How this terminal shows a picture, where it may be `coloured`, or without colour."""
    term = os.environ.get("TERM", "dumb")
    if term in DUMB or not can_draw():
        return "nothing"
    images = _images(term) if coloured else None
    if images:
        return images
    if not (sys.stdout.encoding or "").lower().startswith("utf"):
        return "nothing"
    return "blocks" if coloured else "dots"


def _images(term: str) -> Graphics | None:
    """How a terminal shows pixels; None where it does not, or nobody knows."""
    told = os.environ.get
    if any(map(told, _MULTIPLEXERS)) or term.startswith(("screen", "tmux")):
        return None
    if term in _BY_TERM or not term.startswith("xterm"):
        return _BY_TERM.get(term)
    if "XTERM_VERSION" in os.environ:
        return "sixels" if _SIXELS in _attributes() else None
    program = told("TERM_PROGRAM") or told("LC_TERMINAL", "")
    konsole = told("KONSOLE_VERSION", "")
    if "MLTERM" in os.environ or (konsole.isdecimal() and int(konsole) >= _KONSOLE_WITH_SIXELS):
        return "sixels"
    return _BY_PROGRAM.get(program)


def _attributes() -> list[bytes]:
    """What the terminal says that it can do (its primary device attributes); empty where it does not reply."""
    import select
    import termios
    import tty

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return []
    source, way_out = sys.stdin.fileno(), sys.stdout.fileno()
    if select.select([source], [], [], 0)[0]:
        return []  # what was typed ahead is the prompt's
    before, reply = termios.tcgetattr(source), b""
    try:
        tty.setcbreak(source, termios.TCSANOW)
        os.write(way_out, b"\x1b[c")
        while not (found := _ATTRIBUTES.search(reply)) and select.select([source], [], [], _PATIENCE)[0]:
            reply += os.read(source, 64)
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)
    return found[1].split(b";") if found else []
