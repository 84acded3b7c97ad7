"""Measure speed and memory beside the alternatives: `python scripts/benchmark.py [--json] [PART …]`.

Whole processes are timed from outside, in turn with what they are compared with (A B A B), after a warm-up; a figure
is the median of `--repeat` runs, with the least and the greatest. Peak memory counts mapped files as far as they were
read. Everything runs on a temporary copy of the corpus with a temporary index, and offline. txtai and Haystack take
part where they are installed (the extra `compare`). `--scale` measures generated corpora instead, whose
index is built once each.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot import settings
from scripts.bench_parts import FLEXBOT, MILLION, PARTS, SCRIPTS, SIZES, Bench, Row, scale
from scripts.machine import about
from scripts.processes import Failed

QUESTION = "what can i do about a stiff lower back"
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "ORT_DISABLE_TELEMETRY": "1"}


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    facts = {**about(), "repeat": options.repeat, "warm_up": options.warm_up}
    rows = []
    if not options.json:
        print(headline(facts))
    with tempfile.TemporaryDirectory(prefix="flexbot-benchmark-") as folder:
        for row in measured(set_up(Path(folder), options), options):
            rows.append(row)
            print(line(row), file=sys.stderr if options.json else sys.stdout, flush=True)
    facts["load_after"] = about()["load"]
    if options.json:
        print(json.dumps({"schema": 1, "about": facts, "rows": [row.to_dict() for row in rows]}, indent=1))
    else:
        print(f"\nLoad of the machine before {facts['load']}, after {facts['load_after']}.")
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them by default.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON.")
    parser.add_argument("--corpus", type=Path, default=settings.corpus_path())
    parser.add_argument("--index", type=Path, help="begin with a copy of this index rather than by building one.")
    parser.add_argument("--question", default=QUESTION, help="what the cold processes are asked.")
    parser.add_argument("--questions", type=int, default=1000, help="how many the warm one is asked (%(default)s).")
    parser.add_argument("--repeat", type=int, default=5, help="runs for a figure (%(default)s).")
    parser.add_argument("--warm-up", type=int, default=1, help="runs before the first that counts (%(default)s).")
    sizes = f"the entries of generated corpora to measure ({' '.join(map(str, SIZES))})."
    parser.add_argument("--scale", type=int, nargs="*", metavar="ENTRIES", help=sizes)
    parser.add_argument("--million", action="store_true", help="measure a corpus of 1,000,000 phrasings.")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if options.repeat < 1 or options.warm_up < 0 or options.questions < 1:
        parser.error("--repeat and --questions must be at least 1, --warm-up at least 0")
    return options


def set_up(work: Path, options: argparse.Namespace) -> Bench:
    """A copy of the corpus and the environment in which everything runs."""
    # Not the caller's switches for Python, such as the one against bytecode, which would make every start compile.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CHATBOT_"))}
    path = os.pathsep.join(filter(None, (str(SCRIPTS.parent), os.environ.get("PYTHONPATH"))))
    return Bench(
        work=work,
        corpus=copied(options.corpus, work / "corpus"),
        index=work / "index",
        environment={**kept, **_OFFLINE, "PYTHONPATH": path, "TERM": "xterm-256color"},
        question=options.question,
        questions=options.questions,
        repeat=options.repeat,
        warm_up=options.warm_up,
    )


def copied(corpus: Path, folder: Path) -> Path:
    """A copy of a corpus, in a folder that is not there yet."""
    if corpus.is_dir():
        return Path(shutil.copytree(corpus, folder))
    folder.mkdir()
    for name in (corpus.name, "sources.yaml", "disclaimer.md"):
        if (corpus.parent / name).is_file():
            shutil.copy2(corpus.parent / name, folder / name)
    return folder / corpus.name


def measured(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they come."""
    scaled = options.scale is not None or options.million
    wanted = options.parts or ([] if scaled else list(PARTS))
    if options.index:
        shutil.copytree(options.index, bench.index)
    if wanted and "build" not in wanted:
        try:
            bench.run(*FLEXBOT, "build")
        except Failed as failure:
            yield Row("build", "flexbot build, to measure the rest with", "s", error=str(failure))
            return
    for part in PARTS:
        if part in wanted:
            yield from PARTS[part](bench)
    if options.scale is not None:
        for entries in options.scale or SIZES:
            yield from scale(bench, entries)
    if options.million:
        yield from scale(bench, *MILLION)


def headline(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (
        f"{facts['date']}: {facts['processor']}, {facts['cores']} cores, {facts['memory_gigabytes']} GB\n"
        f"{facts['system']}\n"
        f"Python {facts['python']}, {versions}\n"
        f"Medians of {facts['repeat']} after {facts['warm_up']} to warm up; "
        "'times' compares with the first row taken in turn with it.\n\n"
        f"{'':8} {'':72} {'median':>9} {'min':>9} {'max':>9} {'':8} {'times':>7} {'peak MB':>8}"
    )


def line(row: Row) -> str:
    """A row of the table."""
    start = f"{row.part:8} {row.name:72}"
    if row.error:
        return f"{start} {row.error}"
    shown = row.to_dict()
    times = f"{row.times:.2f}" if row.times is not None else ""
    peak = f"{row.peak_megabytes:.0f}" if row.peak_megabytes else ""
    spread = " ".join(f"{number(shown[name]):>9}" for name in ("median", "min", "max"))
    return f"{start} {spread} {row.unit:8} {times:>7} {peak:>8}".rstrip()


def number(value: float) -> str:
    """Three digits or more: 1,234, 51.2, 4.53, 0.345."""
    return (
        f"{value:,.0f}"
        if value >= 100
        else f"{value:.1f}"
        if value >= 10
        else f"{value:.2f}"
        if value >= 1
        else f"{value:.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
