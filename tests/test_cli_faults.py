"""Faults that users of commands like this one reported, by the number of their kind."""

import json
import subprocess
import sys

import pexpect
import pytest

from chatbot import cli
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


@pytest.fixture
def redirected(python, built):
    """Run the command line with a redirection of its streams, as a POSIX shell writes it."""

    def run(redirection: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = f'"$0" -m chatbot "$@" {redirection}'
        places = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS), "PYTHONUNBUFFERED": ""}
        program = "import os, sys; os.execv('/bin/sh', ['sh', '-c', *sys.argv[1:]])"
        return python("-c", program, command, sys.executable, *arguments, stdin=b"hello\nthanks\n", **(places | env))

    return run


NO_READING = "flexbot: cannot read standard input: Bad file descriptor\n"
NO_WRITING = "flexbot: cannot write to standard output: Bad file descriptor\n"
NO_SPACE = "flexbot: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("redirection", "arguments", "error"),
    [
        ("<&-", [], NO_READING),
        ("0>/dev/null", ["--json"], NO_READING),
        (">&-", ["ask", "hello"], NO_WRITING),
        (">&-", ["--json"], NO_WRITING),
        (">&-", ["--version"], NO_WRITING),
        (">&-", ["forget"], NO_WRITING),
        (">&- <&-", ["ask", "hello"], NO_WRITING),
        ("1</dev/null", ["ask", "hello"], NO_WRITING),
        (">/dev/full", ["ask", "hello"], NO_SPACE),
        (">/dev/full", [], NO_SPACE),
        (">/dev/full", ["build"], NO_SPACE),
        (">/dev/full", ["check"], NO_SPACE),
        (">/dev/full", ["feedback"], NO_SPACE),
        (">/dev/full", ["--help"], NO_SPACE),
        # Nothing can be told then, and that is no reason to say by the exit status that there was no answer.
        (">/dev/full 2>/dev/full", ["ask", "hello"], ""),
        (">&- 2>&- <&-", ["ask", "hello"], ""),
        ("2>&-", ["ask", ""], ""),
        ("2>/dev/full", ["bild"], ""),
    ],
)
def test_k14_a_stream_that_is_closed_or_full_is_one_line_and_status_2(redirected, redirection, arguments, error):
    done = redirected(redirection, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error)


@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "<&- 2>&-", "2>/dev/full"])
def test_k14_a_stream_that_is_not_needed_may_be_closed_or_full(redirected, redirection):
    done = redirected(redirection, "ask", "hello", "--json")
    assert (done.returncode, json.loads(done.stdout)["id"], done.stderr) == (0, "greeting", "")


def test_k14_an_unexpected_failure_is_one_line_and_status_2(monkeypatch, capsys):
    def fail(_options):
        raise RuntimeError("boom\n\x1b[31m")

    monkeypatch.setattr(cli, "_check", fail)
    assert cli.main(["check"]) == 2
    told = "flexbot: That failed unexpectedly (RuntimeError: boom). `flexbot --debug` shows where.\n"
    assert capsys.readouterr() == ("", told)
    with pytest.raises(RuntimeError, match="boom"):
        cli.main(["--debug", "check"])


HOMELESS = """
import pwd, sys
from pathlib import Path

def unknown(user):
    raise KeyError(f"uid not found: {user}")

pwd.getpwuid = unknown
from chatbot import settings
from chatbot.cli import main
settings._CHECKOUT = Path("/nowhere")  # as an installed copy, which has no other place of its own
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("arguments", "what", "variable"),
    [
        (["ask", "hello"], "the index", "CHATBOT_INDEX"),
        ([], "the index", "CHATBOT_INDEX"),
        (["build"], "the index", "CHATBOT_INDEX"),
        (["check"], "the index", "CHATBOT_INDEX"),
        (["feedback"], "history and feedback", "CHATBOT_STATE"),
        (["forget"], "history and feedback", "CHATBOT_STATE"),
    ],
)
def test_k14_a_user_without_a_home(python, monkeypatch, arguments, what, variable):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    done = python("-c", HOMELESS, *arguments)
    told = f"flexbot: there is no home folder to keep {what} in; set {variable} or HOME to a folder\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_k14_a_user_without_a_home_is_answered_from_an_index_that_is_named(python, monkeypatch, built):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    done = python("-c", HOMELESS, "ask", "hello", "--json", "--index", built, "--corpus", CORPUS)
    assert (done.returncode, json.loads(done.stdout)["id"], done.stderr) == (0, "greeting", "")
