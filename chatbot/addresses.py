"""Where a published index is: a database, and the name of the corpus in it, as in `postgresql://host/base#name`.

Several such databases with blanks between them are one address: each holds a part of the points.
"""

import re
from dataclasses import dataclass, field

from chatbot.errors import StorageError

_SCHEMES = ("postgresql://", "postgres://")
_BETWEEN = re.compile(r"\s+(?=postgres(?:ql)?://)")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DEFAULT_NAME = "flexibility"
_HOST = r"(?:[\w.-]*|\[[0-9a-fA-F:.]+\])(?::\d*)?"
# Whatever does not fit this is not repeated: a password that was not encoded could stand anywhere in it.
_SHOWN = re.compile(rf"postgres(?:ql)?://(?:[^@/?]*@)?({_HOST}(?:,{_HOST})*(?:/[\w.-]*)?)(?:\?[^@]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A database as libpq's connection string names it, which may hold a password, and the name of a corpus in it.

    `others` are further ones where the points are divided among several. As text it shows hosts, database and corpus,
    and nothing that may be a secret.
    """

    database: str = field(repr=False)
    corpus: str
    others: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The address that a text gives; the corpus is `flexibility` unless it is named behind a `#`.

        Raises `StorageError` for a name that is none, and for databases that cannot be told apart.
        """
        named = [each.partition("#") for each in _BETWEEN.split(text.strip())]
        databases = [database for database, _, _ in named]
        if any(re.search(r"\s", database) for database in databases):
            raise StorageError("the servers of one address are each written as postgresql://…, with a blank between")
        if len(set(databases)) < len(databases):
            raise StorageError("an address names each of its servers once")
        names = {name for _, _, name in named if name} or {_DEFAULT_NAME}
        if len(names) > 1:
            raise StorageError("the servers of one address hold parts of one corpus; name one behind the #")
        (corpus,) = names
        if not _NAME.fullmatch(corpus):
            raise StorageError("a corpus's name behind the # is small letters, digits and _, a letter first")
        return cls(databases[0], corpus, tuple(databases[1:]))

    @property
    def servers(self) -> tuple["Address", ...]:
        """The address of each database by itself: first the one that holds all that is not points."""
        return tuple(Address(database, self.corpus) for database in (self.database, *self.others))

    def __str__(self) -> str:
        shown = [_SHOWN.fullmatch(database) for database in (self.database, *self.others)]
        return " ".join(f"postgresql://{each[1] if each else '…'}" for each in shown) + f"#{self.corpus}"


def is_address(text: str) -> bool:
    """Whether a text names a database rather than a folder."""
    return text.startswith(_SCHEMES)
