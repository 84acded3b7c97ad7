"""The commands that open a door for others: a server and an agent's tool, which need an extra (`serve`), and a page."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatbot.errors import MissingExtra
from chatbot.serving.options import HOST, PORT, ServerOptions
from chatbot.terminal import streams
from chatbot.terminal.options import Parser, places

if TYPE_CHECKING:
    from chatbot.index.location import Location

_NEEDS_SERVE = "serving needs some more packages: pip install 'flexibility-chatbot[serve]'"


def add_doors(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the commands to those of the command line."""
    serve = commands.add_parser("serve", parents=[places()], help="answer in a web page, over HTTP and to agents.")
    serve.add_argument("--host", default=HOST, help=f"the address to listen at; {HOST} is this machine only.")
    serve.add_argument("--port", type=int, default=PORT, help="the port to listen at; 0 takes a free one.")
    serve.add_argument("--workers", type=int, default=1, metavar="N", help="the number of processes that answer.")
    serve.add_argument(
        "--origin", action="append", default=[], metavar="URL", help="a web site whose pages may ask; repeatable."
    )
    serve.add_argument("--log-questions", action="store_true", help="write what is asked into the access log.")
    serve.set_defaults(command=_serve, wrong_usage=serve.error)

    mcp = commands.add_parser("mcp", parents=[places()], help="be an agent's tool, by standard input and output (MCP).")
    mcp.set_defaults(command=_mcp)

    export = commands.add_parser("export", parents=[places()], help="write one web page that works without a server.")
    export.add_argument(
        "path", type=_file_to_write, metavar="PAGE", help="the file to write, or to write anew: page.html."
    )
    export.add_argument("--figures", dest="with_figures", action="store_true", help="put the pictures into it, too.")
    export.set_defaults(command=_export)


def _file_to_write(text: str) -> Path:
    if text in ("", "-"):
        raise argparse.ArgumentTypeError(f"{text!r} names no file; write page.html")
    return Path(text)


def _serve(options: argparse.Namespace) -> int:
    for origin in options.origin:
        if not _is_origin(origin):
            options.wrong_usage(f"--origin must be a web site such as https://flex.example, or *, not {origin!r}")
    if options.workers < 1:
        options.wrong_usage(f"--workers must be 1 or more, not {options.workers}")
    try:
        from chatbot.serving.server import serve
    except ModuleNotFoundError as error:
        raise MissingExtra(_NEEDS_SERVE) from error
    place = _ready(options)
    serve(
        ServerOptions(
            corpus=place.corpus if place.chosen else None,
            index=place.index,
            host=options.host,
            port=options.port,
            workers=options.workers,
            origins=tuple(options.origin),
            log_questions=options.log_questions,
        )
    )
    return 0


def _is_origin(text: str) -> bool:
    """Whether browsers may send this as the origin of a page: scheme, host and port in small letters, and no more."""
    try:
        parts = urlsplit(text)
        there = bool(parts.hostname) and parts.port != 0
    except ValueError:  # an address or a port that is none
        return False
    host = parts.netloc.lower()
    web = parts.scheme in ("http", "https") and "@" not in host
    return text == "*" or (there and web and text == f"{parts.scheme}://{host}")


def _mcp(options: argparse.Namespace) -> int:
    try:
        from chatbot.serving.agent.stdio import serve_agent
    except ModuleNotFoundError as error:
        raise MissingExtra(_NEEDS_SERVE) from error
    place = _ready(options)
    serve_agent(ServerOptions(corpus=place.corpus if place.chosen else None, index=place.index))
    return 0


def _export(options: argparse.Namespace) -> int:
    from chatbot.exporting.export import export
    from chatbot.files import check_target
    from chatbot.index.location import locate
    from chatbot.terminal.opening import open_chatbot
    from chatbot.terminal.progress import Bar

    check_target(options.path)  # before an index is built, perhaps
    bot = open_chatbot(locate(options.corpus, options.index), streams.note)
    with Bar() as bar:
        report = export(bot, options.path, figures=options.with_figures, progress=bar)
    streams.write(f"{report}\n")
    return 0


def _ready(options: argparse.Namespace) -> "Location":
    """Where corpus and index lie, the index built, or brought up to date, where that is needed."""
    from chatbot.index.location import locate
    from chatbot.terminal.opening import open_chatbot

    place = locate(options.corpus, options.index)
    open_chatbot(place, streams.note)
    return place
