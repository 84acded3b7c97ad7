"""What someone keeps to practise: a list of entries in one file of their own, written whole, by one shell at a time."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock

from chatbot.errors import StorageError
from chatbot.files import retry_while_locked, sync, sync_folder
from chatbot.index.decoding import Misfit, decoder

VERSION = 1
MOST = 50  # stretches on a list


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry on the list: its id, and its question as it was then, which names it once it is gone."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Routine:
    """The list, in the order in which it is practised; `calendar` tells a calendar that it is the same one again."""

    version: int = VERSION
    calendar: str = field(default_factory=lambda: secrets.token_hex(16))
    kept: tuple[Kept, ...] = ()


Change = Callable[[tuple[Kept, ...]], tuple[Kept, ...]]


class RoutineFile:
    """The list in the file at `path`, which only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def files(self) -> tuple[Path, ...]:
        """All that it may leave: the file, what a process that died left of a new one, and what others wait at."""
        return self._path, self._aside, self._lock

    @property
    def _aside(self) -> Path:
        return self._path.with_suffix(".new")

    @property
    def _lock(self) -> Path:
        return self._path.with_suffix(".lock")

    def read(self) -> Routine:
        """The list; an empty one where there is no file. Raises `StorageError` for a file that is not such a list: it
        stays as it is."""
        try:
            return _routine(self._path.read_bytes())
        except FileNotFoundError:
            return Routine()
        except OSError as error:
            raise StorageError(f"cannot read {self._path} ({error.strerror})") from error
        except ValueError as error:
            mend = "mend it, or move it away and keep your stretches anew"
            raise StorageError(f"{self._path} holds no routine ({error}), and was left as it is; {mend}") from error

    def change(self, change: Change) -> Routine:
        """The list after `change`, written. What another process changed before is in what `change` gets. Raises
        `StorageError`, and what `change` raises; then the file is as it was."""
        with self._alone():
            old = self.read()
            new = Routine(VERSION, old.calendar, change(old.kept))
            self._write(json.dumps(asdict(new), ensure_ascii=False, indent=1) + "\n")
            return new

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._lock, mode=0o600):
                yield
        except OSError as error:
            raise StorageError(f"cannot write {self._path} ({error.strerror}); nothing was changed") from error

    def _write(self, text: str) -> None:
        self._aside.unlink(missing_ok=True)
        self._aside.touch(mode=0o600)
        self._aside.write_text(text, encoding="utf-8", errors="replace")
        sync(self._aside)
        retry_while_locked(lambda: os.replace(self._aside, self._path))
        sync_folder(self._path.parent)


def _routine(data: bytes) -> Routine:
    """The list in the content of a file. Raises `ValueError` for what is none."""
    try:
        content = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise ValueError(f"it is of version {version}, and this program reads {VERSION}")
    try:
        routine: Routine = decoder(Routine)(content)
    except Misfit as error:
        raise ValueError(str(error)) from error
    return routine
