"""The shell's commands where there is no shell."""

import re

from chatbot import settings
from chatbot.errors import QuestionError

_COMMAND = re.compile(r"\s*(/[a-zA-Z?]+)(?:\s|$)")


def refuse_command(question: str) -> None:
    """Raise `QuestionError` for what would be a command in the shell, as it asks nothing."""
    if command := _COMMAND.match(question):
        raise QuestionError(f"{command[1]} is a command, and works only in the shell: type {settings.APP} alone")
