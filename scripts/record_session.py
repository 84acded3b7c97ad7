"""Record sessions with the shell and draw them as SVG for the README: `python scripts/record_session.py`.

Each is the real command in a pseudo-terminal, typed at by this script. The terminal is one that knows no cursor
movements, so that what it gets is the text from top to bottom. Writes docs/<name>.svg.
"""

import html
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pexpect
from prompt_toolkit.formatted_text import ANSI, to_formatted_text
from prompt_toolkit.formatted_text.utils import split_lines
from wcwidth import width as cells

DOCS = Path(__file__).resolve().parents[1] / "docs"
SESSIONS = {
    "session": ["what can i do about a stiff lower back", "3"],
    "urgent": ["my neck hurts and my hand is numb since I fell off my bike", "how do I renew my passport"],
}
COLUMNS, ROWS = 80, 50
PROMPT = "ask> "
LONGEST_WAIT = 900  # seconds; the index may have to be built first
# The command, with a greeting that waits for the bot to be open: in a dumb terminal it would give it a moment only.
COMMAND = f"""
from unittest.mock import patch
from chatbot import cli
from chatbot.shell import prompt
with patch.object(prompt, "_PATIENCE", {LONGEST_WAIT}):
    cli.entry_point()
"""
_CELL, _LINE, _MARGIN = 8.4, 18, 16
_STYLE = """
svg { background: #fdfdfc }
text { font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 14px; fill: #24292f }
.bold { font-weight: bold } .italic { font-style: italic } .dim { opacity: .62 }
.ansimagenta { fill: #a21caf } .ansired { fill: #b91c1c }
@media (prefers-color-scheme: dark) {
  svg { background: #16181d } text { fill: #e6e6e3 } .ansimagenta { fill: #e29bea } .ansired { fill: #ff7b72 }
}
"""


def main() -> int:
    DOCS.mkdir(exist_ok=True)
    for name, lines in SESSIONS.items():
        path = DOCS / f"{name}.svg"
        path.write_text(svg(record(lines)), encoding="utf-8")
        print(path)
    return 0


def record(lines: Sequence[str]) -> str:
    """What the terminal gets in a session of these lines, with paint; its prompts bold, as in other terminals."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "TERM": "dumb", "CHATBOT_STATE": state}
        command = ["-c", COMMAND, "--color", "always"]
        shell = pexpect.spawn(
            sys.executable, command, env=environment, dimensions=(ROWS, COLUMNS), encoding="utf-8", timeout=LONGEST_WAIT
        )
        written = until_prompt(shell)
        for line in lines:
            shell.send(f"{line}\r")
            written += f"\n\x1b[1m{PROMPT}\x1b[0m{until_prompt(shell)}"
        shell.send("/quit\r")
        shell.expect(pexpect.EOF)
    return written.replace("\r", "").rstrip("\n")


def until_prompt(shell: pexpect.spawn) -> str:
    """What is written before the next prompt, once it takes keys: until then the terminal itself repeats them, too."""
    shell.expect_exact(f"\n{PROMPT}")
    shell.waitnoecho(LONGEST_WAIT)
    return str(shell.before)


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
    """A row's runs of one style, each placed by its column and as wide as its cells, whatever the reader's font."""
    column, run, style = 0, "", ""
    for fragment in [*row, ("end", "")]:
        if fragment[0] != style or not fragment[1]:
            if run.strip():
                yield span(run.rstrip(), column, style.replace("class:", "").strip())
            column, run, style = column + cells(run), "", fragment[0]
        run += fragment[1]


def span(run: str, column: int, style: str) -> str:
    text = run.lstrip()
    place = f'x="{_MARGIN + (column + cells(run) - cells(text)) * _CELL:g}" textLength="{cells(text) * _CELL:g}"'
    kept = html.escape(text).replace(" ", "\N{NO-BREAK SPACE}")  # else several spaces would become one
    return f'<tspan {place} lengthAdjust="spacingAndGlyphs" class="{style}">{kept}</tspan>'


if __name__ == "__main__":
    sys.exit(main())
