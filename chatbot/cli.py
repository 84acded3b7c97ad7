"""The command line: arguments in, exit status out. The library raises; here errors become one line."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NoReturn

from chatbot import __version__, settings
from chatbot.addresses import Address
from chatbot.doors import add_doors
from chatbot.errors import ChatbotError
from chatbot.routines import add_routine
from chatbot.terminal import streams
from chatbot.terminal.error_lines import explanation
from chatbot.terminal.options import Parser, add_build_options, folder, forms, places
from chatbot.terminal.shell_commands import refuse_command
from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.answering.reply import Reply
    from chatbot.bot import Chatbot
    from chatbot.index.location import Location
    from chatbot.records import StageProgress

OK, UNANSWERED, ERROR, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: see `--help`."""
    streams.prepare()
    options = argparse.Namespace(debug=False)
    try:
        status = _run(arguments, options)
        streams.flush()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        status = OK  # whoever read the output has enough
    except Exception as error:
        if options.debug:
            raise
        streams.note(explanation(error))
        status = ERROR
    finally:
        streams.settle()
    return status


def _run(arguments: Sequence[str] | None, options: argparse.Namespace) -> int:
    parser = _parser()
    try:
        parser.parse_args(_with_command(sys.argv[1:] if arguments is None else arguments, parser), options)
        status: int = options.command(options)
    except SystemExit as leaving:  # help, the version, or what is wrong with the arguments: argparse has written it
        return int(leaving.code or OK)
    return status


def _with_command(arguments: Sequence[str], parser: Parser) -> Sequence[str]:
    """The arguments, with `ask` before them where a question stands in a command's place.

    A single word there is a mistyped command, unless it has characters that no command has.
    """
    only_words = Parser(add_help=False, exit_on_error=False, parents=[places(), forms()])
    only_words.add_argument("words", nargs="*")
    try:
        words = only_words.parse_known_args(arguments)[0].words
    except argparse.ArgumentError:
        return arguments  # the parser tells what is wrong
    if not words or words[0] in parser.get_default("commands"):
        return arguments
    if len(words) == 1 and re.fullmatch("[a-z-]+", words[0]):
        parser.error(f"no command is called {words[0]!r}; to ask it, type {settings.APP} ask {words[0]}")
    return ["ask", *arguments]


