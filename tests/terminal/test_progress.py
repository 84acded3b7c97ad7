"""A bar on a terminal only."""

import io
import sys

import pytest

from chatbot.terminal.progress import Bar, counted


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run():
    with Bar() as bar:
        bar("model", 0, 1)
        bar("model", 1, 1)
        bar("phrasings", 40, 100)
        bar("phrasings", 100, 100)


def test_nothing_without_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    run()
    assert sys.stderr.getvalue() == ""


def test_the_stage_is_named_on_a_terminal_and_wiped_at_its_end(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr("chatbot.terminal.progress._DELAY", 0)
    run()
    written = sys.stderr.getvalue()
    assert "Exporting the model …" in written
    assert "Encoding questions   0 % |" in written
    assert "\n" not in written
    assert written.rpartition("\r")[2].strip() == ""


def streams(monkeypatch, **kinds):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, kinds.get(name, io.StringIO)())
    monkeypatch.setattr("chatbot.terminal.progress._DELAY", 0)


def test_a_count_where_only_standard_error_is_a_terminal(monkeypatch):
    streams(monkeypatch, stderr=Terminal)
    assert list(counted("abc", "Answering")) == ["a", "b", "c"]
    assert sys.stderr.getvalue().startswith("\rAnswering … 0")
    assert sys.stderr.getvalue().rpartition("\r")[2].strip() == ""
    assert sys.stdout.getvalue() == ""


@pytest.mark.parametrize(
    "kinds",
    [{}, {"stderr": Terminal, "stdout": Terminal}, {"stderr": Terminal, "stdin": Terminal}],
    ids=["no terminal", "replies go to the terminal", "questions are typed"],
)
def test_no_count_elsewhere(monkeypatch, kinds):
    streams(monkeypatch, **kinds)
    assert list(counted("abc", "Answering")) == ["a", "b", "c"]
    assert sys.stderr.getvalue() == ""
