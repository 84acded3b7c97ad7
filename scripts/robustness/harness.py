"""What the robustness experiments share: a sandbox, questions that tell one edit from another, and the table."""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from chatbot import Chatbot
from chatbot.building.build import build
from chatbot.index.index import Index

PROJECT = Path(__file__).resolve().parents[2]
CORPUS = PROJECT / "tests" / "data" / "corpus"
_EDITED, _EDITED_ID = "dose/how-long-hold.md", "how-long-hold"
_VIOLATIONS_SHOWN = 20
LONGEST_WAIT = 600  # seconds, after which a process hangs, however busy the machine is


@dataclass
class Row:
    """A line of the table: what was done, how often, what happened, and each time that a promise did not hold."""

    done: str
    times: int = 0
    happened: str = ""
    violations: list[str] = field(default_factory=list)

    def violated(self, what: str) -> None:
        self.violations.append(what)


@dataclass(frozen=True)
class Sandbox:
    """A copy of the test corpus and an index of it, to do things to."""

    corpus: Path
    index: Path

    def edit(self, number: int) -> None:
        """Change a question, its answer and the disclaimer, each to name `number`."""
        (self.corpus / "disclaimer.md").write_text(f"Disclaimer {number}.")
        text = f"---\nquestion: {question(number)}\n---\n## A\n\nAnswer {number}.\n"
        (self.corpus / _EDITED).write_text(text)

    def build(self) -> None:
        build(self.corpus, self.index)

    def number(self) -> int:
        """The number of the edit that the index holds. Raises `AssertionError` when its parts name several."""
        return number_of(Chatbot(Index.open(self.index)))


def question(number: int) -> str:
    return f"How many seconds in edit {number}?"


def number_of(bot: Chatbot) -> int:
    """The number of the edit that a bot replies from, after a question, its reply and the entry have named the same."""
    number = int(bot.index.disclaimer.removeprefix("Disclaimer ").removesuffix("."))
    reply = bot.ask(question(number))
    shown = (reply.id, reply.question, reply.disclaimer, [answer.text for answer in reply.answers])
    wanted = (_EDITED_ID, question(number), f"Disclaimer {number}.", [f"Answer {number}."])
    if shown != wanted:
        raise AssertionError(f"a mixture: {shown} instead of {wanted}")
    return number


@contextmanager
def new_sandbox(index: Path | None, *, edited: bool = True) -> Iterator[Sandbox]:
    """A sandbox in a temporary folder, in which edit 0 is built, or the corpus as it is.

    `index` is one of the test corpus to begin from, to save time.
    """
    with TemporaryDirectory(prefix="flexbot-robustness-") as place:
        sandbox = Sandbox(Path(place, "corpus"), Path(place, "index"))
        shutil.copytree(CORPUS, sandbox.corpus)
        if index:
            shutil.copytree(index, sandbox.index, ignore=shutil.ignore_patterns(".lock", ".tmp-*"))
        if edited:
            sandbox.edit(0)
        sandbox.build()
        yield sandbox


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, in which Python imports this checkout's modules from any folder."""
    # Threads that wait for one another must not spin meanwhile: on a busy machine that takes more than the work itself.
    return {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_WAIT_POLICY": "passive", **changes}


def arguments(description: str | None, **counts: int) -> argparse.ArgumentParser:
    """The options of every experiment, and one for each count."""
    parser = argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit status: 0, or 1 when a promise did not hold.",
    )
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="an index of the test corpus, else one is built.")
    parser.add_argument("--json", action="store_true", help="the table as JSON, with every violation.")
    parser.add_argument("--seed", type=int, default=1, help="of everything random.")
    for name, count in counts.items():
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"default {count:,}.")
    return parser


def run(experiments: Sequence[Callable[[], Row]], as_json: bool) -> int:
    """Run the experiments, print what came of them, and return the exit status."""
    rows, started = [], time.monotonic()
    for experiment in experiments:
        row = experiment()
        rows.append(row)
        if row.violations:
            row.happened = f"not what is promised, {len(row.violations):,} times"
        print(f"{row.done}: {row.times:,}, {len(row.violations)} violations", file=sys.stderr, flush=True)
    minutes = (time.monotonic() - started) / 60
    if as_json:
        print(json.dumps({"minutes": round(minutes, 1), "rows": [asdict(row) for row in rows]}, indent=1))
    else:
        _print_table(rows, minutes)
    return int(any(row.violations for row in rows))


def _print_table(rows: Sequence[Row], minutes: float) -> None:
    print("| done | times | what happened | violations |\n| --- | ---: | --- | ---: |")
    for row in rows:
        print(f"| {row.done} | {row.times:,} | {row.happened} | {len(row.violations)} |")
    print(f"\nIn {minutes:.1f} minutes.")
    for row in rows:
        for violation in row.violations[:_VIOLATIONS_SHOWN]:
            print(f"VIOLATION: {row.done}: {violation}")