def _parser() -> Parser:
    parser = Parser(
        prog=settings.APP,
        parents=[places(), forms()],
        description="Ask reviewed answers. Without a command: a shell, or one question per line from a pipe.",
        epilog="Exit status: 0 answered, 1 no answer or a clarification, 2 an error, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"{settings.APP} {__version__}")
    parser.add_argument("--vi", action="store_true", help="the shell with the keys of vi.")
    parser.add_argument("--no-toolbar", dest="toolbar", action="store_false", help="hide the toolbar.")
    parser.set_defaults(
        command=_interact, corpus=None, index=None, debug=False, json=False, markdown=False, color="auto", figures=True
    )
    commands = parser.add_subparsers(metavar="COMMAND")

    ask = commands.add_parser(
        "ask", parents=[places(), forms()], help="answer one question; the word ask may be left out."
    )
    ask.add_argument("question", nargs="*", help="the question, in your own words; - reads it from standard input.")
    ask.set_defaults(command=_ask, wrong_usage=ask.error)

    build = commands.add_parser("build", parents=[places(folder)], help="bring the index up to date with the corpus.")
    add_build_options(build)
    build.set_defaults(command=_build)
    add_doors(commands)
    add_routine(commands)

    feedback = commands.add_parser("feedback", parents=[places()], help="summarise the feedback on replies.")
    feedback.set_defaults(command=_feedback)

    forget = commands.add_parser("forget", help="delete the shell's history, feedback and routine.")
    forget.set_defaults(command=_forget)

    check = commands.add_parser(
        "check", parents=[places(folder)], help="list every problem in the corpus, and what it holds."
    )
    check.set_defaults(command=_check)
    parser.set_defaults(commands=frozenset(commands.choices))
    return parser


def _ask(options: argparse.Namespace) -> int:
    if not options.question:
        options.wrong_usage(f'no question; type {settings.APP} ask "…", or {settings.APP} alone for the shell')
    question = streams.read() if options.question == ["-"] else " ".join(options.question)
    refuse_command(question)
    bot = _open(options)
    reply = bot.ask(question)
    _show(reply, options)
    if options.figures and reply.figures and not (options.json or options.markdown) and sys.stdout.isatty():
        _draw(bot.drawing(reply.figures[0].id), options)
    return _status(reply)


def _interact(options: argparse.Namespace) -> int:
    if options.json or options.markdown or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _answer_lines(options)
    from chatbot.shell import run

    def open_bot(progress: "StageProgress", note: Callable[[str], None]) -> "Chatbot":
        return _open(options, note, progress)

    wanted = {name: getattr(options, name) for name in ("vi", "toolbar", "figures", "debug")}
    index = options.index or (None if options.corpus else settings.chosen_index())
    return run(open_bot, options.color, database=str(index) if isinstance(index, Address) else "", **wanted)


def _answer_lines(options: argparse.Namespace) -> int:
    """One question a line from standard input, one reply each, in order. A bad line does not stop the rest."""
    from chatbot.answering.reply_parts import SCHEMA
    from chatbot.terminal.progress import counted

    bot = _open(options)
    worst = OK
    for line in counted(streams.read_lines(), "Answering"):
        if not line.strip():
            continue
        try:
            refuse_command(line)
            reply = bot.ask(line.rstrip("\r\n"))
        except ChatbotError as error:
            worst = ERROR
            if options.json:
                query, reason = one_line(line[:1000])[:200], one_line(str(error))
                failed = {"schema": SCHEMA, "query": query, "error": reason}
                streams.write(json.dumps(failed, ensure_ascii=False) + "\n")
            else:
                streams.note(str(error))
            continue
        _show(reply, options)
        worst = max(worst, _status(reply))
        streams.flush()
    return worst


def _build(options: argparse.Namespace) -> int:
    from chatbot.building.build import build
    from chatbot.index.store import lost_model
    from chatbot.terminal.progress import Bar

    with Bar() as bar:
        place = _place(options)
        lost = "" if options.model else lost_model(place.folder)
        report = build(
            place.corpus, place.folder, model=options.model, full=options.full, tune=options.tune, progress=bar
        )
    if lost:
        streams.note(lost)
    streams.write(f"{report}\n")
    if options.store:
        from chatbot.postgres.publishing import publish

        with Bar() as bar:
            published = publish(place.folder, options.store, progress=bar)
        streams.write(f"{published}\n")
    return OK


def _check(options: argparse.Namespace) -> int:
    from datetime import date

    from chatbot.checking.check import check
    from chatbot.checking.summary import counted, overview
    from chatbot.terminal.progress import Bar

    with Bar() as bar:
        place = _place(options)
        report = check(place.corpus, place.folder, date.today(), progress=bar)
    # The problems come last, where a small screen still shows them.
    streams.write(f"{overview(report.corpus)}\n\n")
    for problem in report.problems:
        streams.write(f"{problem}\n")
    if not report.compared:
        streams.write("Questions were not compared: that needs an index, and the corpus has errors.\n")
    streams.write(f"{counted(report.errors, report.warnings)}\n")
    return ERROR if report.errors else UNANSWERED if report.warnings else OK


def _feedback(options: argparse.Namespace) -> int:
    from chatbot.terminal import feedback, feedback_report
    from chatbot.text.cleaning import strip_control

    given, unreadable = feedback.read(settings.feedback_path())
    if unreadable:
        streams.note(f"{unreadable} lines of {settings.feedback_path()} cannot be read and are left out")
    if given:
        streams.write(strip_control(feedback_report.report(_open(options), given)))
    else:
        streams.write("No feedback yet. In the shell, /good and /bad give it.\n")
    return OK


def _forget(_options: argparse.Namespace) -> int:
    from chatbot.practice.kept import RoutineFile
    from chatbot.terminal.feedback import forget

    history, routine = settings.history_path(), RoutineFile(settings.routine_path())
    # A shell that died while it shortened its history left the shorter one beside it.
    for line in forget((history, history.with_name(history.name + ".new"), settings.feedback_path(), *routine.files)):
        streams.write(f"{one_line(line)}\n")
    return OK


def _open(
    options: argparse.Namespace,
    note: "Callable[[str], None]" = streams.note,
    progress: "StageProgress | None" = None,
) -> "Chatbot":
    from chatbot.terminal.opening import open_chatbot

    return open_chatbot(_place(options), note, progress)


def _place(options: argparse.Namespace) -> "Location":
    from chatbot.index.location import locate

    return locate(options.corpus, options.index)


def _show(reply: "Reply", options: argparse.Namespace) -> None:
    if options.json:
        text = reply.to_json()
    elif options.markdown:
        text = reply.to_markdown()
    else:
        from chatbot.terminal.render import coloured, to_text, uncoloured

        width = get_terminal_size().columns if sys.stdout.isatty() else 80
        text = to_text(reply, width, coloured if _colour(options.color) else uncoloured)
    streams.write(text + "\n")


def _draw(svg: str, options: argparse.Namespace) -> None:
    """Draw a picture where the terminal shows pixels."""
    from chatbot.terminal.graphics import IMAGES, graphics

    kind = graphics(_colour(options.color))
    if kind in IMAGES:
        from chatbot.terminal.pictures import painted

        columns, rows = get_terminal_size()
        streams.write(painted(svg, kind, columns, rows - 2).text)


def _colour(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _status(reply: "Reply") -> int:
    return UNANSWERED if reply.kind in ("clarify", "no-answer") else OK


def entry_point() -> NoReturn:
    """The `flexbot` command."""
    sys.exit(main())
