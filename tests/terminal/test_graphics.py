"""What a terminal can draw: by its environment, and an xterm by what it replies."""

import sys

import pytest

from chatbot.terminal import graphics as module
from chatbot.terminal.graphics import graphics
from tests.conftest import PROJECT
from tests.spawning import on_pty

SIGNS = (
    "TERM_PROGRAM", "LC_TERMINAL", "MLTERM", "KONSOLE_VERSION", "XTERM_VERSION", "KITTY_WINDOW_ID", "COLORTERM", "TMUX",
    "STY", "ZELLIJ",
)  # fmt: skip


@pytest.fixture
def terminal(monkeypatch):
    def named(name, **variables):
        for sign in SIGNS:
            monkeypatch.delenv(sign, raising=False)
        for variable, value in {"TERM": name, **variables}.items():
            monkeypatch.setenv(variable, value)

    return named


@pytest.mark.parametrize(
    ("name", "variables", "kind"),
    [
        ("xterm-kitty", {}, "kitty"),
        ("xterm-256color", {"TERM_PROGRAM": "ghostty"}, "kitty"),
        ("xterm-256color", {"TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ("xterm-256color", {"LC_TERMINAL": "iTerm2"}, "iterm"),  # all that comes over ssh
        ("xterm-256color", {"TERM_PROGRAM": "vscode", "LC_TERMINAL": "iTerm2"}, "blocks"),  # started from iTerm2
        ("xterm-256color", {"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ("foot", {}, "sixels"),
        ("xterm", {"MLTERM": "3.9.3"}, "sixels"),
        ("xterm-256color", {"KONSOLE_VERSION": "220400"}, "sixels"),
        ("xterm-256color", {"KONSOLE_VERSION": "211200"}, "blocks"),
        ("xterm-256color", {}, "blocks"),
        ("alacritty", {}, "blocks"),
        ("tmux-256color", {"TMUX": "socket,1,0", "LC_TERMINAL": "iTerm2"}, "blocks"),
        ("screen", {"STY": "1.pts-0", "TERM_PROGRAM": "iTerm.app"}, "blocks"),
        ("xterm-kitty", {"ZELLIJ": "0"}, "blocks"),
        ("screen-256color", {"LC_TERMINAL": "iTerm2"}, "blocks"),  # ssh from within tmux
        ("alacritty", {"KONSOLE_VERSION": "230400", "TERM_PROGRAM": "iTerm.app"}, "blocks"),  # started from there
        ("xterm-kitty", {"XTERM_VERSION": "XTerm(379)"}, "kitty"),  # started from an xterm
        ("dumb", {"TERM_PROGRAM": "iTerm.app"}, "nothing"),
    ],
)
def test_a_terminal_is_known_by_its_environment(terminal, name, variables, kind):
    terminal(name, **variables)
    assert graphics(True) == kind


def test_without_colour_there_are_dots_whatever_the_terminal(terminal):
    terminal("xterm-kitty")
    assert graphics(False) == "dots"
    terminal("dumb")
    assert graphics(False) == "nothing"


def test_without_the_packages_there_is_nothing(terminal, monkeypatch):
    terminal("xterm-kitty")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "PIL" else object())
    assert graphics(True) == "nothing"
    assert not module.can_draw()


def test_characters_need_an_encoding_that_has_them(terminal, monkeypatch):
    class Latin:
        encoding = "iso-8859-1"

    terminal("xterm-256color")
    monkeypatch.setattr(module.sys, "stdout", Latin())
    assert graphics(True) == "nothing"
    terminal("xterm-kitty")
    assert graphics(True) == "kitty"


PROGRAM = """
import sys
from chatbot.terminal.graphics import graphics
sys.stdin.readline()
print("can:", graphics(True))
print("read:", sys.stdin.readline())
"""


@pytest.fixture
def xterm():
    """A program in what calls itself an xterm, which the test plays."""
    changes = {"TERM": "xterm-256color", "XTERM_VERSION": "XTerm(379)", "PYTHONPATH": str(PROJECT)}
    child = on_pty([sys.executable, "-c", PROGRAM], **changes)
    yield child
    child.close(force=True)


@pytest.mark.parametrize(
    ("reply", "kind"), [("\x1b[?63;1;2;4;6c", "sixels"), ("\x1b[?64;1;2;6;9;14;15;44c", "blocks"), ("", "blocks")]
)
def test_an_xterm_is_asked_and_may_be_silent(xterm, reply, kind):
    xterm.send("\n")
    xterm.expect_exact("\x1b[c")
    xterm.send(reply)
    xterm.expect_exact(f"can: {kind}")
    xterm.send("later\n")
    xterm.expect_exact("read: later")


def test_what_was_typed_ahead_is_not_taken_for_a_reply(xterm):
    xterm.send("\nahead\n")
    xterm.expect_exact("can: ")
    xterm.expect_exact("read: ahead")


@pytest.mark.parametrize("name", ["TMUX", "STY"])
def test_nobody_asks_what_may_be_several_terminals(terminal, monkeypatch, name):
    terminal("xterm-256color", XTERM_VERSION="XTerm(379)", **{name: "x"})
    monkeypatch.setattr(module, "_attributes", lambda: pytest.fail("asked"))
    assert graphics(True) == "blocks"
