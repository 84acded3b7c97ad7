"""Where a published index is: a database, and the name of the corpus in it, as in `postgresql://host/base#name`."""

import re
from dataclasses import dataclass, field

from chatbot.errors import StorageError

_SCHEMES = ("postgresql://", "postgres://")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DEFAULT_NAME = "flexibility"
_HOST = r"(?:[\w.-]*|\[[0-9a-fA-F:.]+\])(?::\d*)?"
# Whatever does not fit this is not repeated: a password that was not encoded could stand anywhere in it.
_SHOWN = re.compile(rf"postgres(?:ql)?://(?:[^@/?]*@)?({_HOST}(?:,{_HOST})*(?:/[\w.-]*)?)(?:\?[^@]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A database as libpq's connection string names it, which may hold a password, and the name of a corpus in it.

    As text it shows hosts, database and corpus, and nothing that may be a secret.
    """

    database: str = field(repr=False)
    corpus: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The address that a text gives; the corpus is `flexibility` unless it is named behind a `#`.

        Raises `StorageError` for a name that is none.
        """
        database, _, corpus = text.partition("#")
        corpus = corpus or _DEFAULT_NAME
        if not _NAME.fullmatch(corpus):
            raise StorageError("a corpus's name behind the # is small letters, digits and _, a letter first")
        return cls(database, corpus)

    def __str__(self) -> str:
        shown = _SHOWN.fullmatch(self.database)
        return f"postgresql://{shown[1] if shown else '…'}#{self.corpus}"


def is_address(text: str) -> bool:
    """Whether a text names a database rather than a folder."""
    return text.startswith(_SCHEMES)
