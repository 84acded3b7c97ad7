"""Measure speed and memory beside its peers: `python scripts/benchmark.py [--json] [PART …]`.

Whole processes are timed from outside, in turn with what they are compared with (A B A B), after a warm-up; a figure
is the median of `--repeat` runs, with the least and the greatest. Peak memory counts mapped files as far as they were
read. Everything runs on a temporary copy of the corpus with a temporary index, and offline. Peers take part
where they are installed (the extra `compare`). `--scale` measures generated corpora instead, whose
index is built once each.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot import settings
from scripts.benchmarks.bench import FLEXBOT, Bench, Row, set_up
from scripts.benchmarks.machine import machine_facts
from scripts.benchmarks.parts import PARTS
from scripts.benchmarks.processes import Failed
from scripts.benchmarks.scale import MILLION, SIZES, scale
from scripts.benchmarks.table import headline, line

QUESTION = "what can i do about a stiff lower back"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    facts = {**machine_facts(), "repeat": options.repeat, "warm_up": options.warm_up}
    rows = []
    if not options.json:
        print(headline(facts))
    with tempfile.TemporaryDirectory(prefix="flexbot-benchmark-") as folder:
        for row in measured(set_up(Path(folder), options), options):
            rows.append(row)
            print(line(row), file=sys.stderr if options.json else sys.stdout, flush=True)
    facts["load_after"] = machine_facts()["load"]
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


if __name__ == "__main__":
    sys.exit(main())
