"""Search among very many phrasings: `python -m scripts.benchmarks.million [--entries 62500] [--phrasings 16]`.

`--growth PICTURE.svg` measures corpora from a thousand phrasings to a million and draws how the cost of asking grows.

Encoding a million phrasings takes most of an hour on two cores and says nothing about what comes after. So here a
stand-in makes the vectors: each word has a random direction, and a text is the sum of its words'. All the rest is real:
the generated corpus, the build, the inverted file, opening and asking. Add the encoder's own time to an ask.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chatbot import Chatbot
from chatbot.arrays import Vectors
from chatbot.records import Progress
from chatbot.text.cleaning import words
from scripts.benchmarks.generate_corpus import main as generate_corpus
from scripts.benchmarks.machine import machine_facts
from scripts.benchmarks.processes import MEGABYTE
from scripts.evaluation.picture import svg

_QUESTIONS = 500
_GROWTH = (63, 625, 6_250, 62_500)  # entries
_DRAWN = ("searching", "matching", "ask, encoding by the stand-in")


class RandomWords:
    """An encoder in which texts are alike when they share words."""

    dimension = 384

    def __init__(self) -> None:
        self._directions: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        sums = np.array([np.sum([self._direction(word) for word in words(text) or ["?"]], axis=0) for text in texts])
        if progress:
            progress(len(texts), len(texts))
        unit: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit

    def _direction(self, word: str) -> Vectors:
        if word not in self._directions:
            draw = np.random.default_rng(zlib.crc32(word.encode()))
            self._directions[word] = draw.normal(size=self.dimension).astype(np.float32)
        return self._directions[word]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=62_500)
    parser.add_argument("--phrasings", type=int, default=16)
    parser.add_argument("--growth", type=Path, metavar="PICTURE", help="measure growing corpora and draw a picture.")
    parser.add_argument("--only", choices=("build", "ask"), help="one of the two steps, in the folder that --in names.")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(built(options.folder) if options.only == "build" else asked(options.folder / "index")))
        return 0
    print(json.dumps(machine_facts(), indent=1), flush=True)
    rows = []
    for entries in _GROWTH if options.growth else (options.entries,):
        rows.append(measured(entries, options.phrasings))
        print(json.dumps(rows[-1], indent=1), flush=True)
    if options.growth:
        options.growth.write_text(picture(rows), encoding="utf-8")
    return 0


def measured(entries: int, phrasings: int) -> dict[str, Any]:
    """The figures of a generated corpus of so many entries with so many phrasings each."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="flexbot-million-") as folder:
        size = ("--entries", str(entries), "--phrasings", str(phrasings))
        generate_corpus([*size, str(Path(folder, "corpus.jsonl"))])
        for step in ("build", "ask"):  # each in a process of its own, so that its peak of memory is its own
            command = [sys.executable, "-m", "scripts.benchmarks.million", "--only", step, "--in", folder]
            figures |= json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def picture(rows: Sequence[dict[str, Any]]) -> str:
    """Milliseconds of an ask and of its parts against the number of phrasings."""
    curves = {name: [(row["phrasings"], row[name]) for row in rows] for name in _DRAWN}
    return svg("From a thousand phrasings to a million", "phrasings", "ms, median", curves, logarithmic=True)


def built(folder: Path) -> dict[str, Any]:
    """Seconds and memory of a first build."""
    seconds = timed(lambda: Chatbot.build(folder / "corpus.jsonl", folder / "index", encoder=RandomWords()))
    return {"build, seconds": round(seconds, 1), "build, peak megabytes": _peak()}


def asked(index: Path) -> dict[str, Any]:
    """Medians in milliseconds of opening, searching, matching and asking, and the memory that it took."""
    encoder = RandomWords()
    opening = timed(lambda: Chatbot.load(index, encoder=encoder))
    bot = Chatbot.load(index, encoder=encoder)
    held = bot.index
    rows = np.random.default_rng(0).choice(len(held.phrasings), min(_QUESTIONS, len(held.phrasings)), replace=False)
    questions = [f"please {held.phrasings[int(row)]}" for row in rows]
    vectors = encoder.encode(questions)
    bot.ask(questions[0])
    pairs = list(zip(questions, vectors, strict=True))
    return {
        "phrasings": len(held.phrasings),
        "search": asdict(held.manifest.matcher.search),
        "open": round(1000 * opening, 1),
        "searching": _median(pairs, lambda pair: held.search.nearest(pair[1], 10)),
        "matching": _median(
            pairs, lambda pair: held.matcher.scorer.compare(held.points.near([pair[0]], pair[1][None])[0])
        ),
        "ask, encoding by the stand-in": _median(pairs, lambda pair: bot.ask(pair[0])),
        # The rest of the peak are pages of the mapped files, which the system takes back when it needs them.
        "peak megabytes": _peak(),
        "of its own, megabytes": _own(),
    }


def _median(pairs: Sequence[tuple[str, Vectors]], do: Callable[[tuple[str, Vectors]], Any]) -> float:
    return round(1000 * float(np.median([timed(partial(do, pair)) for pair in pairs])), 2)


def timed(do: Callable[[], Any]) -> float:
    """Seconds that `do` takes."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _own() -> float:
    """The process's memory without the files that it has mapped, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    return sum(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("RssAnon"))


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE, 1)


if __name__ == "__main__":
    sys.exit(main())
