"""The command line: arguments in, exit status out. The library raises; here errors become one line."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from chatbot import __version__, settings
from chatbot.errors import ChatbotError, CorpusError, IndexBusy, IndexFolderError

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.reply import Reply

OK, UNANSWERED, ERROR, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: see `--help`."""
    options = _parser().parse_args(arguments)
    _tolerate_any_text()
    try:
        status: int = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has enough; Python must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except ChatbotError as error:
        if options.debug:
            raise
        print(f"{settings.APP}: {_line(str(error))}", file=sys.stderr)
        return ERROR
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=settings.APP,
        parents=[_places(), _forms()],
        description="Ask about flexibility. Without a command: an interactive shell, or one question a line from a pipe.",
        epilog="Exit status: 0 answered, 1 no answer or a clarification, 2 an error, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"{settings.APP} {__version__}")
    parser.set_defaults(command=_interact, corpus=None, index=None, debug=False, json=False, markdown=False, color="auto")
    commands = parser.add_subparsers(metavar="COMMAND")

    ask = commands.add_parser("ask", parents=[_places(), _forms()], help="answer one question.")
    ask.add_argument("question", nargs="+", help="the question, in your own words.")
    ask.set_defaults(command=_ask)

    build = commands.add_parser("build", parents=[_places()], help="bring the index up to date with the corpus.")
    build.add_argument("--full", action="store_true", default=False, help="bring the model in and encode everything again.")
    build.add_argument("--model", metavar="NAME", default=None, help="a sentence-transformers model: its name or folder.")
    build.set_defaults(command=_build)

    check = commands.add_parser("check", parents=[_places()], help="list every problem in the corpus.")
    check.set_defaults(command=_check)
    return parser


def _places() -> argparse.ArgumentParser:
    """Options of every command; without defaults, so that they may stand before a command or after it."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, metavar="PATH", help="folder of entries or .jsonl file (or CHATBOT_CORPUS).")
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="folder of the index (or CHATBOT_INDEX).")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails.")
    return parser


def _forms() -> argparse.ArgumentParser:
    """Options of what replies with text; without defaults, as those of `_places`."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="replies as JSON, an object a line.")
    form.add_argument("--markdown", action="store_true", help="replies as Markdown.")
    parser.add_argument("--color", choices=("auto", "always", "never"), help="colour in replies.")
    return parser


def _ask(options: argparse.Namespace) -> int:
    bot = _open(options)
    reply = bot.ask(" ".join(options.question))
    _show(reply, options, sys.stdout)
    return _status(reply)


def _interact(options: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        from chatbot.shell import run

        return run(lambda: _open(options), options.color)
    return _answer_lines(options)


def _answer_lines(options: argparse.Namespace) -> int:
    """One question a line from standard input, one reply each, in order. A bad line does not stop the rest."""
    bot = _open(options)
    worst = OK
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            reply = bot.ask(line)
        except ChatbotError as error:
            worst = ERROR
            if options.json:
                print(json.dumps({"schema": 1, "query": line.strip()[:200], "error": _line(str(error))}, ensure_ascii=False))
            else:
                print(f"{settings.APP}: {_line(str(error))}", file=sys.stderr)
            continue
        _show(reply, options, sys.stdout)
        worst = max(worst, _status(reply))
        sys.stdout.flush()
    return worst


def _build(options: argparse.Namespace) -> int:
    from chatbot.build import build
    from chatbot.progress import Bar

    with Bar() as bar:
        report = build(_corpus(options), _index(options), model=options.model, full=options.full, progress=bar)
    print(report)
    return OK


def _check(options: argparse.Namespace) -> int:
    from chatbot.corpus import read_corpus

    corpus = read_corpus(_corpus(options))
    for problem in corpus.problems:
        print(problem)
    errors = len(corpus.errors)
    warnings = len(corpus.problems) - errors
    print(f"{len(corpus.entries)} entries, {errors} errors, {warnings} warnings")
    return ERROR if errors else UNANSWERED if warnings else OK


def _open(options: argparse.Namespace) -> "Chatbot":
    """The chatbot, with its index built or brought up to date first where that is needed and possible."""
    from chatbot.bot import Chatbot

    index, corpus = _index(options), _corpus(options)
    try:
        bot = Chatbot.load(index)
    except IndexFolderError:
        if not corpus.exists():
            raise
        return _rebuilt(corpus, index)
    if options.corpus and not bot.index.built_from(corpus):
        return _rebuilt(corpus, index)
    if not bot.index.stale:
        return bot
    try:
        return _rebuilt(corpus, index)
    except CorpusError as error:
        _note(f"the corpus has problems, so the old index answers: {error}")
    except IndexBusy:
        _note("another build is running, so the old index answers")
    return bot


def _rebuilt(corpus: Path, index: Path) -> "Chatbot":
    from chatbot.bot import Chatbot
    from chatbot.progress import Bar

    with Bar() as bar:
        return Chatbot.build(corpus, index, progress=bar)


def _show(reply: "Reply", options: argparse.Namespace, out: TextIO) -> None:
    if options.json:
        out.write(reply.to_json() + "\n")
    elif options.markdown:
        out.write(reply.to_markdown() + "\n")
    else:
        from chatbot.render import coloured, to_text, uncoloured

        width = os.get_terminal_size(out.fileno()).columns if out.isatty() else 80
        out.write(to_text(reply, width, coloured if _colour(options.color, out) else uncoloured) + "\n")


def _colour(choice: str, out: TextIO) -> bool:
    if choice != "auto":
        return choice == "always"
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _status(reply: "Reply") -> int:
    return UNANSWERED if reply.kind in ("clarify", "no-answer") else OK


def _corpus(options: argparse.Namespace) -> Path:
    chosen: Path | None = options.corpus
    return chosen or settings.corpus_path()


def _index(options: argparse.Namespace) -> Path:
    chosen: Path | None = options.index
    return chosen or settings.index_path()


def _note(message: str) -> None:
    print(f"{settings.APP}: {_line(message)}", file=sys.stderr)


def _line(message: str) -> str:
    from chatbot.text import one_line

    return one_line(message)


def _tolerate_any_text() -> None:
    """Undecodable input and unprintable output become replacement characters rather than tracebacks."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def entry_point() -> NoReturn:
    """The `flexbot` command."""
    sys.exit(main())
