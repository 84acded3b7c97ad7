"""The options that several commands share, and a parser whose help is written like everything else."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.addresses import Address, is_address
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


def places(index: Callable[[str], Path | Address] | None = None) -> Parser:
    """Options of every command; without defaults, so that they may stand before a command or after it. `index` reads
    the value of `--index` where that must be a folder."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument(
        "--corpus", type=Path, metavar="PATH", help="folder of entries or .jsonl file (or CHATBOT_CORPUS)."
    )
    parser.add_argument(
        "--index",
        type=index or _place,
        metavar="FOLDER",
        help="folder of the index, or postgresql://…#name where it is published (or CHATBOT_INDEX).",
    )
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails.")
    return parser


def _place(text: str) -> Path | Address:
    return Address.parse(text) if is_address(text) else Path(text)


def folder(text: str) -> Path:
    """The folder that an argument names."""
    if is_address(text):
        raise argparse.ArgumentTypeError("a build writes a folder; --store names where to publish it")
    return Path(text)


def store(text: str) -> Address:
    """The address that an argument names; the message of an error does not repeat it."""
    if not is_address(text):
        raise argparse.ArgumentTypeError("takes the address of a database: postgresql://…#name")
    return Address.parse(text)


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


def add_build_options(build: Parser) -> None:
    """Options of what builds."""
    build.add_argument(
        "--full", action="store_true", default=False, help="re-export the model and re-encode every text."
    )
    build.add_argument(
        "--model", metavar="NAME", default=None, help="a sentence-transformers model: its name or folder."
    )
    build.add_argument("--tune", action="store_true", default=False, help="tune the model on the corpus (minutes).")
    build.add_argument(
        "--store", type=store, metavar="URL", default=None, help="publish it, too, in a database: postgresql://…#name."
    )
