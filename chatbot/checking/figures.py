"""Figures: their poses can be read, were drawn as they are now, hold what they say, and some entry shows each."""

from collections.abc import Iterator
from pathlib import Path

from chatbot.corpus.corpus import Corpus
from chatbot.corpus.drawings import DRAW
from chatbot.corpus.file_states import DRAWING, FIGURES, POSE
from chatbot.figures.draw import record_of, steps_of
from chatbot.figures.faults import faults, unseen
from chatbot.figures.pose_reader import read_pose
from chatbot.records import Problem, Severity


def check_figures(corpus: Corpus) -> Iterator[Problem]:
    """What is wrong with the pose files of a corpus and their drawings."""
    shown = {figure for entry in corpus.entries for figure in entry.figures}
    folder = corpus.root / FIGURES
    for file in sorted(folder.glob(f"*{POSE}")) if corpus.root.is_dir() else ():
        yield from _check_pose(corpus, file, shown)
    for name in corpus.drawings:
        if not (folder / f"{name}{POSE}").exists():
            message = "a drawing without its pose; add it, or remove the drawing"
            yield corpus.problem(f"{FIGURES}/{name}{DRAWING}", 1, message, "warning")


def _check_pose(corpus: Corpus, file: Path, shown: set[str]) -> Iterator[Problem]:
    found: list[Problem] = []
    where = f"{FIGURES}/{file.name}"

    def report(line: int, message: str, severity: Severity) -> None:
        found.append(corpus.problem(where, line, message, severity))

    text = file.read_text(encoding="utf-8", errors="replace")
    pose, record = read_pose(file.stem, text, report), record_of(file, text)
    if pose and record:
        for fault in [*faults(pose, steps_of(pose, record)), *unseen(pose, record.seen)]:
            report(fault.line, fault.message, "error")
    elif pose:
        report(1, f"the pose is not drawn as it stands; {DRAW} {file.stem}", "error")
    if file.stem not in shown:
        report(1, "no entry shows this figure; name it in the `figures` of one", "warning")
    yield from found
