"""Run a peer: `python -m scripts.benchmarks.peers MODULE MODEL FOLDER save|ask|edit|warm …`.

save TEXTS        index a file with a line of {"text", "answer"} each
ask QUESTION      print the answer of the nearest text
edit TEXT         put a text in the place of the first, and save
warm QUESTIONS    how fast it answers a file of questions, a line each, as JSON

`flexbot` stands in the place of a module to measure `warm` alike; FOLDER is its index.
"""

import importlib
import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.machine import memory_share
from scripts.benchmarks.peers.peer import Peer
from scripts.benchmarks.processes import MEGABYTE

_TEXTS = "texts.jsonl"
_ONE_BY_ONE = 200
_BEFORE = 20  # questions before the first that counts


class Answering:
    """A peer that was saved, open, with its answers."""

    def __init__(self, peer: Peer, folder: Path) -> None:
        lines = (folder / _TEXTS).read_text(encoding="utf-8").splitlines()
        self._answers = [json.loads(line)["answer"] for line in lines]
        self._peer = peer
        peer.open()

    def ask(self, questions: Sequence[str]) -> list[str]:
        return [self._answers[row] for row in self._peer.nearest(questions)]


class Flexbot:
    """The package itself, with whole replies."""

    def __init__(self, folder: Path) -> None:
        from chatbot import Chatbot

        self._bot = Chatbot.load(folder)

    def ask(self, questions: Sequence[str]) -> list[str]:
        if len(questions) == 1:
            return [self._bot.ask(questions[0]).to_markdown()]
        return [reply.to_markdown() for reply in self._bot.ask_many(questions)]


def main(module: str, model: str, folder: str, action: str, argument: str) -> None:
    place = Path(folder)
    if module == "flexbot":
        print(json.dumps(warm(Flexbot(place), argument)))
        return
    peer: Peer = importlib.import_module(f"scripts.benchmarks.peers.{module}").System(model, place)
    if action == "save":
        peer.save([json.loads(line)["text"] for line in Path(argument).read_text(encoding="utf-8").splitlines()])
        shutil.copyfile(argument, place / _TEXTS)
    elif action == "ask":
        print(Answering(peer, place).ask([argument])[0])
    elif action == "edit":
        peer.open()
        peer.replace(0, argument)
    elif action == "warm":
        print(json.dumps(warm(Answering(peer, place), argument)))
    else:
        raise SystemExit(f"no such action: {action}")


def warm(system: Answering | Flexbot, file: str) -> dict[str, list[float]]:
    """Milliseconds of questions one by one, questions a second of all at once, and megabytes of memory."""
    questions = Path(file).read_text(encoding="utf-8").splitlines()
    for question in questions[:_BEFORE]:
        system.ask([question])
    one_by_one = [_milliseconds(system, [question]) for question in questions[:_ONE_BY_ONE]]
    return {
        "one": one_by_one,
        "a second": [len(questions) / _milliseconds(system, questions) * 1000],
        "megabytes": [memory_share() / MEGABYTE],
    }


def _milliseconds(system: Answering | Flexbot, questions: Sequence[str]) -> float:
    started = time.perf_counter()
    system.ask(questions)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
