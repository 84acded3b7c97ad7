"""What went wrong, in one line for a person."""

from collections.abc import Mapping

from chatbot import settings
from chatbot.errors import ChatbotError, CorpusError, IndexDamaged, IndexIncompatible, IndexMissing
from chatbot.text.cleaning import one_line

# The command for the next step that an error of the package names without knowing of any.
_COMMANDS: Mapping[type[Exception], str] = {
    IndexMissing: f"{settings.APP} build",
    IndexIncompatible: f"{settings.APP} build",
    IndexDamaged: f"{settings.APP} build --full",
}


def explanation(error: Exception) -> str:
    """An error of the package in its own words, with the command that it calls for, if any; any other by its kind,
    with the way to see where it happened."""
    if isinstance(error, ChatbotError):
        command = _COMMANDS.get(type(error))
        if isinstance(error, CorpusError) and len(error.problems) > 1:
            command = f"{settings.APP} check"
        return one_line(f"{error}: `{command}`" if command else str(error))
    reason = one_line(f"{type(error).__name__}: {error}")
    return f"That failed unexpectedly ({reason}). `{settings.APP} --debug` shows where."
