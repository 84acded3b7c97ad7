"""Faults that users of commands like this one reported, by the number of their kind."""

import sys

import pexpect
import pytest

from tests.conftest import CORPUS, environment

TIGHT = "my lower back feels tight, what should I stretch?"


@pytest.fixture
def on_terminal(built):
    """Run the command line on a terminal of some size; what it writes there and its exit status."""

    def run(*arguments: str, rows: int = 24, columns: int = 80, **env: str) -> tuple[str, int]:
        env = environment(CHATBOT_INDEX=str(built), CHATBOT_CORPUS=str(CORPUS), **env)
        command = ["-m", "chatbot", *arguments]
        with pexpect.spawn(
            sys.executable, command, env=env, dimensions=(rows, columns), encoding="utf-8", timeout=120
        ) as child:
            written = child.read().replace("\r\n", "\n")
        return written, child.exitstatus

    return run


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_k10_a_terminal_without_a_size_has_80_columns_or_those_of_the_environment(on_terminal):
    asked = ("ask", TIGHT, "--color=never")
    usual = on_terminal(*asked, columns=80)
    assert on_terminal(*asked, columns=0, rows=0) == usual
    assert 70 < widest(usual[0]) <= 80
    told = on_terminal(*asked, columns=0, rows=0, COLUMNS="50")
    assert told == on_terminal(*asked, columns=50)
    assert 40 < widest(told[0]) <= 50
    assert on_terminal(*asked, columns=0, rows=0, COLUMNS="0") == usual
    assert on_terminal(*asked, columns=0, rows=0, COLUMNS="wide") == usual
