"""The parts of `benchmark.py`: what is measured, and with what it is taken in turn."""

import importlib.metadata
import importlib.util
import itertools
import json
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from chatbot import settings
from scripts.machine import memory_to_spend
from scripts.processes import MEGABYTE, Failed, Place, Run, in_turn, run, until_prompt

SCRIPTS = Path(__file__).resolve().parent
PYTHON = sys.executable
FLEXBOT = (PYTHON, "-m", "chatbot")
STEPS = (PYTHON, SCRIPTS / "bench_cold.py")
INSIDE = (PYTHON, SCRIPTS / "bench_inside.py")
ALTERNATIVES = {  # name -> the module that must be there, and the script
    "sentence-transformers + faiss": ("sentence_transformers", "baseline.py"),
    "txtai": ("txtai", "compare_txtai.py"),
    "Haystack": ("haystack_integrations.components.embedders.sentence_transformers", "compare_haystack.py"),
}
FLOORS = {
    "Python alone": "pass",
    "Python and the libraries that asking needs": "import numpy, faiss, tokenizers, onnxruntime",
}
BARE_PROMPT = "from prompt_toolkit import PromptSession; PromptSession().prompt('ask> ')"
SIZES = (1_000, 4_000, 16_000)
MILLION = (62_500, 16)
_PHRASINGS = 4
_ANSWERED = (0, 1)  # statuses of `flexbot ask`: replied with an answer, or with a question or regrets


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

    def compare(self, part: str, measures: Measures) -> list[Row]:
        """A row for each measure, taken in turn."""
        runs, failures = in_turn(measures, self.repeat, self.warm_up)
        first = [each.seconds for each in next(iter(runs.values()))]
        return [_row_of_runs(part, name, runs[name], first, failures.get(name)) for name in measures]


def _row_of_runs(part: str, name: str, runs: list[Run], first: list[float], error: str | None) -> Row:
    if error:
        return Row(part, name, "s", error=error)
    peaks = [each.peak / MEGABYTE for each in runs if each.peak]
    spent = tuple(each.seconds for each in runs)
    return Row(part, name, "s", spent, round(statistics.median(peaks), 1) if peaks else None, _times(spent, first))


def _times(samples: tuple[float, ...], first: list[float]) -> float | None:
    if not samples or len(samples) != len(first):
        return None
    return round(statistics.median(mine / its for mine, its in zip(samples, first, strict=True)), 3)


def first_build(bench: Bench) -> Iterator[Row]:
    """Nothing -> an index, beside what the alternatives do when they are first given the same texts."""
    measures: Measures = {"flexbot build, first": partial(_fresh, bench, bench.index, *FLEXBOT, "build")}
    for name, script in _installed():
        measures[f"{name}, first"] = partial(_save, bench, script)
    yield from bench.compare("build", measures)


def cold(bench: Bench) -> Iterator[Row]:
    """A whole process for one question, beside the alternatives' and beside what no program here can go below."""
    measures: Measures = {"flexbot ask": partial(bench.run, *FLEXBOT, "ask", bench.question, ok=_ANSWERED)}
    for name, script in _installed():
        measures[name] = partial(_ask, bench, script)
    for name, code in FLOORS.items():
        measures[name] = partial(bench.run, PYTHON, "-c", code)
    yield from bench.compare("cold", measures)


def profile(bench: Bench) -> Iterator[Row]:
    """What a cold question spends its time on, step by step, each time in a new process."""
    try:
        steps = _printed(bench, *STEPS, bench.index, bench.question)
    except Failed as failure:
        yield Row("profile", "the steps of flexbot ask", "ms", error=str(failure))
        return
    for name in steps[0]:
        yield Row("profile", name, "ms", tuple(each[name] for each in steps))


def _fresh(bench: Bench, folder: Path, *command: str | Path) -> Run:
    """Run a command that fills `folder`, which is empty before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return bench.run(*command)


def _save(bench: Bench, script: str) -> Run:
    """Let an alternative index the corpus."""
    folder = bench.work / script
    return _fresh(bench, folder, PYTHON, SCRIPTS / script, "save", _model(), _texts(bench), folder)


def _ask(bench: Bench, script: str) -> Run:
    """Ask an alternative, which indexes the corpus before, unseen, if it has not yet."""
    folder = bench.work / script
    if not folder.exists():
        _save(bench, script)
    answered = bench.run(PYTHON, SCRIPTS / script, "ask", _model(), folder, bench.question)
    if not answered.output.strip():
        raise Failed("it printed no answer")
    return answered


def prompt(bench: Bench) -> Iterator[Row]:
    """From nothing to a prompt, in a pseudo-terminal, beside prompt-toolkit's own prompt with nothing behind it."""
    bare = (PYTHON, "-c", BARE_PROMPT)
    measures: Measures = {
        "flexbot, a key is echoed": partial(until_prompt, FLEXBOT, bench.place, echoed=True),
        "prompt-toolkit alone, a key is echoed": partial(until_prompt, bare, bench.place, echoed=True),
        "flexbot, the prompt is drawn": partial(until_prompt, FLEXBOT, bench.place, echoed=False),
    }
    yield from bench.compare("prompt", measures)


