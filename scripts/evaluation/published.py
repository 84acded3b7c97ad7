"""Whether what is published answers as the folder does: `python -m scripts.evaluation.published ADDRESS`.

Each message of `tests/evaluation/*.jsonl` is asked of the index on disk and of what is published at `ADDRESS`, which
is to be the same revision. Told are the messages with another reply, and those with another first match. One by one,
as many at once differ from that in the last digits even on disk.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from chatbot import Chatbot, Reply, settings

_EVALUATION = Path(__file__).parents[2] / "tests" / "evaluation"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", help="postgresql://…#name")
    parser.add_argument("--index", type=Path, default=settings.index_path(), help="the folder that was published.")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask each N-th message only.")
    options = parser.parse_args()
    disk, published = Chatbot.load(options.index), Chatbot.load(options.address)
    if disk.index.store.revision != published.index.store.revision:
        parser.error("another revision is published than the folder has")
    print(json.dumps(compared(disk, published, sorted(set(messages()))[:: options.every]), indent=1))
    return 0


def compared(disk: Chatbot, published: Chatbot, texts: Sequence[str]) -> dict[str, float]:
    """How many messages there are, how many get another reply, and the seconds that each took."""
    figures = {"messages": len(texts), "other replies": 0, "other kinds or entries": 0, "other first matches": 0}
    figures |= {"seconds, disk": 0.0, "seconds, there": 0.0}
    for text in texts:
        started = time.perf_counter()
        here = disk.ask(text)
        between = time.perf_counter()
        there = published.ask(text)
        figures["seconds, disk"] += between - started
        figures["seconds, there"] += time.perf_counter() - between
        figures["other replies"] += here.to_json() != there.to_json()
        figures["other kinds or entries"] += (here.kind, here.id) != (there.kind, there.id)
        figures["other first matches"] += _first(here) != _first(there)
    return figures


def _first(reply: Reply) -> str:
    return reply.matches[0].id if reply.matches else ""


def messages() -> Iterator[str]:
    """Every message of the evaluation sets that can be asked by itself."""
    for path in sorted(_EVALUATION.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            yield from (fields[name] for name in ("first", "query") if fields.get(name, "").strip())


if __name__ == "__main__":
    raise SystemExit(main())
