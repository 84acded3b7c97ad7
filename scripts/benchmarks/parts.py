"""The parts of `benchmark.py`: what is measured, and with what it is taken in turn."""

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from scripts.benchmarks import alternatives
from scripts.benchmarks.bench import ANSWERED, FLEXBOT, PYTHON, Bench, Measures, Row, warm_rows
from scripts.benchmarks.processes import Failed, Run, until_prompt

STEPS = (PYTHON, "-m", "scripts.benchmarks.cold")
FLOORS = {
    "Python alone": "pass",
    "Python and the libraries that asking needs": "import numpy, faiss, tokenizers, onnxruntime",
}
BARE_PROMPT = "from prompt_toolkit import PromptSession; PromptSession().prompt('ask> ')"


def first_build(bench: Bench) -> Iterator[Row]:
    """Nothing -> an index, beside what the alternatives do when they are first given the same texts."""
    measures: Measures = {"flexbot build, first": partial(bench.fill, bench.index, *FLEXBOT, "build")}
    for name, script in alternatives.installed():
        measures[f"{name}, first"] = partial(alternatives.save, bench, script)
    yield from bench.compare("build", measures)


def cold(bench: Bench) -> Iterator[Row]:
    """A whole process for one question, beside the alternatives' and beside what no program here can go below."""
    measures: Measures = {"flexbot ask": partial(bench.run, *FLEXBOT, "ask", bench.question, ok=ANSWERED)}
    for name, script in alternatives.installed():
        measures[name] = partial(alternatives.ask, bench, script)
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
