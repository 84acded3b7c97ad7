"""Ask from many threads, for a long time, after a fork and from asyncio: every reply must be that of a single thread.

In the middle of the threads' asks the corpus is edited, the index rebuilt and a new `Chatbot` put in the place of the
old one, as a server would. Memory is what the process holds in RAM (Linux), before and after.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from chatbot import Chatbot
from chatbot.corpus.reader import read_corpus
from chatbot.index.index import Index
from scripts.robustness.harness import (
    CORPUS,
    LONGEST_WAIT,
    Row,
    Sandbox,
    arguments,
    environment,
    new_sandbox,
    question,
    run,
)

_OTHERS = (
    "what is the capital of france",
    "my hip is tight, no numbness, and my back is stiff. what helps?",
    "strech hips",
)
_MOST_GROWTH = 5_000_000


def questions() -> list[str]:
    """Every phrasing of the test corpus, the edited question and some that it has no answer to."""
    phrasings = [phrasing for entry in read_corpus(CORPUS).entries for phrasing in entry.phrasings]
    return [*phrasings, question(0), question(1), *_OTHERS]


def opened(sandbox: Sandbox) -> tuple[Chatbot, dict[str, str]]:
    """A chatbot and its replies to every question, from one thread."""
    bot = Chatbot(Index.open(sandbox.index))
    return bot, {each: bot.ask(each).to_json() for each in questions()}


def threads(sandbox: Sandbox, asks: int, workers: int) -> Row:
    row = Row(f"asks from {workers} threads, a rebuild and a reload in the middle")
    serving = opened(sandbox)
    old = serving
    lock, asked, failed = threading.Lock(), [0, 0], list[BaseException]()

    def ask(stream: Iterator[str]) -> None:
        # On until there were enough, a quarter of them after the reload.
        while (sum(asked) < asks or asked[1] < asks // 4) and not failed:
            each, now = next(stream), serving
            bot, wanted = now
            reply = bot.ask(each).to_json()
            with lock:
                asked[now is not old] += 1
                if reply != wanted[each]:
                    row.violated(f"{each!r}: another reply than from one thread")

    with ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(ask, cycle(questions()[start:] + questions()[:start])) for start in range(workers)]
        while sum(asked) < asks // 3 and not any(job.done() for job in jobs):
            time.sleep(0.05)
        sandbox.edit(1)
        sandbox.build()
        serving = opened(sandbox)
        for job in as_completed(jobs):
            failed += [error] if (error := job.exception()) else []
    row.times = sum(asked)
    for error in failed:
        row.violated(f"{type(error).__name__}: {error}")
    if old[1] == serving[1]:
        row.violated("the reload changed nothing")
    row.happened = (
        f"{asked[0]:,} from the old index, {asked[1]:,} from the new; each equal to the single-threaded reply"
    )
    return row


def memory(sandbox: Sandbox, asks: int, warm_up: int) -> Row:
    row, (bot, _) = Row("asks of one chatbot, memory before and after"), opened(sandbox)
    stream = cycle(questions())
    for each in islice(stream, warm_up):
        bot.ask(each)
    before = _resident()
    for each in islice(stream, asks):
        bot.ask(each).to_json()
        row.times += 1
    grown = _resident() - before
    row.happened = f"from {before / 1e6:.1f} MB by {grown / 1e6:+.1f} MB"
    if grown > _MOST_GROWTH:
        row.violated(f"memory grew by {grown / 1e6:.1f} MB")
    return row


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def forks(sandbox: Sandbox, times: int) -> Row:
    """Forks in a process of its own, that of a server which loads and asks before it forks its workers."""
    row = Row("forks after loading and asking; parent and child ask on")
    command = [sys.executable, "-m", "scripts.robustness.many_at_once", "--server", str(sandbox.index), str(times)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST_WAIT, env=environment(), check=False
        )
    except subprocess.TimeoutExpired:
        row.violated("a child hangs")
        return row
    row.times = done.stdout.count("same")
    row.happened = "each child's replies equal the parent's, `ask` and `ask_many`"
    if done.returncode or row.times != times:
        row.violated(f"status {done.returncode}: {done.stdout[-200:]} {done.stderr[-300:]}")
    return row


def server(index: str, times: int) -> int:
    bot = Chatbot.load(index)
    wanted = _everything(bot)
    for _ in range(times):
        child = os.fork()
        if child == 0:
            os._exit(0 if _everything(bot) == wanted else 1)
        same = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 and _everything(bot) == wanted
        print("same" if same else "different", flush=True)
    return 0


def _everything(bot: Chatbot) -> list[str]:
    alone = [bot.ask(each).to_json() for each in islice(questions(), 5)]
    return [*alone, *(reply.to_json() for reply in bot.ask_many(questions()))]


def from_asyncio(sandbox: Sandbox, asks: int) -> Row:
    """The pattern of the README: `await asyncio.to_thread(bot.ask, question)`."""
    row, (bot, wanted) = Row("asks from asyncio, a hundred at a time"), opened(sandbox)

    async def ask_all() -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        every = list(islice(cycle(questions()), asks))
        for start in range(0, asks, 100):
            part = every[start : start + 100]
            replies = await asyncio.gather(*(asyncio.to_thread(bot.ask, each) for each in part))
            pairs += zip(part, (reply.to_json() for reply in replies), strict=True)
        return pairs

    for each, reply in asyncio.run(ask_all()):
        row.times += 1
        if reply != wanted[each]:
            row.violated(f"{each!r}: another reply than from one thread")
    row.happened = "each equal to the single-threaded reply"
    return row


def main() -> int:
    if sys.argv[1:2] == ["--server"]:
        return server(sys.argv[2], int(sys.argv[3]))
    counts = {"asks": 20_000, "threads": 16, "first": 2000, "long": 100_000, "forks": 20, "tasks": 2000}
    options = arguments(__doc__, **counts).parse_args()
    with new_sandbox(options.index) as sandbox:
        return run(
            [
                partial(threads, sandbox, options.asks, options.threads),
                partial(from_asyncio, sandbox, options.tasks),
                partial(forks, sandbox, options.forks),
                partial(memory, sandbox, options.long, options.first),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
