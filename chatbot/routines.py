"""The command `routine`: the list of what is kept to practise, shown, changed, counted down, written for elsewhere."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from chatbot import settings
from chatbot.errors import StorageError
from chatbot.terminal import streams
from chatbot.terminal.options import Parser, places

if TYPE_CHECKING:
    from datetime import time as TimeOfDay  # noqa: N812 -- `time` is the module

    from chatbot.bot import Chatbot
    from chatbot.practice.kept import Change, Routine, RoutineFile
    from chatbot.practice.movements import Gone, Movement


def add_routine(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to those of the command line."""
    routine = commands.add_parser("routine", parents=[places()], help="show, start or print what you keep to practise.")
    routine.add_argument("--html", type=Path, metavar="FILE", help="write a sheet to print, with pictures.")
    routine.add_argument("--ics", type=Path, metavar="FILE", help="write it for a calendar; needs --days and --at.")
    routine.add_argument("--days", type=_days, metavar="DAYS", help="the days to practise on: mon,wed,fri.")
    routine.add_argument("--at", type=_time, metavar="TIME", help="when to begin: 18:00.")
    routine.set_defaults(command=_show, wrong_usage=routine.error)
    actions = routine.add_subparsers(metavar="ACTION")
    actions.add_parser("start", help="count it down.").set_defaults(command=_start)
    actions.add_parser("order", help="from standing down to the floor, what moves first.").set_defaults(command=_order)
    actions.add_parser("clear", help="take all off the list.").set_defaults(command=_clear)
    add = actions.add_parser("add", help="put an entry on the list.")
    add.add_argument("id", metavar="ID", help="the id of an entry.")
    add.set_defaults(command=_add)
    drop = actions.add_parser("drop", help="take a number off the list.")
    drop.add_argument("number", type=int, metavar="N")
    drop.set_defaults(command=_drop)
    move = actions.add_parser("move", help="move a number to another place.")
    move.add_argument("number", type=int, metavar="N")
    move.add_argument("to", type=int, metavar="M")
    move.set_defaults(command=_move)


def _days(text: str) -> list[str]:
    from chatbot.practice.calendar import DAYS

    days = [day.strip().casefold()[:3] for day in text.split(",")]
    if not all(day in DAYS for day in days):
        raise argparse.ArgumentTypeError(f"{text!r} are no days; write them as {','.join(DAYS[:3])}")
    return days


def _time(text: str) -> "TimeOfDay":
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of a day; write it as 18:00") from error


def _file() -> "RoutineFile":
    from chatbot.practice.kept import RoutineFile

    return RoutineFile(settings.routine_path())


def _show(options: argparse.Namespace) -> int:
    if options.ics and not (options.days and options.at):
        options.wrong_usage("--ics needs --days and --at: --days mon,wed,fri --at 18:00")
    if (options.days or options.at) and not options.ics:
        options.wrong_usage("--days and --at go with --ics FILE")
    kept = _file().read()
    if not kept.kept:
        if options.html or options.ics:
            raise StorageError(f"nothing was written. {_nothing_kept()}")
        return _nothing()
    bot = _open(options)
    if options.html or options.ics:
        return _export(options, bot, kept)
    _list(bot, kept)
    return 0


def _export(options: argparse.Namespace, bot: "Chatbot", kept: "Routine") -> int:
    from chatbot.practice.calendar import calendar
    from chatbot.practice.movements import Gone
    from chatbot.practice.sheet import sheet
    from chatbot.practice.words import GONE

    routine = _movements(bot, kept)
    if options.html:
        _save(options.html, sheet(routine, bot.index.disclaimer, bot.drawing).encode())
    if options.ics:
        now = datetime.now().astimezone()
        _save(options.ics, calendar(routine, options.days, options.at, now, kept.calendar, bot.index.disclaimer))
        for each in routine:
            if isinstance(each, Gone):
                streams.note(f"The calendar leaves out “{each.title}”. {GONE}")
    return 0


def _save(path: Path, content: bytes) -> None:
    if str(path) == "-":
        raise StorageError("cannot write to standard output; name a file")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StorageError(f"cannot write {path} ({error.strerror}); name another file") from error
    streams.write(f"Wrote {path}.\n")


def _start(options: argparse.Namespace) -> int:
    kept = _file().read()
    if not kept.kept:
        return _nothing()
    bot = _open(options)
    practise(bot, _movements(bot, kept), time.monotonic)
    return 0


def practise(bot: "Chatbot", routine: "Sequence[Movement | Gone]", clock: Callable[[], float]) -> None:
    """Count a routine down by a clock: with keys in a terminal, in plain lines elsewhere."""
    from chatbot.practice.countdown import Countdown
    from chatbot.practice.stages import stages
    from chatbot.shell.tty import dumb
    from chatbot.terminal.routine import count_plainly, warnings_text

    in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    countdown = Countdown(stages(routine), clock, alone=not in_terminal)
    if in_terminal and not dumb():
        from chatbot.shell.countdown import practise_alone

        practise_alone(countdown, routine, bot)
        return
    streams.write(warnings_text(routine, bot.index.disclaimer, _width()))
    count_plainly(countdown, routine, _tell, time.sleep, _wait_for_enter, _width())


def _wait_for_enter() -> None:
    next(streams.read_lines(), "")


def _tell(text: str) -> None:
    """Write what has to be seen at once."""
    streams.write(text)
    streams.flush()


def _add(options: argparse.Namespace) -> int:
    from chatbot.practice.changes import adding

    bot = _open(options)
    _list(bot, _file().change(adding(bot.index, options.id)))
    return 0


def _drop(options: argparse.Namespace) -> int:
    from chatbot.practice.changes import dropping

    return _changed(options, dropping(options.number))


def _move(options: argparse.Namespace) -> int:
    from chatbot.practice.changes import moving

    return _changed(options, moving(options.number, options.to))


def _order(options: argparse.Namespace) -> int:
    from chatbot.practice.changes import ordering

    bot = _open(options)
    _list(bot, _file().change(ordering(bot.index)))
    return 0


def _clear(_options: argparse.Namespace) -> int:
    _file().change(lambda _kept: ())
    streams.write("Your list is empty.\n")
    return 0


def _changed(options: argparse.Namespace, change: "Change") -> int:
    kept = _file().change(change)
    if not kept.kept:
        streams.write("Your list is empty.\n")
    else:
        _list(_open(options), kept)
    return 0


def _list(bot: "Chatbot", kept: "Routine") -> None:
    from chatbot.terminal.routine import routine_text

    streams.write(routine_text(_movements(bot, kept), _width()))


def _movements(bot: "Chatbot", kept: "Routine") -> "list[Movement | Gone]":
    from chatbot.practice.movements import movements

    return movements(bot.index, kept.kept)


def _nothing() -> int:
    streams.write(f"{_nothing_kept()}\n")
    return 0


def _nothing_kept() -> str:
    from chatbot.terminal.routine import NOTHING_KEPT

    return NOTHING_KEPT


def _width() -> int:
    return get_terminal_size().columns if sys.stdout.isatty() else 80


def _open(options: argparse.Namespace) -> "Chatbot":
    from chatbot.index.location import locate
    from chatbot.terminal.opening import open_chatbot

    return open_chatbot(locate(options.corpus, options.index), streams.note)
