"""Where and how a benchmark measures, and the rows that come of it."""

import argparse
import json
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benchmarks.processes import MEGABYTE, Failed, Place, Run, in_turn, run

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
FLEXBOT = (PYTHON, "-m", "chatbot")
INSIDE = (PYTHON, "-m", "scripts.benchmarks.inside")
ANSWERED = (0, 1)  # statuses of `flexbot ask`: replied with an answer, or with a question or regrets
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "ORT_DISABLE_TELEMETRY": "1"}

Measures = dict[str, Callable[[], Run]]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `times` compares it with the first of those it was taken in turn with: the median over the rounds."""

    part: str
    name: str
    unit: str
    samples: tuple[float, ...] = ()
    peak_megabytes: float | None = None
    times: float | None = None
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        least_to_most = [round(of(self.samples), 4) if self.samples else None for of in (statistics.median, min, max)]
        return {
            "part": self.part,
            "name": self.name,
            "unit": self.unit,
            **dict(zip(("median", "min", "max"), least_to_most, strict=True)),
            "runs": len(self.samples),
            "times": self.times,
            "peak_megabytes": self.peak_megabytes,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a benchmark works, what it asks and how often it repeats."""

    work: Path
    corpus: Path
    index: Path
    environment: Mapping[str, str]
    question: str
    questions: int
    repeat: int
    warm_up: int

    @property
    def place(self) -> Place:
        own = {
            "CHATBOT_CORPUS": str(self.corpus),
            "CHATBOT_INDEX": str(self.index),
            "CHATBOT_STATE": str(self.work / "state"),
        }
        return Place(self.work, {**self.environment, **own})

    def run(self, *command: str | Path, **options: Any) -> Run:
        return run(command, self.place, **options)

    def fill(self, folder: Path, *command: str | Path) -> Run:
        """Run a command that fills `folder`, which is empty before."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return self.run(*command)

    def printed(self, *command: str | Path) -> list[Any]:
        """What a command prints as JSON, from a new process each time, without the warm-up."""
        runs = [self.run(*command) for _ in range(self.warm_up + self.repeat)]
        return [json.loads(each.output) for each in runs[self.warm_up :]]

    def compare(self, part: str, measures: Measures) -> list[Row]:
        """A row for each measure, taken in turn."""
        runs, failures = in_turn(measures, self.repeat, self.warm_up)
        first = [each.seconds for each in next(iter(runs.values()))]
        return [_row_of_runs(part, name, runs[name], first, failures.get(name)) for name in measures]


def set_up(work: Path, options: argparse.Namespace) -> Bench:
    """A copy of the corpus and the environment in which everything runs."""
    # Not the caller's switches for Python, such as the one against bytecode, which would make every start compile.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CHATBOT_"))}
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return Bench(
        work=work,
        corpus=_copied(options.corpus, work / "corpus"),
        index=work / "index",
        environment={**kept, **_OFFLINE, "PYTHONPATH": path, "TERM": "xterm-256color"},
        question=options.question,
        questions=options.questions,
        repeat=options.repeat,
        warm_up=options.warm_up,
    )


def _copied(corpus: Path, folder: Path) -> Path:
    """A copy of a corpus, in a folder that is not there yet."""
    if corpus.is_dir():
        return Path(shutil.copytree(corpus, folder))
    folder.mkdir()
    for name in (corpus.name, "sources.yaml", "disclaimer.md"):
        if (corpus.parent / name).is_file():
            shutil.copy2(corpus.parent / name, folder / name)
    return folder / corpus.name


def _row_of_runs(part: str, name: str, runs: list[Run], first: list[float], error: str | None) -> Row:
    if error:
        return Row(part, name, "s", error=error)
    peaks = [each.peak / MEGABYTE for each in runs if each.peak]
    spent = tuple(each.seconds for each in runs)
    return Row(part, name, "s", spent, round(statistics.median(peaks), 1) if peaks else None, times(spent, first))


def times(samples: Sequence[float], first: Sequence[float]) -> float | None:
    """How many times the first's samples others are: the median over the rounds."""
    if not samples or len(samples) != len(first):
        return None
    return round(statistics.median(mine / its for mine, its in zip(samples, first, strict=True)), 3)


def warm_rows(part: str, bench: Bench, *arguments: str, prefix: str = "") -> Iterator[Row]:
    """What `inside.py warm` measures with these arguments; `prefix` goes before each name."""
    try:
        done = bench.run(*INSIDE, "warm", bench.index, "--repeat", str(bench.repeat), *arguments)
    except Failed as failure:
        yield Row(part, f"{prefix}ask, median", "ms", error=str(failure))
        return
    for group in json.loads(done.output):
        for each in group:
            samples = tuple(each["samples"])
            compared = times(samples, group[0]["samples"]) if len(group) > 1 else None
            yield Row(part, prefix + each["name"], each["unit"], samples, times=compared, error=each.get("error"))
