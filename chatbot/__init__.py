"""A retrieval chatbot over a corpus of answers about flexibility.

    from chatbot import Chatbot

    bot = Chatbot.load()
    print(bot.ask("what can i do about a stiff lower back"))

Importing this package imports neither torch nor faiss nor prompt-toolkit; names are loaded when they are used.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from chatbot.answering.conversation import Conversation
    from chatbot.answering.reply import Reply
    from chatbot.bot import Chatbot
    from chatbot.encoding.encoder import Encoder
    from chatbot.errors import (
        ChatbotError,
        CorpusError,
        EncoderError,
        IndexBusy,
        IndexDamaged,
        IndexFolderError,
        IndexIncompatible,
        IndexMissing,
        MissingExtra,
        QuestionError,
        RoutineError,
        ServingError,
        StorageError,
        StoreUnavailable,
    )
    from chatbot.records import Answer, Entry, Figure, Match, Problem, RelatedQuestion, Source

_HOMES = {
    "Answer": "records",
    "Chatbot": "bot",
    "ChatbotError": "errors",
    "Conversation": "answering.conversation",
    "CorpusError": "errors",
    "Encoder": "encoding.encoder",
    "EncoderError": "errors",
    "Entry": "records",
    "Figure": "records",
    "IndexBusy": "errors",
    "IndexDamaged": "errors",
    "IndexFolderError": "errors",
    "IndexIncompatible": "errors",
    "IndexMissing": "errors",
    "Match": "records",
    "MissingExtra": "errors",
    "Problem": "records",
    "QuestionError": "errors",
    "RelatedQuestion": "records",
    "Reply": "answering.reply",
    "RoutineError": "errors",
    "ServingError": "errors",
    "Source": "records",
    "StorageError": "errors",
    "StoreUnavailable": "errors",
}

__all__ = [
    "Answer",
    "Chatbot",
    "ChatbotError",
    "Conversation",
    "CorpusError",
    "Encoder",
    "EncoderError",
    "Entry",
    "Figure",
    "IndexBusy",
    "IndexDamaged",
    "IndexFolderError",
    "IndexIncompatible",
    "IndexMissing",
    "Match",
    "MissingExtra",
    "Problem",
    "QuestionError",
    "RelatedQuestion",
    "Reply",
    "RoutineError",
    "ServingError",
    "Source",
    "StorageError",
    "StoreUnavailable",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
