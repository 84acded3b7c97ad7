"""Commands about the last reply: its other views, its sources and its reasons, and the way back."""

from chatbot.answering.reply import Reply
from chatbot.shell.registry import Command
from chatbot.shell.session import Shell
from chatbot.terminal.render import more_text, sources_text

NOTHING_YET = "Nothing was asked yet."


def last_reply(shell: Shell) -> Reply | None:
    """The newest reply; when there is none, says so."""
    if shell.last is None:
        shell.screen.say(NOTHING_YET)
    return shell.last


def more(shell: Shell, _argument: str) -> None:
    """`/more`."""
    reply = last_reply(shell)
    if reply is None:
        return

    def lay_out(width: int) -> str:
        return more_text(reply, width, shell.screen.paint).rstrip("\n")

    if lay_out(shell.screen.width):
        shell.screen.show(lambda width: f"\n{lay_out(width)}\n")
    else:
        shell.screen.say("There is no more to it.")


def sources(shell: Shell, _argument: str) -> None:
    """`/sources`."""
    reply = last_reply(shell)
    if reply:
        shell.screen.show(lambda width: "\n" + sources_text(reply, width))


def why(shell: Shell, _argument: str) -> None:
    """`/why`."""
    reply = last_reply(shell)
    if reply:
        shell.screen.page(reply.explain())


def back(shell: Shell, _argument: str) -> None:
    """`/back`."""
    if not shell.back():
        shell.screen.say("There is no reply before this one.")


def again(shell: Shell, _argument: str) -> None:
    """`/again`."""
    reply = last_reply(shell)
    if reply:
        shell.show(reply)


COMMANDS = (
    Command(
        "/more", "Show the other views and the other related questions of the last reply.", more, ("m",), ("more",)
    ),
    Command("/sources", "List what the last reply cites.", sources, ("s",), ("sources",)),
    Command("/why", "Tell why the last reply was chosen and how sure it is.", why, ("w",)),
    Command("/back", "Return to the reply before the last.", back, ("b",)),
    Command("/again", "Show the last reply again.", again),
)
