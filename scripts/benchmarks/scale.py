"""Generated corpora of growing sizes: building, opening and asking."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from scripts.benchmarks.bench import ANSWERED, FLEXBOT, INSIDE, PYTHON, Bench, Row, warm_rows
from scripts.benchmarks.machine import memory_to_spend
from scripts.benchmarks.processes import MEGABYTE, Failed

SIZES = (1_000, 4_000, 16_000)
MILLION = (62_500, 16)
_PHRASINGS = 4


def scale(bench: Bench, entries: int, phrasings: int = _PHRASINGS) -> Iterator[Row]:
    """A generated corpus of that many entries: one build, then opening and asking."""
    size = f"{entries:,} entries, {entries * phrasings:,} phrasings: "
    folder = bench.work / f"scale-{entries}"
    folder.mkdir()
    here = replace(bench, corpus=folder / "corpus.jsonl", index=folder / "index")
    arguments = ("--entries", str(entries), "--phrasings", str(phrasings))
    here.run(PYTHON, "-m", "scripts.benchmarks.generate_corpus", *arguments, here.corpus)
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
            {f"{size}flexbot ask, whole process": partial(here.run, *FLEXBOT, "ask", bench.question, ok=ANSWERED)},
        )
        yield from warm_rows("scale", here, "--brief", prefix=size)
    shutil.rmtree(folder)


def _opening(bench: Bench, name: str) -> Row:
    """Opening, timed within a new process each time."""
    try:
        return Row("scale", name, "ms", tuple(bench.printed(*INSIDE, "open", bench.index)))
    except Failed as failure:
        return Row("scale", name, "ms", error=str(failure))
