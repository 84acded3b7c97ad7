"""The command that shows the movement of the last reply."""

from chatbot.records import Figure
from chatbot.shell.registry import Command
from chatbot.shell.replies import last_reply
from chatbot.shell.session import Shell
from chatbot.shell.tty import dumb
from chatbot.terminal.graphics import can_draw
from chatbot.terminal.pixels import MISSING
from chatbot.terminal.render import PICTURE, plain_text
from chatbot.text.cleaning import one_line

NO_FIGURE = "There is no picture to this reply."
_AROUND = 8  # rows for its title and words, the prompt and the toolbar


def show(shell: Shell, argument: str) -> None:
    """`/show [NUMBER]`."""
    reply = last_reply(shell)
    if reply is None:
        return
    if not reply.figures:
        shell.screen.say(NO_FIGURE)
        return
    numbers = [str(number) for number in range(1, len(reply.figures) + 1)]
    if argument and argument not in numbers:
        there_are = f"are {len(numbers)} pictures" if len(numbers) > 1 else "is one picture"
        shell.screen.say(f"There {there_are} to this reply, and no {one_line(argument)}: /show or /show {numbers[-1]}.")
        return
    number = int(argument or 1)
    _show(shell, reply.figures[number - 1])
    if number < len(reply.figures):
        shell.screen.say(f"Picture {number} of {len(reply.figures)}; the next is /show {number + 1}.")


def _show(shell: Shell, figure: Figure) -> None:
    """A picture with its words; where it cannot be drawn, the words alone."""
    screen = shell.screen

    def words(width: int, picture: str = "") -> str:
        title = plain_text(figure.title, width, screen.paint, "strong")
        return f"\n{title}{picture}{plain_text(figure.alt, width, screen.paint, 'quiet')}"

    if screen.graphics == "nothing":
        screen.show(words)
        if not (dumb() or can_draw()):
            screen.say(MISSING)
        return
    svg, rows = shell.opened.bot.drawing(figure.id), screen.size()[1] - _AROUND
    if screen.graphics == "dots":
        screen.show(lambda width: words(width, screen.picture(svg, rows).text))
    else:
        screen.show(lambda width: words(width, f"{PICTURE}\n"), screen.picture(svg, rows))


COMMANDS = (Command("/show [NUMBER]", "Show the movement as a picture.", show, ("picture",), ("show me",)),)
