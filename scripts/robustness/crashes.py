"""Kill rebuilds and look what is left: at moments chosen at random, and at each point at which the disk changes.

Before each rebuild a question, its answer and the disclaimer are edited. After each death the index must open, be the
old one or the new one whole, and answer from it; the next build must mend it and leave nothing behind. Then two builds
at once, and readers while the index is rebuilt again and again. The points are those of `dying.py`.
"""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from chatbot import Chatbot
from chatbot.errors import ChatbotError
from chatbot.index.store import open_store
from scripts.robustness.harness import Row, Sandbox, arguments, environment, new_sandbox, number_of, run


def start(sandbox: Sandbox, die_at: int | None = None) -> subprocess.Popen[str]:
    """A rebuild in a process of its own, which dies at the point `die_at`, if any."""
    program = ["chatbot"] if die_at is None else ["scripts.robustness.dying", str(die_at)]
    places = ["build", "--corpus", str(sandbox.corpus), "--index", str(sandbox.index)]
    return subprocess.Popen(
        [sys.executable, "-m", *program, *places],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def after(sandbox: Sandbox, row: Row, where: str, old: int, outcomes: Counter[str]) -> None:
    """Look at what a death left, then build again."""
    try:
        number = sandbox.number()
        outcomes["old" if number == old else "new"] += 1
        if number not in (old, old + 1):
            row.violated(f"{where}: the index is of edit {number}, not of {old} or {old + 1}")
        sandbox.build()
        if sandbox.number() != old + 1:
            row.violated(f"{where}: the next build did not mend")
        files = {record.file for record in open_store(sandbox.index).files.values()}
        left = {path.name for path in sandbox.index.iterdir()} - files - {".lock", "manifest.json"}
        if left:
            row.violated(f"{where}: left behind {sorted(left)}")
    except (AssertionError, ChatbotError) as error:
        row.violated(f"{where}: {type(error).__name__}: {error}")
        sandbox.build()


def random_moments(sandbox: Sandbox, times: int, chance: random.Random) -> Row:
    row, outcomes = Row("rebuild killed (SIGKILL) at a moment chosen at random"), Counter()
    number = sandbox.number()
    longest = 0.0
    for _ in range(min(3, times)):
        number += 1
        sandbox.edit(number)
        started = time.monotonic()
        start(sandbox).communicate()
        longest = max(longest, time.monotonic() - started)
    while row.times < times:
        sandbox.edit(number + 1)
        process = start(sandbox)
        moment = chance.uniform(0, longest)
        time.sleep(moment)
        process.kill()
        _, errors = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            row.violated(f"the rebuild failed: {errors.strip()[-200:]}")
        row.times += process.returncode == -signal.SIGKILL
        outcomes["over before"] += process.returncode == 0
        after(sandbox, row, f"after {moment:.2f} s", number, outcomes)
        number += 1
    row.happened = (
        f"the old index {outcomes['old']}, the new one {outcomes['new']} ({outcomes['over before']} were over)"
    )
    return row


def every_point(sandbox: Sandbox, most: int) -> Row:
    row, outcomes = Row("rebuild killed at each opening, write, renaming, removal and sync"), Counter()
    number, died = sandbox.number(), True
    while died and row.times < most:
        sandbox.edit(number + 1)
        process = start(sandbox, row.times + 1)
        _, errors = process.communicate()
        died = process.returncode == -signal.SIGKILL
        if not died and process.returncode:
            row.violated(f"the rebuild failed: {errors.strip()[-200:]}")
            break
        row.times += died
        after(sandbox, row, f"point {row.times}", number, outcomes)
        number += 1
    row.happened = f"the old index {outcomes['old']}, the new one {outcomes['new'] - (not died)}"
    return row


def two_at_once(sandbox: Sandbox, times: int) -> Row:
    row, outcomes = Row("two rebuilds of one index at once"), Counter()
    number = sandbox.number()
    for row.times in range(1, times + 1):
        number += 1
        sandbox.edit(number)
        for process in [start(sandbox), start(sandbox)]:
            out, errors = process.communicate()
            busy = process.returncode == 2 and "another build is writing" in errors
            outcomes["busy" if busy else out.split(":")[0].strip()] += 1
            if process.returncode and not busy:
                row.violated(f"a build failed: {errors.strip()[-200:]}")
        if sandbox.number() != number:
            row.violated(f"the index is of edit {sandbox.number()}, not {number}")
    row.happened = ", ".join(f"{count} × {name}" for name, count in outcomes.most_common())
    return row


def readers(sandbox: Sandbox, times: int) -> Row:
    """Two threads open the index anew and ask, one goes on asking the index that it opened first."""
    row, outcomes, over = Row("rebuilds under readers"), Counter(), threading.Event()
    first = Chatbot.load(sandbox.index)
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

    looks = [partial(look, "opened and asked", sandbox.number)] * 2 + [partial(look, "asked the first index", stays)]
    threads = [threading.Thread(target=each) for each in looks]
    for thread in threads:
        thread.start()
    for row.times in range(1, times + 1):
        number += 1
        sandbox.edit(number)
        _, errors = start(sandbox).communicate()
        if sandbox.number() != number:
            row.violated(f"rebuild {row.times} did not come: {errors.strip()[-200:]}")
    over.set()
    for thread in threads:
        thread.join()
    row.happened = ", ".join(f"{name} {count:,} times" for name, count in outcomes.items())
    return row


def main() -> int:
    options = arguments(__doc__, moments=300, points=10_000, pairs=50, rebuilds=100).parse_args()
    with new_sandbox(options.index) as sandbox:
        return run(
            [
                partial(every_point, sandbox, options.points),
                partial(random_moments, sandbox, options.moments, random.Random(options.seed)),  # noqa: S311
                partial(two_at_once, sandbox, options.pairs),
                partial(readers, sandbox, options.rebuilds),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
