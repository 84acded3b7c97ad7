"""How fast an open bot answers some questions, as JSON: `python scripts/benchmarks/asking.py INDEX QUESTIONS`.

`QUESTIONS` is a file with one a line. It needs nothing of the package but `Chatbot` with `load`, `ask`, `ask_many` and
`index.encoder`, so that earlier versions can be asked the same.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from chatbot import Chatbot

THREADS = 8
TIMED_ONE_BY_ONE = 200

Group = list[dict[str, Any]]


class Known:
    """An encoder that has every vector ready, to time what else an answer takes."""

    def __init__(self, encoder: Any, texts: Sequence[str]) -> None:
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._vectors = dict(zip(texts, encoder.encode(texts), strict=True))

    def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
        for text in texts:
            if text not in self._vectors:  # a question as its spelling was mended, or a sentence of it
                self._vectors[text] = self._encoder.encode([text], progress)[0]
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    questions = options.questions.read_text(encoding="utf-8").splitlines()
    bot = Chatbot.load(options.index)
    groups, _ = one_by_one(bot, options.index, questions, options.repeat)
    print(json.dumps([*groups, throughput(bot, questions, options.repeat)]))
    return 0


def one_by_one(bot: Chatbot, index: Path, questions: Sequence[str], repeat: int) -> tuple[list[Group], Chatbot]:
    """Groups of figures about the first questions, and a bot that has their vectors ready."""
    few = questions[:TIMED_ONE_BY_ONE]
    known = Chatbot.load(index, encoder=Known(bot.index.encoder, few))
    for each in few:
        bot.ask(each)
        known.ask(each)
    spans = [each_of(bot.ask, few) for _ in range(repeat)]
    groups = [
        [figure("ask, median", "ms", [float(np.median(span)) for span in spans])],
        [figure("ask, 95th percentile", "ms", [float(np.quantile(span, 0.95)) for span in spans])],
        [medians("ask, all but the encoder", known.ask, few, repeat)],
        [medians("encoding alone", lambda text: bot.index.encoder.encode([text]), few, repeat)],
    ]
    return groups, known


def throughput(bot: Chatbot, questions: Sequence[str], repeat: int) -> Group:
    """Questions a second: one by one, all at once and from several threads, in turn; in a group, those after the first
    are compared with it."""
    pool = ThreadPoolExecutor(THREADS)
    ways: Mapping[str, Callable[[], Any]] = {
        f"ask, {len(questions):,} one by one": lambda: [bot.ask(question) for question in questions],
        f"ask_many of {len(questions):,}": lambda: bot.ask_many(questions),
        f"ask, {len(questions):,} from {THREADS} threads": lambda: list(pool.map(bot.ask, questions)),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeat):
        for name, way in ways.items():
            rates[name].append(len(questions) / seconds(way))
    pool.shutdown()
    return [figure(name, "a second", samples) for name, samples in rates.items()]


def medians(name: str, action: Callable[[str], Any], texts: Sequence[str], repeat: int) -> dict[str, Any]:
    """The median of one action on each text, taken `repeat` times; an error of the package becomes the figure."""
    try:
        each_of(action, texts[:5])
        return figure(name, "ms", [float(np.median(each_of(action, texts))) for _ in range(repeat)])
    except Exception as error:  # the inside of the package may change; the rest can still be measured
        return {"name": name, "unit": "ms", "samples": [], "error": f"{type(error).__name__}: {error}"[:200]}


def figure(name: str, unit: str, samples: Sequence[float]) -> dict[str, Any]:
    return {"name": name, "unit": unit, "samples": list(samples)}


def each_of(action: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Milliseconds that the action takes on each text."""
    return [seconds(lambda text=text: action(text)) * 1000 for text in texts]  # type: ignore[misc]


def seconds(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
