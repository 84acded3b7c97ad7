"""The options that several commands share, and a parser whose help is written like everything else."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.terminal import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """A parser whose help and version raise what `streams.write` raises; argparse ignores what cannot be written."""

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        if file is sys.stdout:
            streams.write(message)
        else:
            super()._print_message(message, file)


def places() -> Parser:
    """Options of every command; without defaults, so that they may stand before a command or after it."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument(
        "--corpus", type=Path, metavar="PATH", help="folder of entries or .jsonl file (or CHATBOT_CORPUS)."
    )
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="folder of the index (or CHATBOT_INDEX).")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails.")
    return parser


def forms() -> Parser:
    """Options of what replies with text; without defaults, as those of `places`."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="replies as JSON, one object per line.")
    form.add_argument("--markdown", action="store_true", help="replies as Markdown.")
    parser.add_argument(
        "--no-figures", dest="figures", action="store_false", help="draw no picture with an answer; /show still does."
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), help="colour in replies.")
    return parser
