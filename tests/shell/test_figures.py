"""`/show`: a picture where the terminal draws one, else its words."""

import re
from base64 import b64decode
from dataclasses import replace

import pytest

from chatbot.shell.figures import NO_FIGURE
from chatbot.terminal.pictures import painted
from chatbot.terminal.render import coloured
from tests.conftest import PROJECT

ALT = "A person stands and raises the right knee."
SVG = (PROJECT / "tests/data/shell-corpus/figures/lift.svg").read_text(encoding="utf-8")


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of some name, with nothing else around that tells what it can do."""

    def named(name, **variables):
        for variable in ("TERM_PROGRAM", "KITTY_WINDOW_ID", "COLORTERM", "LC_TERMINAL", "TMUX", "NO_COLOR"):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in {"TERM": name, **variables}.items():
            monkeypatch.setenv(variable, value)

    return named


def test_the_words_alone_where_there_is_no_colour(sitting):
    sitting.said("/open hip-internal-rotation")
    assert sitting.said("/show") == f"\nRaise one knee\n{ALT}\n\n"


def test_a_reply_names_its_picture(sitting):
    assert "as a picture: /show" in sitting.said("/open hip-internal-rotation")
    assert "/show" not in sitting.said("/open how-long-hold")


def test_what_has_no_picture_says_so(sitting):
    sitting.said("/open how-long-hold")
    assert sitting.said("/show") == f"{NO_FIGURE}\n\n"
    sitting.said("/open hip-internal-rotation")
    assert sitting.said("/show 2") == "Choose a picture from 1 to 1.\n\n"


def test_blocks_of_colour(terminal):
    terminal("xterm-256color", COLORTERM="truecolor")
    lines = painted(SVG, 40).splitlines()
    cells = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert {len(line) for line in cells if line} == {40}
    assert "\x1b[38;2;" in painted(SVG, 40) or "\x1b[48;2;" in painted(SVG, 40)
    terminal("xterm-256color")
    assert len(painted(SVG, 200).splitlines()[0]) > 0
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in painted(SVG, 200).splitlines()) == 60


def test_kitty_gets_the_picture_in_chunks(terminal):
    terminal("xterm-kitty", KITTY_WINDOW_ID="1")
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", painted(SVG, 50))
    assert parts[0][0] == "a=T,f=100,c=50,m=1"
    assert [settings for settings, _ in parts[1:]] == ["m=1"] * (len(parts) - 2) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)
    assert b64decode("".join(data for _, data in parts)).startswith(b"\x89PNG")


def test_iterm_gets_the_picture_as_a_file(terminal):
    terminal("xterm-256color", TERM_PROGRAM="iTerm.app", LC_TERMINAL="iTerm2")
    match = re.fullmatch(r"\x1b\]1337;File=inline=1;width=50:([^\a]*)\a\n", painted(SVG, 50))
    assert match
    assert b64decode(match[1]).startswith(b"\x89PNG")


def test_a_terminal_with_sixels_gets_sixels(terminal):
    terminal("foot")
    assert painted(SVG, 50).startswith("\x1bP")


def test_show_draws_in_a_terminal_with_colour(sit, bot, terminal):
    terminal("xterm-256color", COLORTERM="truecolor")
    there = sit(lambda progress, note: bot)
    there.shell.screen = replace(there.shell.screen, paint=coloured)
    there.said("/open hip-internal-rotation")
    shown = there.said("/show")
    assert shown.count("\n") > 15
    assert ALT in shown
    terminal("xterm-256color", NO_COLOR="1")
    assert there.said("/show").count("\n") < 6
