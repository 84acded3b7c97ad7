"""Those who ask while `scripts.robustness.divided` does things to the servers: each in a process of its own."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from chatbot import Chatbot, StoreUnavailable
from chatbot.addresses import Address
from chatbot.bot import opened_store
from chatbot.index.index import Index
from scripts.benchmarks.million import RandomWords


def opened(address: str) -> Chatbot:
    """The bot on what is published, whatever became of the corpus since."""
    return Chatbot(Index(opened_store(Address.parse(address)), RandomWords()))


@contextmanager
def asking(address: str, folder: Path, count: int) -> Iterator[list[dict[str, Any]]]:
    """Has clients ask what `folder/questions.json` holds of what is published at `address`, until the block ends; then
    the list is what they met. Within it all have opened the index."""
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    command = [sys.executable, "-m", "scripts.robustness.divided_clients", str(folder)]
    clients = [Popen([*command, str(number)], stdin=PIPE, stdout=PIPE, text=True) for number in range(count)]
    for client in clients:
        _ = client.stdin and client.stdin.write(f"{address}\n") and client.stdin.flush()
        _ = client.stdout and client.stdout.readline()
    met: list[dict[str, Any]] = []
    try:
        yield met
    finally:
        stop.touch()
        met += [json.loads(client.communicate()[0]) for client in clients]


def ask_until_stopped(address: str, folder: Path, number: int) -> dict[str, Any]:
    """What a client met: a reply is a mixture when it is not the one that its revision gives."""
    questions = _told(folder)["questions"]
    bot, met, revisions = opened(address), Counter[str](), list[str]()
    revision = _number_of(bot, folder)
    print("ready", flush=True)
    waits, failed_since, back_after = [], 0.0, []
    for question in cycle(questions[number:] + questions[:number]):
        if (folder / "stop").exists():
            break
        started = time.perf_counter()
        try:
            if bot.index.store.newest() != bot.index.store.revision:
                bot = opened(address)
                revision = _number_of(bot, folder)
            met[_judged(bot, question, revision)] += 1
        except StoreUnavailable as error:
            met["errors"] += 1
            failed_since = failed_since or started
            met[f"error: {str(error).partition('cannot be asked: ')[2][:60] or error!s:.60}"] += 1
            continue
        if revision not in revisions[-1:]:
            revisions.append(revision)
        waits.append(time.perf_counter() - started)
        if failed_since:
            back_after.append(time.perf_counter() - failed_since)
            failed_since = 0.0
    return {"met": met, "revisions": revisions, "longest": max(waits, default=0), "back after": back_after}


def _told(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    return told


def _number_of(bot: Chatbot, folder: Path) -> str:
    """What the answers of a bot's revision are to name."""
    return str(_told(folder)["revisions"][bot.index.store.revision])


def _judged(bot: Chatbot, question: Mapping[str, str], revision: str) -> str:
    """`right`, `another first match`, or `mixture`: rows of one revision read with the files of another."""
    first = bot.match(question["text"], 1)[0].id
    texts: Sequence[str] = [answer.text for answer in bot.entry(first).answers]
    if not all(text.endswith(f"This is of revision {revision}.") for text in texts):
        return "mixture"
    return "right" if first == question["id"] else "another first match"


if __name__ == "__main__":
    print(json.dumps(ask_until_stopped(sys.stdin.readline().strip(), Path(sys.argv[1]), int(sys.argv[2]))))
