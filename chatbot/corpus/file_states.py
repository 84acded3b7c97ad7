"""Which files a corpus consists of, and whether they changed. Asking needs this and no parser."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chatbot.files import sha256_of

DISCLAIMER, SUBJECT, SOURCES = "disclaimer.md", "subject.md", "sources.yaml"
TRIALS, EXCHANGES = "trial-questions.jsonl", "exchanges.jsonl"
RED_FLAGS, PARTS = "red-flags.yaml", "parts.yaml"
CONDITIONS, NO_CONDITIONS = "conditions.yaml", "no-conditions.yaml"
CONDITION_MESSAGES, CLAIMS = "condition-messages.jsonl", "claims.jsonl"
ENTRY, MESSAGES = ".md", ".messages.txt"  # how the names of files in a topic end
# The folder of the drawn movements, and how the names of their poses and their pictures end.
FIGURES, POSE, DRAWING = "figures", ".yaml", ".svg"
# What the default encoder learnt for this corpus, and the SHA-256 of it.
ADAPTER, ADAPTER_HASH = "adapter.safetensors", "adapter.sha256"
TOP_LEVEL_FILES = (
    *(DISCLAIMER, SUBJECT, SOURCES, RED_FLAGS, PARTS, CONDITIONS, NO_CONDITIONS, CONDITION_MESSAGES),
    *(TRIALS, EXCHANGES, CLAIMS, ADAPTER, ADAPTER_HASH),
)


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells that a file changed: its size, its modification time in ns and the SHA-256 of its content."""

    size: int
    mtime: int
    sha256: str


def folder_of(corpus: Path) -> Path:
    """The folder that names of a corpus's files start from."""
    return corpus if corpus.is_dir() else corpus.parent


def file_names(corpus: Path) -> list[str]:
    """The names of a corpus's files, in a stable order."""
    beside = [name for name in TOP_LEVEL_FILES if (folder_of(corpus) / name).is_file()]
    if not corpus.is_dir():
        return [corpus.name, *beside]
    names = beside
    with os.scandir(corpus) as topics:
        for topic in topics:
            if topic.is_dir() and not topic.name.startswith("."):
                with os.scandir(topic.path) as files:
                    names += [f"{topic.name}/{file.name}" for file in files if _is_one(file, topic.name)]
    return sorted(names)


def is_read(name: str) -> bool:
    """Whether a file of this name is read, in the folder of a topic."""
    return name.endswith((ENTRY, MESSAGES)) and not name.startswith(".")


def is_drawing(name: str) -> bool:
    """Whether a file of this name, from the corpus's folder on, is the picture of a figure."""
    return name.startswith(f"{FIGURES}/") and name.endswith(DRAWING) and not name.startswith(f"{FIGURES}/.")


def _is_one(file: "os.DirEntry[str]", topic: str) -> bool:
    wanted = is_read(file.name) or is_drawing(f"{topic}/{file.name}")
    return wanted and not file.is_dir(follow_symlinks=False)


def scan(corpus: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The files that make up a corpus, as (name, stat), in a stable order."""
    folder = folder_of(corpus)
    for name in file_names(corpus):
        yield name, (folder / name).stat()


def changed(corpus: Path, known: Mapping[str, FileState], *, moved: bool = False) -> bool:
    """Whether a corpus differs from its files' states `known`; a file is read only when its times tell nothing.

    The times of files elsewhere (`moved`) tell nothing: copying and unpacking set them as they like.
    """
    seen = 0
    for name, state in scan(corpus):
        seen += 1
        before = known.get(name)
        if before is None:
            return True
        touched = moved or (before.size, before.mtime) != (state.st_size, state.st_mtime_ns)
        if touched and (before.size != state.st_size or sha256_of(folder_of(corpus) / name) != before.sha256):
            return True
    return seen != len(known)
