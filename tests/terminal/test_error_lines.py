"""What went wrong, as people at the command line are told."""

import argparse
import ast
from pathlib import Path

import pytest

import chatbot
from chatbot import cli
from chatbot.errors import CorpusError, EncoderError, IndexBusy, IndexDamaged, IndexIncompatible, IndexMissing
from chatbot.records import Problem
from chatbot.terminal.error_lines import explanation

PACKAGE = Path(chatbot.__file__).parent
PROBLEM = Problem("a.md", 1, "no question")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexMissing("no index in x; build one"), "no index in x; build one: `flexbot build`"),
        (IndexIncompatible("x; build the index again"), "x; build the index again: `flexbot build`"),
        (IndexDamaged("x; build the index again in full"), "x; build the index again in full: `flexbot build --full`"),
        (IndexBusy("another build is\nwriting"), "another build is writing"),
        (EncoderError("no model"), "no model"),
        (CorpusError("no corpus"), "no corpus"),
        (CorpusError("a.md:1: no question", [PROBLEM]), "a.md:1: no question"),
        (
            CorpusError("a.md:1: no question (and 1 more)", [PROBLEM] * 2),
            "a.md:1: no question (and 1 more): `flexbot check`",
        ),
        (
            CorpusError("a.md:1: no question (and 1 more)", [PROBLEM] * 2, "my notes.jsonl"),
            "a.md:1: no question (and 1 more): `flexbot check --corpus 'my notes.jsonl'`",
        ),
        (OSError("odd"), "That failed unexpectedly (OSError: odd). `flexbot --debug` shows where."),
    ],
)
def test_an_error_with_the_command_it_calls_for(error, told):
    assert explanation(error) == told


def options(parser):
    """Every long option of a parser and of its commands."""
    for action in parser._actions:
        yield from (option for option in action.option_strings if option.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from options(command)


def texts(path):
    """The texts in a module's code, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in notes]
    return [node.value for node in constants if isinstance(node.value, str)]


def test_k21_the_library_knows_no_command_line():
    rooms = ("text", "corpus", "encoding", "matching", "index", "building", "answering", "checking")
    paths = [PACKAGE / "bot.py", *(path for room in rooms for path in (PACKAGE / room).glob("*.py"))]
    known = {"flexbot", *options(cli._parser())} - {"--help", "--version"}
    assert {"--corpus", "--index", "--full", "--tune", "--model"} <= known
    for path in paths:
        assert [text for text in texts(path) if any(word in text for word in known)] == [], path
        assert "settings.APP" not in path.read_text(encoding="utf-8"), path
