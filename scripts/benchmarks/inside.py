"""What a benchmark measures inside a process, as JSON: `python -m scripts.benchmarks.inside COMMAND …`."""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatbot import Chatbot
from chatbot.corpus.reader import read_corpus
from scripts.benchmarks.asking import TIMED_ONE_BY_ONE, Group, medians, one_by_one, throughput

_OF_PHRASINGS_LOOKED_AT = 20_000


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
    groups, known = one_by_one(bot, index, questions, repeat)
    matched = medians(
        "matching alone, from a vector to ranked entries", matching(known), questions[:TIMED_ONE_BY_ONE], repeat
    )
    groups = [*groups, [matched]]
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


if __name__ == "__main__":
    sys.exit(main())
