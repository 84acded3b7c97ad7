"""What went wrong, in one line for a person."""

from chatbot import settings
from chatbot.errors import ChatbotError
from chatbot.text.cleaning import one_line


def explanation(error: Exception) -> str:
    """An error of the package in its own words; any other by its kind, with the way to see where it happened."""
    if isinstance(error, ChatbotError):
        return one_line(str(error))
    reason = one_line(f"{type(error).__name__}: {error}")
    return f"That failed unexpectedly ({reason}). `{settings.APP} --debug` shows where."
