"""A program that dies at each point of a write, for `test_crashes`: `crashing.py store|build FOLDER [CORPUS]`.

The points are those of `scripts/robustness/dying.py`. For each n, a child of this process is killed at its n-th point;
then this process checks that the index is the old or the new one, whole, and that the next write mends and sweeps.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from chatbot import Chatbot, settings
from chatbot.building.build import build
from chatbot.index.index import Index
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from scripts.robustness.dying import die_at
from tests.fakes import WordEncoder, manifest


def write_store(folder: Path, number: int) -> None:
    with writing(folder) as writer:
        writer.put_array("numbers", np.full(1000, number))
        for name, text in (("text", f"number {number}"), ("fixed", "fixed")):
            path = writer.scratch / f"{name}.txt"
            path.write_text(text)
            writer.put_file(name, path)
        writer.commit(manifest(writer.files, subject=str(number)))


def read_store(folder: Path) -> int:
    store = open_store(folder)
    number = int(store.manifest.subject)
    assert store.array("numbers").tolist() == [number] * 1000
    assert store.path("text").read_text() == f"number {number}"
    return number


def build_index(folder: Path, number: int) -> None:
    corpus = Path(sys.argv[3])
    (corpus / "disclaimer.md").write_text(f"Disclaimer {number}.")
    entry = corpus / "dose" / "how-long-hold.md"
    entry.write_text(f"---\nquestion: How many seconds in edit {number}?\n---\n## A\n\nAnswer {number}.\n")
    build(corpus, folder, encoder=WordEncoder(64))


def read_index(folder: Path) -> int:
    index = Index.open(folder, WordEncoder(64))
    number = int(index.disclaimer.removeprefix("Disclaimer ").removesuffix("."))
    entry = index.entry(index.rows["how-long-hold"])
    assert entry.question == f"How many seconds in edit {number}?"
    assert entry.answers[0].text == f"Answer {number}."
    assert entry.question in list(index.phrasings)
    assert len(Chatbot(index).match("seconds", k=3)) == 3
    return number


def write_and_die(point: int, action: Callable[[], None]) -> None:
    """In a child: run `action`, killed at its point number `point`. Exits 0 when it was over before."""
    die_at(point)
    action()
    os._exit(0)


def survives(
    folder: Path, point: int, write: Callable[[Path, int], None], read: Callable[[Path], int]
) -> tuple[bool, int]:
    """Whether the writer died at `point`, and which number the index has after it."""
    child = os.fork()
    if child == 0:
        write_and_die(point, lambda: write(folder, 2))
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status)
    assert died or os.waitstatus_to_exitcode(status) == 0, f"point {point}: {status}"
    number = read(folder)
    assert number in (1, 2), f"point {point}: {number}"
    write(folder, 3)
    assert read(folder) == 3, f"point {point}: not mended"
    names = {path.name for path in folder.iterdir()}
    assert names == {".lock", "manifest.json", *(record.file for record in open_store(folder).files.values())}
    return died, number


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    write, read = (write_store, read_store) if kind == "store" else (build_index, read_index)
    if kind == "build":
        background = folder.with_name("background.txt")
        background.write_text("what is the capital of france\nhow do i bake bread\n")
        settings.out_of_scope_path = lambda: background
        import chatbot.building.build as module

        module.english_words = lambda: np.array([1, 2, 3], dtype=np.uint64)
    step = 1 if kind == "store" else 7
    write(folder, 1)
    start, old, point, outcomes = folder.with_name("start"), [], 1, []
    shutil.copytree(folder, start)
    while True:
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        died, number = survives(folder, point, write, read)
        outcomes.append(number)
        if not died:
            break
        old.append(point)
        point += step
    # Once it is new it stays new, and both have been seen.
    assert outcomes == sorted(outcomes), outcomes
    assert outcomes[0] == 1
    assert outcomes[-1] == 2
    sys.stdout.write(f"died at {len(old)} points, of which {outcomes.count(2) - 1} after the commit")


main()
