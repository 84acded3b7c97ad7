"""Files that are whole or not there: named by their content, synced before they get their name."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chatbot.errors import StorageError

Result = TypeVar("Result")


def content_name(name: str, sha256: str, suffix: str) -> str:
    """The name of a data file: what it is and the first digits of its hash."""
    return f"{name}-{sha256[:16]}{suffix}"


def move_by_content(path: Path, folder: Path, name: str, sha256: str) -> Path:
    """Sync the file at `path`, whose hash is `sha256`, and move it to its content name in `folder`."""
    target = folder / content_name(name, sha256, path.suffix)
    sync(path)
    retry_while_locked(lambda: os.replace(path, target))
    return target


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have a file's content written through to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder written through to the disk, where the system can."""
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_target(path: Path) -> None:
    """Raise `StorageError` where no file can be written at `path`."""
    folder = path.parent
    if path.exists() and not path.is_file():
        raise StorageError(f"cannot write {path}: it is {'a folder' if path.is_dir() else 'no file'}; name a file")
    if not folder.is_dir():
        raise StorageError(f"cannot write {path}: there is no folder {folder}; make it, or name another")
    if not os.access(folder, os.W_OK):
        raise StorageError(f"cannot write {path}: nothing may be written in {folder}; name another folder")


def write_whole(path: Path, data: bytes) -> None:
    """Have `data` in the file at `path`, or what was there before: never a part. Raises `StorageError`."""
    target = path.resolve()
    scratch = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        try:
            scratch.write_bytes(data)
            sync(scratch)
            retry_while_locked(lambda: os.replace(scratch, target))
        finally:
            scratch.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}; what was there is as before") from error


def retry_while_locked(action: Callable[[], Result]) -> Result:
    """Try for a second: Windows refuses to replace a file while someone has it open."""
    for _ in range(20):
        try:
            return action()
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.05)
    return action()
