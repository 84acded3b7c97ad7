"""Peers as processes, beside `flexbot`."""

import json
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.bench import INSIDE, PYTHON, Bench
from scripts.benchmarks.peers import model_folder
from scripts.benchmarks.processes import Failed, Run

PEERS = (PYTHON, "-m", "scripts.benchmarks.peers")


def save(bench: Bench, module: str) -> Run:
    """Let a peer index the corpus."""
    folder = bench.work / module
    return bench.fill(folder, *_command(module, folder), "save", _texts(bench))


def ask(bench: Bench, module: str) -> Run:
    """Ask a peer a question."""
    answered = bench.run(*_command(module, _saved(bench, module)), "ask", bench.question)
    if not answered.output.strip():
        raise Failed("it printed no answer")
    return answered


def edit(bench: Bench, module: str, number: int) -> Run:
    """Let a peer change one text."""
    return bench.run(
        *_command(module, _saved(bench, module)), "edit", f"how was that again for the time number {number}"
    )


def warm(bench: Bench, module: str) -> dict[str, list[float]]:
    """What `peers warm` measures of a peer, or of `flexbot`."""
    folder = bench.index if module == "flexbot" else _saved(bench, module)
    return dict(json.loads(bench.run(*_command(module, folder), "warm", _questions(bench)).output))


def _command(module: str, folder: Path) -> Sequence[str | Path]:
    return (*PEERS, module, model_folder(), folder)


def _saved(bench: Bench, module: str) -> Path:
    """The folder of a peer, which indexes the corpus before, unseen, if it has not yet."""
    folder = bench.work / module
    if not folder.exists():
        save(bench, module)
    return folder


def _texts(bench: Bench) -> Path:
    """What the peers index: every phrasing with its answer."""
    file = bench.work / "texts.jsonl"
    if not file.exists():
        bench.run(*INSIDE, "texts", bench.corpus, file)
    return file


def _questions(bench: Bench) -> Path:
    file = bench.work / "questions.txt"
    if not file.exists():
        bench.run(*INSIDE, "questions", bench.index, file, "--questions", str(bench.questions))
    return file
