"""Whether what is published answers as the folder does: `python -m scripts.evaluation.published ADDRESS`.

Each message of `tests/evaluation/*.jsonl` is asked of the index on disk and of what is published at `ADDRESS`, which
is to be the same revision. Told are the messages with another reply, and those with another first match.
"""

import argparse
import json
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from chatbot import Chatbot, settings

_EVALUATION = Path(__file__).parents[2] / "tests" / "evaluation"
_AT_ONCE = 64


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", help="postgresql://…#name")
    parser.add_argument("--index", type=Path, default=settings.index_path(), help="the folder that was published.")
    options = parser.parse_args()
    disk, published = Chatbot.load(options.index), Chatbot.load(options.address)
    if disk.index.store.revision != published.index.store.revision:
        parser.error("another revision is published than the folder has")
    print(json.dumps(compared(disk, published), indent=1))
    return 0


def compared(disk: Chatbot, published: Chatbot) -> dict[str, float]:
    """How many messages there are, how many get another reply or first match, and the seconds that each took."""
    texts = iter(sorted(set(messages())))
    figures = {
        "messages": 0,
        "other replies": 0,
        "other kinds or entries": 0,
        "other first matches": 0,
        "seconds, disk": 0.0,
        "seconds, there": 0.0,
    }
    while some := list(islice(texts, _AT_ONCE)):
        started = time.perf_counter()
        here = disk.ask_many(some)
        between = time.perf_counter()
        there = published.ask_many(some)
        figures["seconds, disk"] += between - started
        figures["seconds, there"] += time.perf_counter() - between
        figures["messages"] += len(some)
        for one, other in zip(here, there, strict=True):
            figures["other replies"] += one.to_json() != other.to_json()
            figures["other kinds or entries"] += (one.kind, one.id) != (other.kind, other.id)
            figures["other first matches"] += [each.id for each in one.matches[:1]] != [
                each.id for each in other.matches[:1]
            ]
    return figures


def messages() -> Iterator[str]:
    """Every message of the evaluation sets that can be asked by itself."""
    for path in sorted(_EVALUATION.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            yield from (fields[name] for name in ("first", "query") if fields.get(name, "").strip())


if __name__ == "__main__":
    raise SystemExit(main())
