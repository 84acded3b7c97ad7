"""Kill rebuilds and look what is left: at moments chosen at random, and at each point at which the disk changes.

Before each rebuild a question, its answer and the disclaimer are edited. After each death the index must open, be the
old one or the new one whole, and answer from it; the next build must mend it and leave nothing behind. Then two builds
at once, and readers while the index is rebuilt again and again.

A point is each opening of a file for writing, write (killed half-way through it), renaming, removal, making of a
folder, and sync.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from trial import PROJECT, Bench, Row, arguments, bench, number_of, run

from chatbot import Chatbot
from chatbot.errors import ChatbotError
from chatbot.index.store import open_store

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink")
_ME = Path(__file__).resolve()


def start(what: Bench, *command: str | int) -> subprocess.Popen[str]:
    """A rebuild in a process of its own; `command` makes it one that dies."""
    program = [str(_ME), *map(str, command)] if command else ["-m", "chatbot"]
    places = ["build", "--corpus", str(what.corpus), "--index", str(what.index)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        [sys.executable, *program, *places], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def after(what: Bench, row: Row, where: str, old: int, outcomes: Counter[str]) -> None:
    """Look at what a death left, then build again."""
    try:
        found = what.number()
        outcomes["old" if found == old else "new"] += 1
        if found not in (old, old + 1):
            row.violated(f"{where}: the index is of edit {found}, not of {old} or {old + 1}")
        what.build()
        if what.number() != old + 1:
            row.violated(f"{where}: the next build did not mend")
        files = {record.file for record in open_store(what.index).files.values()}
        left = {path.name for path in what.index.iterdir()} - files - {".lock", "manifest.json"}
        if left:
            row.violated(f"{where}: left behind {sorted(left)}")
    except (AssertionError, ChatbotError) as error:
        row.violated(f"{where}: {type(error).__name__}: {error}")
        what.build()


def random_moments(what: Bench, times: int, chance: random.Random) -> Row:
    row, outcomes = Row("rebuild killed (SIGKILL) at a moment chosen at random"), Counter()
    number = what.number()
    longest = 0.0
    for _ in range(3):
        number += 1
        what.edit(number)
        started = time.monotonic()
        start(what).communicate()
        longest = max(longest, time.monotonic() - started)
    while row.times < times:
        what.edit(number + 1)
        process = start(what)
        moment = chance.uniform(0, longest)
        time.sleep(moment)
        process.kill()
        _, errors = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            row.violated(f"the rebuild failed: {errors.strip()[-200:]}")
        row.times += process.returncode == -signal.SIGKILL
        outcomes["over before"] += process.returncode == 0
        after(what, row, f"after {moment:.2f} s", number, outcomes)
        number += 1
    row.happened = (
        f"the old index {outcomes['old']}, the new one {outcomes['new']} ({outcomes['over before']} were over)"
    )
    return row


def every_point(what: Bench, most: int) -> Row:
    row, outcomes = Row("rebuild killed at each opening, write, renaming, removal and sync"), Counter()
    number, died = what.number(), True
    while died and row.times < most:
        what.edit(number + 1)
        process = start(what, "--die-at", row.times + 1)
        _, errors = process.communicate()
        died = process.returncode == -signal.SIGKILL
        if not died and process.returncode:
            row.violated(f"the rebuild failed: {errors.strip()[-200:]}")
            break
        row.times += died
        after(what, row, f"point {row.times}", number, outcomes)
        number += 1
    row.happened = f"the old index {outcomes['old']}, the new one {outcomes['new'] - (not died)}"
    return row


def two_at_once(what: Bench, times: int) -> Row:
    row, outcomes = Row("two rebuilds of one index at once"), Counter()
    number = what.number()
    for row.times in range(1, times + 1):
        number += 1
        what.edit(number)
        for process in [start(what), start(what)]:
            out, errors = process.communicate()
            busy = process.returncode == 2 and "another build is writing" in errors
            outcomes["busy" if busy else out.split(":")[0].strip()] += 1
            if process.returncode and not busy:
                row.violated(f"a build failed: {errors.strip()[-200:]}")
        if what.number() != number:
            row.violated(f"the index is of edit {what.number()}, not {number}")
    row.happened = ", ".join(f"{count} × {name}" for name, count in outcomes.most_common())
    return row


def readers(what: Bench, times: int) -> Row:
    """Two threads open the index anew and ask, one goes on asking the index that it opened first."""
    row, outcomes, over = Row("rebuilds under readers"), Counter(), threading.Event()
    first = Chatbot.load(what.index)
    number = oldest = number_of(first)

    def look(kind: str, ask: Callable[[], Any]) -> None:
        while not over.is_set():
            try:
                if not oldest <= ask() <= number:
                    row.violated(f"{kind}: an edit that there was not")
                outcomes[kind] += 1
            except Exception as error:
                row.violated(f"{kind}: {type(error).__name__}: {error}")

    def stays() -> int:
        return number_of(first) if number_of(first) == oldest else -1

    looks = [partial(look, "opened and asked", what.number)] * 2 + [partial(look, "asked the first index", stays)]
    threads = [threading.Thread(target=each) for each in looks]
    for thread in threads:
        thread.start()
    for row.times in range(1, times + 1):
        number += 1
        what.edit(number)
        _, errors = start(what).communicate()
        if what.number() != number:
            row.violated(f"rebuild {row.times} did not come: {errors.strip()[-200:]}")
    over.set()
    for thread in threads:
        thread.join()
    row.happened = ", ".join(f"{name} {count:,} times" for name, count in outcomes.items())
    return row


def die_at(point: int) -> None:
    """Have this process killed at its change number `point` of the disk."""
    import io

    left, sync, really_open = point, os.fsync, io.open

    def reached(half_way: Callable[[], object] = lambda: None) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            half_way()
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES):
            reached()

    class Torn:
        """A file whose writes may end half-way."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, data: Any) -> int:
            reached(lambda: (self.file.write(data[: len(data) // 2]), self.file.flush()))
            return int(self.file.write(data))

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def __enter__(self) -> "Torn":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

    def opened(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        found = really_open(file, mode, *rest, **options)
        return Torn(found) if "w" in mode else found

    os.fsync = lambda descriptor: (reached(), sync(descriptor))[1]  # type: ignore[assignment]
    io.open = opened  # type: ignore[assignment]
    sys.addaudithook(audit)


def main() -> int:
    if sys.argv[1:2] == ["--die-at"]:
        from chatbot.cli import main as flexbot

        die_at(int(sys.argv[2]))
        return flexbot(sys.argv[3:])
    options = arguments(__doc__, moments=300, points=10_000, pairs=50, rebuilds=100).parse_args()
    with bench(options.index) as what:
        return run(
            [
                partial(every_point, what, options.points),
                partial(random_moments, what, options.moments, random.Random(options.seed)),  # noqa: S311
                partial(two_at_once, what, options.pairs),
                partial(readers, what, options.rebuilds),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
