"""The README's pictures: recorded from the real command, drawn cell by cell."""

import importlib.util
import re
from pathlib import Path

import pytest

# On a busy machine a prompt stands for a while before it has turned the terminal's own echo off.
SLOW = """
import time
from prompt_toolkit.input.vt100 import raw_mode
enter = raw_mode.__enter__
raw_mode.__enter__ = lambda mode: (time.sleep(0.5), enter(mode))[1]
"""
SCRIPT = Path(__file__).parents[2] / "scripts" / "record_session.py"


@pytest.fixture(scope="module")
def recorder():
    spec = importlib.util.spec_from_file_location("record_session", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_run_of_one_style_stands_at_its_column_and_is_as_wide_as_its_cells(recorder):
    picture = recorder.svg("\x1b[1mask> \x1b[0ma  <b>\n  \x1b[35m開脚\x1b[0m x")
    spans = re.findall(r'<tspan x="([\d.]+)" textLength="([\d.]+)" [^>]*class="([^"]*)">([^<]*)<', picture)
    # A margin of 16, then cells of 8.4: "a" is the sixth, and the two wide characters begin at the third.
    assert spans == [
        ("16", "33.6", "bold", "ask&gt;"),
        ("58", "50.4", "", "a\xa0\xa0&lt;b&gt;"),
        ("32.8", "33.6", "ansimagenta", "開脚"),
        ("74.8", "8.4", "", "x"),
    ]


def test_every_colour_of_replies_has_one_in_the_pictures(recorder):
    assert {".ansimagenta", ".ansired", ".bold", ".dim", ".italic"} <= set(re.findall(r"\.[a-z]+", recorder._STYLE))


def test_a_session_is_what_the_command_writes(recorder, index, monkeypatch):
    monkeypatch.setenv("CHATBOT_INDEX", str(index))
    monkeypatch.setenv("CHATBOT_CORPUS", str(Path(__file__).parents[1] / "data" / "shell-corpus"))
    monkeypatch.setattr(recorder, "COMMAND", SLOW + recorder.COMMAND)
    written = recorder.record(["thanks"])
    assert written.startswith("Answers that people wrote.")
    assert written.count("\n\x1b[1mTry\x1b[0m\n") == 1
    assert "\n\x1b[1mask> \x1b[0mthanks\n\n  You are welcome.\n" in written
    assert "/quit" not in written
