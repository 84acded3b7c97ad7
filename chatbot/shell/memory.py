"""Commands about what the conversation knows of its person: to see it, and to have it forgotten."""

from chatbot.shell.registry import Command
from chatbot.shell.session import Shell

_NOTHING = "Nothing yet: I only keep what you tell me in this conversation."


def about(shell: Shell, _argument: str) -> None:
    """`/about`."""
    shell.screen.say("\n".join(shell.conversation.remembered or [_NOTHING]), "")


def forget(shell: Shell, _argument: str) -> None:
    """`/forget`."""
    shell.conversation.forget()
    shell.choices, shell.replies = {}, []
    kept = " The warning sign stays." if shell.conversation.sign else ""
    shell.screen.say(f"Forgotten: what was asked, shown and told in this conversation.{kept}")


COMMANDS = (
    Command("/about", "Show what this conversation knows of you.", about),
    Command("/forget", "Forget what was asked, shown and told in this conversation.", forget),
)
