"""The command that shows the movement of the last reply."""

from chatbot.records import Figure
from chatbot.shell.registry import Command
from chatbot.shell.replies import last_reply
from chatbot.shell.session import Shell
from chatbot.terminal.pictures import can_show, painted
from chatbot.terminal.render import plain_text, uncoloured

NO_FIGURE = "There is no picture to this reply."


def show(shell: Shell, argument: str) -> None:
    """`/show [NUMBER]`."""
    reply = last_reply(shell)
    if reply is None:
        return
    if not reply.figures:
        shell.screen.say(NO_FIGURE)
        return
    number = int(argument) if argument.isdecimal() else 1
    if not 1 <= number <= len(reply.figures):
        shell.screen.say(f"Choose a picture from 1 to {len(reply.figures)}.")
        return
    _show(shell, reply.figures[number - 1])
    if number < len(reply.figures):
        shell.screen.say(f"Picture {number} of {len(reply.figures)}; the next is /show {number + 1}.")


def _show(shell: Shell, figure: Figure) -> None:
    """A picture with its words; where it cannot be drawn, the words alone."""
    screen = shell.screen
    screen.write("\n" + plain_text(figure.title, screen.width, screen.paint, "strong"))
    if can_show() and screen.paint is not uncoloured:
        screen.write(painted(shell.loader.get().bot.drawing(figure.id), screen.width))
    screen.say(figure.alt)


COMMANDS = (Command("/show [NUMBER]", "Show the movement as a picture.", show, ("picture",), ("show me",)),)
