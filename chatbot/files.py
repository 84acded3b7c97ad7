"""Files that are whole or not there: named by their content, synced before they get their name."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

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
