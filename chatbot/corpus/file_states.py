"""Which files a corpus consists of, and whether they changed. Asking needs this and no parser."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chatbot.files import sha256_of
from chatbot.text.cleaning import one_line

DISCLAIMER, SUBJECT, SOURCES, TRIALS = "disclaimer.md", "subject.md", "sources.yaml", "trial-questions.jsonl"
_TOP_LEVEL_FILES = (DISCLAIMER, SUBJECT, SOURCES, TRIALS)
# Files that look as if someone had written an entry into them; those that programs leave beside a file do not.
_TEXT = re.compile(r"[^.~#]+|.+\.(?:md|markdown|mdown|mdwn|mkdn?|mdx|txt|text|rst|jsonl)", re.IGNORECASE | re.DOTALL)
_FOR_EDITORS = ("readme", "license", "licence")  # at the top; or whatever has its name in capitals


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
    beside = [name for name in _TOP_LEVEL_FILES if (folder_of(corpus) / name).is_file()]
    if not corpus.is_dir():
        return [corpus.name, *beside]
    names = beside
    with os.scandir(corpus) as topics:
        for topic in topics:
            if topic.is_dir() and not topic.name.startswith("."):
                names += [f"{topic.name}/{name}" for name in os.listdir(topic.path) if _is_entry(name)]
    return sorted(names)


def _is_entry(name: str) -> bool:
    return name.endswith(".md") and not name.startswith(".")


def ignored_files(corpus: Path) -> Iterator[tuple[str, str]]:
    """The files in a folder that look like a part of the corpus and are none, each with what to do about it."""
    read = set(file_names(corpus))
    for folder, folders, names in os.walk(corpus):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        place = Path(folder).relative_to(corpus)
        for name in sorted(names):
            file = (place / name).as_posix()
            advice = "" if file in read or name.startswith(".") else _advice(place.parts, one_line(name))
            if advice:
                yield file, advice


def _advice(folders: tuple[str, ...], name: str) -> str:
    """What to do about a file that is not read; empty where nothing is."""
    if not folders and (meant := difflib.get_close_matches(name.casefold(), _TOP_LEVEL_FILES, n=1, cutoff=0.8)):
        return f"rename it {meant[0]}"
    stem = Path(name).stem.removesuffix(".md")
    for_editors = not folders and (stem.isupper() or stem.casefold() in _FOR_EDITORS)
    if for_editors or not _TEXT.fullmatch(name):
        return ""
    if name.endswith(".jsonl"):
        return "a JSON Lines file is a corpus of its own; take it out of this one"
    if not folders:
        return f"move it into the folder of its topic, as <topic>/{stem}.md"
    if len(folders) > 1:
        return f"move it up, to {one_line(folders[0])}/{stem}.md"
    return f"rename it {stem}.md, or take it out of the corpus"


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
