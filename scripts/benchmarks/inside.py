"""What a benchmark measures inside a process, as JSON: `python -m scripts.benchmarks.inside COMMAND …`."""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from chatbot import Chatbot
from chatbot.arrays import Vectors
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.encoder import Encoder
from chatbot.records import Progress

THREADS = 8
_TIMED_ONE_BY_ONE = 200
_OF_PHRASINGS_LOOKED_AT = 20_000

Group = list[dict[str, Any]]


class Known:
    """An encoder that has every vector ready, to time what else an answer takes."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._vectors = dict(zip(texts, encoder.encode(texts), strict=True))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        for text in texts:
            if text not in self._vectors:  # a question as its spelling was mended, or a sentence of it
                self._vectors[text] = self._encoder.encode([text], progress)[0]
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    warm_command = commands.add_parser("warm", help="how fast an open bot answers.")
    warm_command.add_argument("index", type=Path)
    warm_command.add_argument("--questions", type=int, default=1000)
    warm_command.add_argument("--repeat", type=int, default=5)
    warm_command.add_argument("--brief", action="store_true", help="one question at a time only.")
    warm_command.set_defaults(run=lambda given: warm(given.index, given.questions, given.repeat, brief=given.brief))
    open_command = commands.add_parser("open", help="how long opening an index takes.")
    open_command.add_argument("index", type=Path)
    open_command.set_defaults(run=lambda given: opened(given.index))
    texts_command = commands.add_parser("texts", help="every phrasing of a corpus with its answer, a line each.")
    texts_command.add_argument("corpus", type=Path)
    texts_command.add_argument("file", type=Path)
    texts_command.set_defaults(run=lambda given: write_texts(given.corpus, given.file))
    questions_command = commands.add_parser("questions", help="what an index is asked here, a line each.")
    questions_command.add_argument("index", type=Path)
    questions_command.add_argument("file", type=Path)
    questions_command.add_argument("--questions", type=int, default=1000)
    questions_command.set_defaults(run=lambda given: write_questions(given.index, given.file, given.questions))
    options = parser.parse_args()
    print(json.dumps(options.run(options)))
    return 0


def write_texts(corpus: Path, file: Path) -> int:
    """Write what the peers index. Returns how many texts there are."""
    lines = [
        json.dumps({"text": phrasing, "answer": "\n\n".join(answer.text for answer in entry.answers)})
        for entry in read_corpus(corpus).checked().entries
        for phrasing in entry.phrasings
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return len(lines)


def write_questions(index: Path, file: Path, count: int) -> int:
    """Write what an index is asked. Returns how many questions there are."""
    questions = asked(Chatbot.load(index), count)
    file.write_text("\n".join(questions), encoding="utf-8")
    return len(questions)


def opened(index: Path) -> float:
    """Milliseconds from a folder to a bot whose matcher and encoder are open; what they import is not counted."""
    import onnxruntime  # noqa: F401
    import tokenizers  # noqa: F401

    started = time.perf_counter()
    bot = Chatbot.load(index)
    _ = bot.index.matcher, bot.index.encoder
    return (time.perf_counter() - started) * 1000


def warm(index: Path, count: int, repeat: int, *, brief: bool = False) -> list[Group]:
    """Groups of figures; in a group of several, those are compared with the first, having been taken in turn."""
    bot = Chatbot.load(index)
    questions = asked(bot, count)
    few = questions[:_TIMED_ONE_BY_ONE]
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
        [medians("matching alone, from a vector to ranked entries", matching(known), few, repeat)],
    ]
    return groups if brief else [*groups, throughput(bot, questions, repeat)]


def asked(bot: Chatbot, count: int) -> list[str]:
    """Questions nobody wrote into the corpus: phrasings of it with one word left out, drawn in a fixed way."""
    rng = random.Random(1)  # noqa: S311 -- nothing is kept secret by it
    rows = list(range(min(len(bot.index.phrasings), _OF_PHRASINGS_LOOKED_AT)))
    drawn = [bot.index.phrasings[row].split() for row in rng.choices(rows, k=count)]
    for words in drawn:
        if len(words) > 1:
            words.pop(rng.randrange(len(words)))
    return [" ".join(words) for words in drawn]


def matching(known: Chatbot) -> Callable[[str], Any]:
    index = known.index

    def match(text: str) -> Any:
        near = index.points.near([text], index.encoder.encode([text]))[0]
        return index.screen.read(near), index.matcher.rank(index.matcher.scorer.compare(near), 10)

    return match


def throughput(bot: Chatbot, questions: Sequence[str], repeat: int) -> Group:
    """Questions a second: one by one, all at once and from several threads, in turn."""
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
