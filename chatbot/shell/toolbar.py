"""The line at the foot of the screen. Terminals that do not report the cursor have none: nothing hangs on it."""

from collections.abc import Iterable

from wcwidth import clip
from wcwidth import width as cells

from chatbot.terminal.progress import STAGES

_PROMPTS_WITH_TIP = 2
_BETWEEN = " · "


def toolbar_text(bot: str, choices: int, vi_mode: str, prompts: int, width: int) -> str:
    """What it says on a blank line, as much as fits in `width` cells.

    `bot` tells of the bot, `choices` how many there are in the last list, `vi_mode` is empty with Emacs's keys, and
    `prompts` is how many lines were read so far.
    """
    parts = [bot, "offline", "/help"]
    parts += [f"vi: {vi_mode}"] if vi_mode else []
    if choices:
        parts.append("a number or Down: choose")
    if prompts <= _PROMPTS_WITH_TIP:
        parts.append("Tab: questions like yours")
    return " " + _BETWEEN.join(_fitting(parts, width - 1))


def bot_text(entries: int | None, progress: tuple[str, int, int] | None) -> str:
    """What it says of the bot: its entries, or how far its opening is; `progress` is (stage, done, total)."""
    if entries is not None:
        return f"{entries:,} entries"
    if progress is None:
        return "opening"
    stage, done, total = progress
    share = "" if total == 1 else f" {done / total:.0%}"
    return f"building the index: {STAGES[stage].lower()}{share}"


def _fitting(parts: Iterable[str], width: int) -> list[str]:
    """The parts from the first on, until one does not fit."""
    fitting: list[str] = []
    for part in parts:
        if cells(_BETWEEN.join([*fitting, part])) > width:
            break
        fitting.append(part)
    return fitting


def tip_text(question: str, vi_mode: str, width: int) -> str:
    """What it says while something is typed that is much like `question` of the corpus."""
    text = f" vi: {vi_mode}{_BETWEEN}Tab: {question}" if vi_mode else f" Tab: {question}"
    return text if cells(text) <= width else f"{clip(text, 0, width - 2).rstrip()} …"
