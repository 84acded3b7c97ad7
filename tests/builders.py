"""What tests are made of: files, corpora on disk, entries in memory, and unit vectors."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import Vectors
from chatbot.records import Answer, Entry, Messages


def put(path: Path, data: bytes | str) -> Path:
    """Write a file and the folders that it lies in; other links to its old content stay as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def put_lines(path: Path, *records: Mapping[str, Any]) -> Path:
    """Write JSON Lines: a corpus, or labelled questions."""
    return put(path, "".join(json.dumps(record) + "\n" for record in records))


def linked(folder: Path, target: Path) -> Path:
    """A copy of the index in `folder`, of hard links: replace its files, never write into them."""
    return Path(shutil.copytree(folder, target, copy_function=os.link, ignore=shutil.ignore_patterns(".lock")))


def markdown(question: str, answers: Mapping[str, str], alternates: Iterable[str] = (), front: str = "") -> str:
    """An entry as an editor writes it: its answers by viewpoint, and further lines of its front matter in `front`.

    The alternate questions, if any, begin in line 4.
    """
    ways = "".join(f"  - {way}\n" for way in alternates)
    listed = f"alternate_questions:\n{ways}" if ways else ""
    sections = "\n".join(f"## {viewpoint}\n\n{text}\n" for viewpoint, text in answers.items())
    return f"---\nquestion: {question}\n{listed}{front}---\n{sections}"


def entry(
    question: str,
    *alternates: str,
    answers: Iterable[str] = ("**Yes** [@a].",),
    kind: str = "answer",
    look_alikes: tuple[str, ...] = (),
    messages: Messages = Messages(),  # noqa: B008 -- it is frozen
) -> Entry:
    """An entry as it is read, with its question for an id."""
    given = tuple(Answer("", text) for text in answers)
    return Entry(question, question, given, alternates, look_alikes, kind=kind, messages=messages)


def unit(rows: npt.ArrayLike) -> Vectors:
    """`rows`, shape (..., dimension), each scaled to length 1."""
    vectors = np.asarray(rows)
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
