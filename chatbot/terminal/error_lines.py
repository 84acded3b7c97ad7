"""What went wrong, in one line for a person."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from chatbot import settings
from chatbot.errors import ChatbotError, CorpusError, IndexDamaged, IndexIncompatible, IndexMissing
from chatbot.text.cleaning import one_line

# The command for the next step that an error of the package names without knowing of any.
_COMMANDS: Mapping[type[Exception], str] = {
    IndexMissing: f"{settings.APP} build",
    IndexIncompatible: f"{settings.APP} build",
    IndexDamaged: f"{settings.APP} build --full",
}


def _of_another(corpus: str) -> str:
    """The option that names a corpus; none for the one that is looked at without it."""
    return f" --corpus {shlex.quote(corpus)}" if corpus and Path(corpus) != settings.corpus_path() else ""


def explanation(error: Exception) -> str:
    """An error of the package in its own words, with the command that it calls for, if any; any other by its kind,
    with the way to see where it happened."""
    if isinstance(error, ChatbotError):
        command = _COMMANDS.get(type(error))
        if isinstance(error, CorpusError) and len(error.problems) > 1:
            command = f"{settings.APP} check{_of_another(error.corpus)}"
        return one_line(f"{error}: `{command}`" if command else str(error))
    reason = one_line(f"{type(error).__name__}: {error}")
    return f"That failed unexpectedly ({reason}). `{settings.APP} --debug` shows where."
