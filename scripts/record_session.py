"""Play real sessions with the shell and draw them as SVG for the README: `python scripts/record_session.py`.

The shell, the bot and every answer are real; only the keyboard is played. Writes docs/<name>.svg.
"""

import html
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from prompt_toolkit.formatted_text import ANSI, to_formatted_text
from prompt_toolkit.formatted_text.utils import split_lines
from wcwidth import width as cells

from chatbot import Chatbot
from chatbot.render import coloured
from chatbot.shell.commands import registry
from chatbot.shell.loop import Shell
from chatbot.shell.screen import Screen
from chatbot.shell.source import BotSource

DOCS = Path(__file__).resolve().parents[1] / "docs"
SESSIONS = {
    "session": ["my lower back is stiff after sitting all day", "1", "/why"],
    "urgent": ["my neck hurts and my hand is numb since I fell off my bike", "which protein powder is best"],
}
COLUMNS = 80
_CELL, _LINE, _MARGIN = 8.4, 18, 16
_STYLE = """
svg { background: #fdfdfc }
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #24292f; white-space: pre }
.bold { font-weight: bold } .italic { font-style: italic } .dim { opacity: .62 }
.ansicyan { fill: #0e7490 } .ansired { fill: #b91c1c }
@media (prefers-color-scheme: dark) {
  svg { background: #16181d } text { fill: #e6e6e3 } .ansicyan { fill: #5bc8d8 } .ansired { fill: #ff7b72 }
}
"""


def main(arguments: Sequence[str]) -> int:
    bot = Chatbot.load(*arguments)
    DOCS.mkdir(exist_ok=True)
    for name, lines in SESSIONS.items():
        path = DOCS / f"{name}.svg"
        path.write_text(svg(play(bot, lines)), encoding="utf-8")
        print(path)
    return 0


def play(bot: Chatbot, lines: Sequence[str]) -> str:
    """What the terminal shows of a session of these lines, with paint."""
    written: list[str] = []
    typed = iter(lines)

    def read() -> str:
        line = next(typed, None)
        if line is None:
            raise EOFError
        written.append(f"\x1b[1mask> \x1b[0m{line}\n")
        return line

    screen = Screen(written.append, lambda: (COLUMNS, 1000), coloured)
    Shell(BotSource(lambda _progress, _note: bot), read, screen, registry()).run()
    return "".join(written).rstrip("\n")


def svg(text: str) -> str:
    """The painted `text` as an SVG picture that follows the reader's light or dark theme."""
    rows = list(split_lines(to_formatted_text(ANSI(text))))
    width, height = 2 * _MARGIN + COLUMNS * _CELL, 2 * _MARGIN + len(rows) * _LINE
    body = "\n".join(
        f'<text x="{_MARGIN}" y="{_MARGIN + (number + 0.75) * _LINE:g}">{"".join(spans(row))}</text>'
        for number, row in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" role="img"'
        f' aria-label="A session in the terminal">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def spans(row: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A row's runs of one style, each placed by its column so that no font moves what follows."""
    column, run, style = 0, "", ""
    for fragment in [*row, ("end", "")]:
        if fragment[0] != style or not fragment[1]:
            if run.strip():
                place = f'x="{_MARGIN + column * _CELL:g}"'
                yield f'<tspan {place} class="{style.replace("class:", "").strip()}">{html.escape(run)}</tspan>'
            column, run, style = column + cells(run), "", fragment[0]
        run += fragment[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
