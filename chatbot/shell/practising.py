"""Commands about what one keeps to practise: put on the list, shown, changed, counted down."""

import time

from chatbot import settings
from chatbot.practice.changes import adding, dropping, moving, ordering
from chatbot.practice.countdown import Countdown
from chatbot.practice.kept import Change, Routine, RoutineFile
from chatbot.practice.movements import Gone, Movement, movements
from chatbot.practice.stages import stages
from chatbot.shell.choices import Choice
from chatbot.shell.registry import Command
from chatbot.shell.replies import last_reply
from chatbot.shell.session import Shell
from chatbot.shell.tty import dumb
from chatbot.terminal.routine import NOTHING_KEPT, count_plainly, routine_text, warnings_text
from chatbot.terminal.streams import read_lines
from chatbot.text.cleaning import one_line

_OPENING = "/open "


def keep(shell: Shell, argument: str) -> None:
    """`/keep [NUMBER]`."""
    entry_id = _listed(shell, argument) if argument else _shown(shell)
    if entry_id is None:
        return
    file = _file()
    first = not file.read().kept
    kept = file.change(adding(shell.opened.bot.index, entry_id)).kept
    shell.screen.say(f"Kept as number {len(kept)} of your list: {kept[-1].title} /routine shows the list.")
    if first:
        shell.screen.say(
            f"It is kept on this computer only, in {settings.routine_path()}; `{settings.APP} forget` deletes it."
        )


def _shown(shell: Shell) -> str | None:
    """The id of the entry that the last reply shows; when it shows none, says so."""
    reply = last_reply(shell)
    if reply is None:
        return None
    if reply.id is None or reply.kind != "answer":
        shell.screen.say("This reply teaches no movement to practise, so nothing was kept.")
        return None
    return reply.id


def _listed(shell: Shell, argument: str) -> str | None:
    """The id of the entry at a number of the last list; when there is none, says so."""
    choice = shell.choices.get(int(argument)) if argument.isdecimal() else None
    if choice is None or not choice.line.startswith(_OPENING):
        shell.screen.say("Keep which? /keep keeps what is shown, /keep and a number what the last list has there.")
        return None
    return choice.line.removeprefix(_OPENING)


def routine(shell: Shell, argument: str) -> None:
    """`/routine [ACTION]`."""
    if argument == "order":
        _changed(shell, ordering(shell.opened.bot.index))
    elif argument == "start":
        _start(shell)
    elif argument:
        shell.screen.say("Type /routine to see your list, /routine start to practise it, /routine order to order it.")
    else:
        _show(shell, _file().read())


def _start(shell: Shell) -> None:
    kept = _file().read()
    bot = shell.opened.bot
    if not kept.kept:
        shell.screen.say(NOTHING_KEPT)
        return
    if shell.conversation.sign:
        shell.screen.say("A warning sign that you named comes first: practise once someone has looked at it.", "")
        return
    there = movements(bot.index, kept.kept)
    countdown, screen = Countdown(stages(there), time.monotonic), shell.screen
    warnings = warnings_text(there, bot.index.disclaimer, screen.width, screen.paint)
    if dumb():
        screen.write(warnings)
        count_plainly(countdown, there, screen.write, time.sleep, _wait_for_enter, screen.width)
        return
    from chatbot.shell.countdown import Practice

    if not Practice(countdown, there, screen, bot.drawing, warnings).run():
        screen.say("Stopped.")


def _wait_for_enter() -> None:
    next(read_lines(), "")


def drop(shell: Shell, argument: str) -> None:
    """`/drop NUMBER`."""
    if argument.isdecimal():
        _changed(shell, dropping(int(argument[:9])))
    else:
        shell.screen.say("Drop which? Type /drop and its number on your list; /routine shows them.")


def move(shell: Shell, argument: str) -> None:
    """`/move NUMBER TO`."""
    numbers = argument.split()
    if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
        _changed(shell, moving(*(int(number[:9]) for number in numbers)))
    else:
        shell.screen.say("Move which, and where to? Type /move and two numbers of your list; /routine shows them.")


def _changed(shell: Shell, change: Change) -> None:
    _show(shell, _file().change(change))


def _show(shell: Shell, kept: Routine) -> None:
    """The list; its entries can be chosen by number from now on."""
    if not kept.kept:
        shell.screen.say(NOTHING_KEPT)
        return
    there = movements(shell.opened.bot.index, kept.kept)
    shell.choices = {number: _choice(each) for number, each in enumerate(there, start=1) if isinstance(each, Movement)}
    shell.screen.show(lambda width: "\n" + routine_text(there, width, shell.screen.paint))


def _choice(movement: Movement | Gone) -> Choice:
    return Choice(one_line(movement.title), f"{_OPENING}{movement.id}")


def _file() -> RoutineFile:
    return RoutineFile(settings.routine_path())


COMMANDS = (
    Command(
        "/keep [NUMBER]",
        "Put what is shown, or a number of the last list, on your list to practise.",
        keep,
        (),
        ("keep this", "keep that"),
    ),
    Command(
        "/routine [ACTION]",
        "Show your list; start counts it down, order puts what is done standing first.",
        routine,
        (),
        ("my routine", "show my routine"),
    ),
    Command("/drop NUMBER", "Take a number off your list.", drop),
    Command("/move NUMBER TO", "Move a number of your list to another place.", move),
)
