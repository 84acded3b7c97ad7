"""Every error this package raises on purpose.

ChatbotError
├── QuestionError          the question cannot be read (empty, too long)
├── CorpusError            the corpus has problems; `.problems` lists all of them
├── IndexFolderError       the index cannot be used
│   ├── IndexMissing       there is no index in the folder
│   ├── IndexDamaged       a file is missing, cut or changed
│   ├── IndexIncompatible  written by another format, or for another encoder
│   └── IndexBusy          another build holds the folder
├── EncoderError           the model cannot be found, checked or exported
├── StorageError           a file or folder cannot be read or written
├── RoutineError           a routine cannot be changed as asked: no such movement, or number
├── StoreUnavailable       the database does not answer, or not in time
├── ServingError           the server cannot listen where it should
└── MissingExtra           a package that only some need is not installed

Catch `ChatbotError` to catch them all. A message says what is wrong, where, and the next step, in one line.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.records import Problem


class ChatbotError(Exception):
    """Base of all errors of this package."""


class QuestionError(ChatbotError):
    """A question that cannot be answered as it stands: empty, or too long."""


class CorpusError(ChatbotError):
    """The corpus cannot be used. `problems` holds every problem found, not only the first, and `corpus` where it lies,
    as text, where it was read."""

    def __init__(self, message: str, problems: Sequence["Problem"] = (), corpus: str = "") -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        self.corpus = corpus


class IndexFolderError(ChatbotError):
    """The index folder cannot be used."""


class IndexMissing(IndexFolderError):
    """There is no index in the folder."""


class IndexDamaged(IndexFolderError):
    """A file of the index is missing, cut, changed or contradicts the manifest."""


class IndexIncompatible(IndexFolderError):
    """The index has another format number, or belongs to another encoder."""


class IndexBusy(IndexFolderError):
    """Another build is writing this index."""


class EncoderError(ChatbotError):
    """The model's weights cannot be found, have another hash, or do not survive the export."""


class StorageError(ChatbotError):
    """A file or folder cannot be read or written: no permission, no space, not a folder."""


class RoutineError(ChatbotError):
    """A routine cannot be changed as asked: no such entry or number, no movement, or it is there already."""


class StoreUnavailable(ChatbotError):
    """The database that an index is published in does not answer, or not in time."""


class ServingError(ChatbotError):
    """The server cannot listen where it should."""


class MissingExtra(ChatbotError):
    """A package that only some need is not there; the message says how to install it."""
