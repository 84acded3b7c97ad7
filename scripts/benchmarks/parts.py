"""The parts of `benchmark.py`: what is measured, and with what it is taken in turn."""

import itertools
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from scripts.benchmarks.bench import ANSWERED, FLEXBOT, PYTHON, Bench, Measures, Row, times, warm_rows
from scripts.benchmarks.edits import edit_one_answer, edit_one_phrasing
from scripts.benchmarks.peers import installed, running
from scripts.benchmarks.processes import Failed, Run, until_prompt

STEPS = (PYTHON, "-m", "scripts.benchmarks.cold")
FLOORS = {
    "Python alone": "pass",
    "Python and the libraries that asking needs": "import numpy, faiss, tokenizers, onnxruntime",
}
BARE_PROMPT = "from prompt_toolkit import PromptSession; PromptSession().prompt('ask> ')"


def first_build(bench: Bench) -> Iterator[Row]:
    """Nothing -> an index, beside what the peers do when they are first given the same texts."""
    measures: Measures = {"flexbot build, first": partial(bench.fill, bench.index, *FLEXBOT, "build")}
    for name, module in installed().items():
        measures[f"{name}, first"] = partial(running.save, bench, module)
    yield from bench.compare("build", measures)


def cold(bench: Bench) -> Iterator[Row]:
    """A whole process for one question, beside the peers' and beside what no program here can go below."""
    measures: Measures = {"flexbot ask": partial(bench.run, *FLEXBOT, "ask", bench.question, ok=ANSWERED)}
    for name, module in installed().items():
        measures[name] = partial(running.ask, bench, module)
    for name, code in FLOORS.items():
        measures[name] = partial(bench.run, PYTHON, "-c", code)
    yield from bench.compare("cold", measures)


def profile(bench: Bench) -> Iterator[Row]:
    """What a cold question spends its time on, step by step, each time in a new process."""
    try:
        steps = bench.printed(*STEPS, bench.index, bench.question)
    except Failed as failure:
        yield Row("profile", "the steps of flexbot ask", "ms", error=str(failure))
        return
    for name in steps[0]:
        yield Row("profile", name, "ms", tuple(each[name] for each in steps))


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
    yield from warm_rows("warm", bench, "--questions", str(bench.questions))


def peers(bench: Bench) -> Iterator[Row]:
    """Open, with the same questions: one by one, all at once, and what memory that takes; in turn with the peers."""
    modules = {"flexbot": "flexbot", **installed()}
    rounds: dict[str, list[dict[str, list[float]]]] = {name: [] for name in modules}
    for _ in range(bench.repeat):
        for name, module in modules.items():
            rounds[name].append(running.warm(bench, module))
    for figure, unit, of in (
        ("one question, median", "ms", lambda found: statistics.median(found["one"])),
        ("one question, 95th percentile", "ms", lambda found: statistics.quantiles(found["one"], n=20)[-1]),
        (f"{bench.questions:,} at once", "a second", lambda found: found["a second"][0]),
        ("memory", "MB", lambda found: found["megabytes"][0]),
    ):
        samples = {name: tuple(map(of, found)) for name, found in rounds.items()}
        for name, each in samples.items():
            yield Row("peers", f"{figure}: {name}", unit, each, times=times(each, samples["flexbot"]))


def rebuild(bench: Bench) -> Iterator[Row]:
    """A build after an edit of one answer, after a new phrasing, and with nothing to do, beside the peers' change of a
    text."""
    numbers = itertools.count(1)

    def edited(edit: Callable[[Path, int], None]) -> Run:
        edit(bench.corpus, next(numbers))
        return bench.run(*FLEXBOT, "build")

    measures: Measures = {
        "flexbot build, one answer edited": partial(edited, edit_one_answer),
        "flexbot build, one phrasing added": partial(edited, edit_one_phrasing),
        "flexbot build, nothing changed": partial(bench.run, *FLEXBOT, "build"),
    }
    for name, module in installed().items():
        measures[f"{name}, one text changed"] = partial(_changed, bench, module, numbers)
    yield from bench.compare("rebuild", measures)


def _changed(bench: Bench, module: str, numbers: Iterator[int]) -> Run:
    return running.edit(bench, module, next(numbers))


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "build": first_build,
    "cold": cold,
    "profile": profile,
    "prompt": prompt,
    "warm": warm,
    "peers": peers,
    "rebuild": rebuild,
}
