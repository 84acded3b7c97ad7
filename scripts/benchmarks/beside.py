"""This version beside an earlier one, in turn: `python -m scripts.benchmarks.beside CHECKOUT`.

`CHECKOUT` is a clone at the earlier commit. Both run by the Python that runs this, each on its own corpus and with its
own index. A ratio is this version's figure through the earlier one's of the same round, in the median.
"""

import argparse
import itertools
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from scripts.benchmarks.bench import ANSWERED, FLEXBOT, PROJECT, PYTHON, Bench, Measures, set_up
from scripts.benchmarks.edits import edit_one_answer, edit_one_phrasing
from scripts.benchmarks.machine import machine_facts, memory_share
from scripts.benchmarks.processes import MEGABYTE, Run, in_turn

_EARLIER, _NOW = "earlier", "now"
_ASKING_ALONE = PROJECT / "scripts/benchmarks/asking.py"
_QUESTIONS = PROJECT / "tests/evaluation"
_ASKED = 50
_ASKING = """
import sys
from chatbot import Chatbot
bot = Chatbot.load(sys.argv[1])
for question in sys.argv[2:]:
    bot.ask(question)
print("asked", flush=True)
sys.stdin.read()
"""

Samples = dict[str, list[float]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkout", type=Path, metavar="CHECKOUT")
    parser.add_argument("--question", default="what can i do about a stiff lower back")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=5, help="rounds (%(default)s).")
    parser.add_argument("--builds", type=int, default=1, help="rounds of first builds (%(default)s).")
    parser.add_argument("--warm-up", type=int, default=1)
    options = parser.parse_args(arguments)
    print(json.dumps(machine_facts()))
    with tempfile.TemporaryDirectory(prefix="flexbot-beside-") as folder:
        versions = {
            _EARLIER: _version(options.checkout.resolve(), Path(folder, _EARLIER), options),
            _NOW: _version(PROJECT, Path(folder, _NOW), options),
        }
        for part in (partial(_builds, rounds=options.builds), _asking, _edits, _warm, _memory):
            for name, unit, samples in part(versions):
                print(ratios(name, unit, samples), flush=True)
    print(f"load afterwards {machine_facts()['load']}")
    return 0


def _version(checkout: Path, work: Path, options: argparse.Namespace) -> Bench:
    work.mkdir()
    options.corpus = checkout / "corpus"
    bench = set_up(work, options)
    return replace(bench, environment={**bench.environment, "PYTHONPATH": str(checkout)})


def _builds(versions: dict[str, Bench], rounds: int) -> Iterator[tuple[str, str, Samples]]:
    """First builds, of each version's corpus, and of the earlier corpus by this version."""
    now, earlier = versions[_NOW], versions[_EARLIER]
    same = replace(now, corpus=earlier.corpus, index=now.work / "of-the-earlier-corpus")
    build = {name: partial(bench.fill, bench.index, *FLEXBOT, "build") for name, bench in versions.items()}
    runs = _in_turn({**build, "same": partial(same.fill, same.index, *FLEXBOT, "build")}, rounds, 0)
    yield "first build, each its own corpus", "s", {name: _seconds(runs[name]) for name in versions}
    yield "first build of the earlier corpus", "s", {_EARLIER: _seconds(runs[_EARLIER]), _NOW: _seconds(runs["same"])}
    yield "first build, each its own corpus: peak", "MB", {name: _peaks(runs[name]) for name in versions}


def _asking(versions: dict[str, Bench]) -> Iterator[tuple[str, str, Samples]]:
    """A question from a cold start."""
    ask = {name: partial(bench.run, *FLEXBOT, "ask", bench.question, ok=ANSWERED) for name, bench in versions.items()}
    bench = versions[_NOW]
    runs = _in_turn(ask, bench.repeat, bench.warm_up)
    yield "flexbot ask", "s", {name: _seconds(runs[name]) for name in versions}
    yield "flexbot ask: peak", "MB", {name: _peaks(runs[name]) for name in versions}


