"""Fuzz both readers of a corpus and `ask`, with Hypothesis and with Atheris (guided by coverage).

Atheris (`pip install atheris`, Linux) is not among the tests' dependencies; name the Python that has it, and the
package's dependencies, with `--atheris`. What breaks a promise is written to `tests/data/seeds/<target>/`, from where
the tests try it again. No input may take more than 5 seconds of processor time or more than 2 GB.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hypothesis

from chatbot.corpus.reader import read_corpus
from chatbot.index.stored_entries import entry_to_json
from scripts.robustness.fuzz_strategies import strategies
from scripts.robustness.fuzz_targets import TARGETS, Broken, target
from scripts.robustness.harness import CORPUS, PROJECT, Row, arguments, environment, new_sandbox, run

SEEDS = PROJECT / "tests" / "data" / "seeds"
_SECONDS, _MEGABYTES = 5, 2048
# What the readers look for, for Atheris to write.
_WORDS = (
    "---\\x0A", "## ", "\\x0A  - ", ": ", "[@", "; @", "question", "alternate_questions", "look_alikes", "related",
    "kind", "care", "urgent", "small-talk", "reviewed", "avoid_if", "sources:", "title", "verified", "answers",
    "viewpoint", "\\x1B[", "\\x1B]8;;", "\\xE2\\x80\\xAE", "\\xEF\\xBB\\xBF", "\\xFF", "\\xCD\\x85\\xCC\\xA7",
    "&a ", "*a", "!!python/", "{}", "no ", " and ", " but ", "doctor", "fine", "years ago", "numb", "the first one",
    "how long should i hold it",
)  # fmt: skip


def keep(name: str, data: bytes) -> Path:
    """Keep an input that broke something for the tests."""
    path = SEEDS / name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def beginnings(name: str) -> Iterator[bytes]:
    """Sound inputs, from which Atheris goes on, and those that broke something before."""
    corpus = read_corpus(CORPUS)
    if name == "sources":
        yield (CORPUS / "sources.yaml").read_bytes()
    elif name == "markdown":
        yield from ((CORPUS / file).read_bytes() for file in corpus.files if "/" in file)
    elif name == "json_lines":
        yield from (entry_to_json(entry).encode() for entry in corpus.entries)
        yield b'{"id": "a", "question": "b", "answer": "c [@d]", "topic": "e", "kind": "urgent", "care": "routine"}'
        yield b'{"id": "a", "question": "b", "answers": [{"viewpoint": "c", "text": "d"}, "e"], "related": ["sound"]}'
    else:
        yield from (phrasing.encode() for entry in corpus.entries for phrasing in entry.phrasings)
    if (SEEDS / name).is_dir():
        yield from (path.read_bytes() for path in sorted((SEEDS / name).iterdir()))


def _test(name: str, attempt: Callable[[bytes], None], seed: int) -> Callable[[], None]:
    """A hundred attempts by Hypothesis, as a function."""
    settings = hypothesis.settings(
        max_examples=100,
        deadline=None,  # a limit of `attempt`, in time of its own
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )

    def test(data: bytes) -> None:
        attempt(data)

    made: Callable[[], None] = hypothesis.seed(seed)(settings(hypothesis.given(strategies()[name])(test)))
    return made


def with_hypothesis(name: str, index: Path, minutes: float, seed: int) -> Row:
    row, end = Row(f"Hypothesis: {name}"), time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        attack = target(name, Path(folder), index)

        def attempt(failing: list[bytes], data: bytes) -> None:
            if row.times and time.monotonic() > end:
                return
            row.times += 1
            failing.append(data)
            began = time.thread_time()
            attack(data)
            if time.thread_time() - began > _SECONDS:
                raise Broken(f"took more than {_SECONDS} s")
            failing.pop()

        while not row.times or (time.monotonic() < end and len(row.violations) < 5):
            failing: list[bytes] = []
            try:
                _test(name, partial(attempt, failing), seed + row.times)()
            except Exception as error:
                path = keep(name, failing[-1] if failing else b"")
                row.violated(f"{type(error).__name__}: {str(error)[:300]}; {path}")
    row.happened = f"{minutes:g} minutes"
    return row


def with_atheris(name: str, index: Path, minutes: float, seed: int, python: Path) -> Row:
    row = Row(f"Atheris: {name}")
    with tempfile.TemporaryDirectory() as place:
        grown, broke, begin, words = (Path(place, kind) for kind in ("grown", "broke", "begin", "words"))
        for folder in (grown, broke, begin):
            folder.mkdir()
        options = [f"-max_total_time={int(60 * minutes)}", f"-timeout={_SECONDS}", f"-rss_limit_mb={_MEGABYTES}",
                   f"-seed={seed}", "-max_len=6000", "-print_final_stats=1", f"-artifact_prefix={broke}/",
                   f"-dict={words}"]  # fmt: skip
        words.write_text("".join(f'"{word}"\n' for word in _WORDS))
        for number, data in enumerate(beginnings(name)):
            (begin / str(number)).write_bytes(data)
        command = [python, "-m", "scripts.robustness.fuzz_atheris", name, str(index), *options, grown, begin]
        done = subprocess.run(list(map(str, command)), capture_output=True, cwd=place, env=environment(), check=False)
        errors = done.stderr.decode("utf-8", "replace")
        units = re.search(r"number_of_executed_units:\s*(\d+)", errors)
        covered = re.findall(r"cov: (\d+)", errors)
        row.times = int(units[1]) if units else 0
        row.happened = f"{minutes:g} minutes, {covered[-1] if covered else 0} branches covered"
        for path in broke.iterdir():
            row.violated(f"{keep(name, path.read_bytes())}: {errors.strip()[-600:]}")
        if not units or (done.returncode and not row.violations):
            row.violated(f"Atheris ended with {done.returncode}: {errors.strip()[-300:]}")
    return row


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=7.5, help="for each engine and target; default 7.5.")
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    parser.add_argument(
        "--atheris", type=Path, metavar="PYTHON", help="a Python with Atheris; without it, Hypothesis only."
    )
    options = parser.parse_args()
    with new_sandbox(options.index, edited=False) as sandbox:
        common = (sandbox.index, options.minutes, options.seed)
        experiments = [partial(with_hypothesis, name, *common) for name in options.targets]
        if options.atheris:
            experiments += [partial(with_atheris, name, *common, options.atheris) for name in options.targets]
        return run(experiments, options.json)


if __name__ == "__main__":
    sys.exit(main())