def warm(bench: Bench) -> Iterator[Row]:
    """One process that has answered before."""
    yield from _inside_rows("warm", bench, "--questions", str(bench.questions))


def _inside_rows(part: str, bench: Bench, *arguments: str, prefix: str = "") -> Iterator[Row]:
    try:
        done = bench.run(*INSIDE, "warm", bench.index, "--repeat", str(bench.repeat), *arguments)
    except Failed as failure:
        yield Row(part, f"{prefix}ask, median", "ms", error=str(failure))
        return
    for group in json.loads(done.output):
        for each in group:
            samples = tuple(each["samples"])
            times = _times(samples, group[0]["samples"]) if len(group) > 1 else None
            yield Row(part, prefix + each["name"], each["unit"], samples, times=times, error=each.get("error"))


def rebuild(bench: Bench) -> Iterator[Row]:
    """A build after each edit of one answer, and one after that with nothing to do."""
    edits = itertools.count(1)

    def edited() -> Run:
        edit_one_answer(bench.corpus, next(edits))
        return bench.run(*FLEXBOT, "build")

    measures: Measures = {
        "flexbot build, one answer edited": edited,
        "flexbot build, nothing changed": partial(bench.run, *FLEXBOT, "build"),
    }
    yield from bench.compare("rebuild", measures)


def edit_one_answer(corpus: Path, number: int) -> None:
    """Add a sentence to the end of the corpus's first answer."""
    sentence = f"That was edit {number}."
    if corpus.is_dir():
        entry = min(corpus.glob("*/*.md"))
        entry.write_text(f"{entry.read_text(encoding='utf-8').rstrip()} {sentence}\n", encoding="utf-8")
        return
    first, _, rest = corpus.read_text(encoding="utf-8").partition("\n")
    record = json.loads(first)
    record["answer"] = f"{record['answer']} {sentence}"
    corpus.write_text(f"{json.dumps(record)}\n{rest}", encoding="utf-8")


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "build": first_build,
    "cold": cold,
    "profile": profile,
    "prompt": prompt,
    "warm": warm,
    "rebuild": rebuild,
}


def scale(bench: Bench, entries: int, phrasings: int = _PHRASINGS) -> Iterator[Row]:
    """A generated corpus of that many entries: one build, then opening and asking."""
    size = f"{entries:,} entries, {entries * phrasings:,} phrasings: "
    folder = bench.work / f"scale-{entries}"
    folder.mkdir()
    here = replace(bench, corpus=folder / "corpus.jsonl", index=folder / "index")
    arguments = ("--entries", str(entries), "--phrasings", str(phrasings))
    here.run(PYTHON, SCRIPTS / "generate_corpus.py", *arguments, here.corpus)
    (built,) = replace(here, repeat=1, warm_up=0).compare(
        "scale", {f"{size}flexbot build, first": partial(here.run, *FLEXBOT, "build", memory=memory_to_spend())}
    )
    yield built
    if not built.error:
        total = sum(file.stat().st_size for file in here.index.iterdir())
        yield Row("scale", f"{size}size of the index", "MB", (total / MEGABYTE,))
        yield _opening(here, f"{size}opening the index")
        yield from here.compare(
            "scale",
            {f"{size}flexbot ask, whole process": partial(here.run, *FLEXBOT, "ask", bench.question, ok=_ANSWERED)},
        )
        yield from _inside_rows("scale", here, "--brief", prefix=size)
    shutil.rmtree(folder)


def _opening(bench: Bench, name: str) -> Row:
    """Opening, timed within a new process each time."""
    try:
        return Row("scale", name, "ms", tuple(_printed(bench, *INSIDE, "open", bench.index)))
    except Failed as failure:
        return Row("scale", name, "ms", error=str(failure))


def _printed(bench: Bench, *command: str | Path) -> list[Any]:
    """What a command prints as JSON, from a new process each time, without the warm-up."""
    runs = [bench.run(*command) for _ in range(bench.warm_up + bench.repeat)]
    return [json.loads(each.output) for each in runs[bench.warm_up :]]


def _installed() -> list[tuple[str, str]]:
    """The alternatives that can be imported, with their scripts."""
    return [(name, script) for name, (module, script) in ALTERNATIVES.items() if _importable(module)]


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False


def _model() -> str:
    """The model for the alternatives: the folder of the same weights, else its name."""
    try:
        files = importlib.metadata.files(settings.MODEL_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return settings.MODEL
    weights = (Path(str(file.locate())) for file in files if file.name == "model.safetensors")
    return next((str(path.parent) for path in weights), settings.MODEL)


def _texts(bench: Bench) -> Path:
    """What the alternatives index: every phrasing with its answer."""
    file = bench.work / "texts.jsonl"
    if not file.exists():
        bench.run(*INSIDE, "texts", bench.corpus, file)
    return file