def _edits(versions: dict[str, Bench]) -> Iterator[tuple[str, str, Samples]]:
    """A build after an edit."""
    numbers = itertools.count(1)

    def edited(edit: Callable[[Path, int], None], bench: Bench) -> Run:
        edit(bench.corpus, next(numbers))
        return bench.run(*FLEXBOT, "build")

    bench = versions[_NOW]
    for name, edit in {"an answer edited": edit_one_answer, "a phrasing added": edit_one_phrasing}.items():
        runs = _in_turn({version: partial(edited, edit, bench) for version, bench in versions.items()}, bench.repeat, 0)
        yield name, "s", {version: _seconds(runs[version]) for version in versions}


def _warm(versions: dict[str, Bench]) -> Iterator[tuple[str, str, Samples]]:
    """What `asking.py` measures with the same questions, in a new process of each version in each round."""
    found: dict[str, tuple[str, Samples]] = {}
    rates: dict[str, Samples] = {}
    file = versions[_NOW].work / "questions.txt"
    file.write_text("\n".join(questions(versions[_NOW].questions)), encoding="utf-8")
    for _ in range(versions[_NOW].repeat):
        for version, bench in versions.items():
            groups = json.loads(bench.run(PYTHON, _ASKING_ALONE, bench.index, file, "--repeat", "1").output)
            for each in itertools.chain(*groups):
                unit, samples = found.setdefault(each["name"], (each["unit"], {name: [] for name in versions}))
                samples[version] += each["samples"]
            first, *others = groups[-1]
            for each in others:
                times = each["samples"][0] / first["samples"][0]
                rates.setdefault(each["name"], {name: [] for name in versions})[version].append(times)
    for name, (unit, samples) in found.items():
        yield name, unit, samples
    for name, samples in rates.items():
        yield f"{name}, against one by one", "times", samples


def questions(count: int) -> list[str]:
    """Messages that people wrote for the evaluation, drawn in a fixed way."""
    files = _QUESTIONS.glob("*.jsonl")
    messages = {json.loads(line)["query"] for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    lines = sorted(" ".join(message.split()) for message in messages)
    return random.Random(1).sample(lines, count)  # noqa: S311 -- nothing is kept secret by it


def _memory(versions: dict[str, Bench]) -> Iterator[tuple[str, str, Samples]]:
    """The memory of one process and of four that have answered, shared pages by their share (PSS)."""
    asked = questions(_ASKED)
    used = {count: {name: [_used(bench, asked, count)] for name, bench in versions.items()} for count in (1, 4)}
    for count, samples in used.items():
        yield f"{count} asking: memory in all (PSS)", "MB", samples
    yield "4 asking through one", "times", {name: [used[4][name][0] / used[1][name][0]] for name in versions}


def _used(bench: Bench, asked: Sequence[str], count: int) -> float:
    with ExitStack() as running:
        processes = [
            running.enter_context(
                subprocess.Popen(
                    [PYTHON, "-c", _ASKING, str(bench.index), *asked],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=bench.work, env=dict(bench.place.environment),
                )
            )
            for _ in range(count)
        ]  # fmt: skip
        for process in processes:
            if process.stdout is None or process.stdout.readline().strip() != b"asked":
                raise RuntimeError("a process that was to ask ended")
        return sum(memory_share(process.pid) for process in processes) / MEGABYTE


def _in_turn(measures: Measures, repeat: int, warm_up: int) -> dict[str, list[Run]]:
    runs, failures = in_turn(measures, repeat, warm_up)
    if failures:
        raise SystemExit(f"failed: {failures}")
    return runs


def _seconds(runs: Sequence[Run]) -> list[float]:
    return [run.seconds for run in runs]


def _peaks(runs: Sequence[Run]) -> list[float]:
    return [(run.peak or 0) / MEGABYTE for run in runs]


def ratios(name: str, unit: str, samples: Samples) -> str:
    """A row: both medians, and the ratio with the least and the greatest of the rounds."""
    ratios = [now / before for before, now in zip(samples[_EARLIER], samples[_NOW], strict=True)]
    both = " ".join(f"{statistics.median(samples[version]):10.3f}" for version in (_EARLIER, _NOW))
    spread = f"{statistics.median(ratios):6.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"{name:60} {both} {unit:9} {spread}"


if __name__ == "__main__":
    sys.exit(main())
