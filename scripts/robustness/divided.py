"""Points in two parts on two servers of this machine, the first of which has a streaming replica:
`python -m scripts.robustness.divided [--entries 62500] [--phrasings 16] [--kills 20]`.

1. `ask`: how long a question takes, and what is found, against the folder that was published.
2. `switch`: a new revision, all of its points others, is built, published and switched to while four clients ask.
3. `edit`: what it costs to publish an answer that was edited.
4. `kill`: the first server is killed (SIGKILL) while the clients ask through an address that names its replica, too:
   half of the times when it has just said that a revision is published, else at some moment of the publishing.

A generated corpus, whose vectors a stand-in makes (see `scripts.benchmarks.million`). The replies of each revision say
which it is, and the order of its entries is its own, so that rows of one with the files of another give wrong answers.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from threading import Timer
from typing import Any

import numpy as np

from chatbot import Chatbot, ChatbotError
from chatbot.addresses import Address
from chatbot.files import sha256_of
from chatbot.index.store import MANIFEST
from chatbot.matching.neighbours import least_cosines
from chatbot.postgres.publishing import PublishReport, publish
from scripts.benchmarks.generate_corpus import entries as generated
from scripts.benchmarks.machine import machine_facts
from scripts.benchmarks.million import RandomWords, timed
from scripts.robustness.divided_clients import asking, opened
from scripts.robustness.server import Server

_CLIENTS, _QUESTIONS, _NEAREST = 4, 300, 10
_SEARCHED = 384  # points that a question looks at
_TOLERANCE = 1e-6
_CORPUS = "flexibility"
_CURRENT = "select revision from flexbot_flexibility.current"


@dataclass(frozen=True)
class Place:
    """Where the experiment is done: a folder, two servers and the replica of the first."""

    folder: Path
    first: Server
    second: Server
    replica: Server

    @property
    def primary(self) -> str:
        """The address that is published to."""
        return f"{self.first.url()} {self.second.url()}#{_CORPUS}"

    @property
    def any_host(self) -> str:
        """The address that is asked, in which the replica stands behind its primary."""
        hosts = f"127.0.0.1:{self.first.port},127.0.0.1:{self.replica.port}"
        return f"postgresql://flex@{hosts}/postgres {self.second.url()}#{_CORPUS}"

    def index(self, revision: int) -> Path:
        return self.folder / f"index-{revision}"

    def publish(self, revision: int) -> PublishReport:
        return publish(self.index(revision), Address.parse(self.primary))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    parser.add_argument("--entries", type=int, default=62_500)
    parser.add_argument("--phrasings", type=int, default=16)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--memory", default="2GB", help="maintenance_work_mem of each server, which holds a graph.")
    parser.add_argument("--in", dest="folder", type=Path, help="where the some 20 GB of a million points fit.")
    options = parser.parse_args()
    print(json.dumps(machine_facts(), indent=1), flush=True)
    with place(options.folder, options.memory) as there:
        os.environ["XDG_CACHE_HOME"] = str(there.folder / "cache")
        write_corpus(there, 1, options.entries, options.phrasings)
        tell("build", {"seconds": build(there, 1)})
        tell("publish", published(there, 1))
        write_questions(there)
        tell("ask", asked(there))
        tell("switch", switched(there, options.entries, options.phrasings))
        tell("edit", edited(there))
        tell("kill", killed(there, options.kills))
    return 0


def tell(step: str, figures: Mapping[str, Any]) -> None:
    print(json.dumps({step: figures}, indent=1), flush=True)


@contextmanager
def place(parent: Path | None, memory: str) -> Iterator[Place]:
    """Two servers and a replica, which is to have replayed what a publication is told is done; all gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="flexbot-divided-", dir=parent))
    folder.chmod(0o755)
    settings = {
        "shared_buffers": "1GB", "maintenance_work_mem": memory, "max_wal_size": "2GB", "fsync": "on",
        "max_parallel_maintenance_workers": "1", "wal_retrieve_retry_interval": "200ms",
    }  # fmt: skip
    servers: list[Server] = []
    try:
        for name in ("first", "second", "replica"):
            (folder / name).mkdir()
        servers += [Server(folder / name, settings).initialise().start() for name in ("first", "second")]
        servers.append(servers[0].replica(folder / "replica"))
        for setting in ("synchronous_standby_names = '*'", "synchronous_commit = remote_apply"):
            servers[0].execute(f"alter system set {setting}")
        servers[0].execute("select pg_reload_conf()")
        yield Place(folder, *servers)
    finally:
        for server in servers:
            with suppress(OSError):
                server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def write_corpus(there: Place, revision: int, entries: int, phrasings: int) -> None:
    """The same questions in another order for each revision, each answer with the revision's number."""
    lines = list(generated(entries, phrasings, 200, 1))
    random.Random(revision).shuffle(lines)  # noqa: S311 -- nothing is kept secret by it
    write_lines(there, lines, revision)


def write_lines(there: Place, lines: Sequence[dict[str, Any]], revision: int) -> None:
    with (there.folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            answer = f"{line['answer'].partition(' This is of')[0]} This is of revision {revision}."
            file.write(json.dumps({**line, "answer": answer}) + "\n")


def read_lines(there: Place) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (there.folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]


def build(there: Place, revision: int) -> float:
    """Seconds of a build, in a process of its own; it begins with the index of the revision before, where there is one.

    What an index is built of is never written over, so that the two may share files.
    """
    target, before = there.index(revision), there.index(revision - 1)
    if before.exists():
        shutil.copytree(before, target, copy_function=os.link)
    program = (
        "import sys; from chatbot import Chatbot; from scripts.benchmarks.million import RandomWords;"
        " Chatbot.build(sys.argv[1], sys.argv[2], encoder=RandomWords())"
    )
    command = [sys.executable, "-c", program, str(there.folder / "corpus.jsonl"), str(target)]
    return round(timed(lambda: run(command, check=True)), 1)


def published(there: Place, revision: int) -> dict[str, Any]:
    report = there.publish(revision)
    sent = {"points sent": report.sent_points, "bytes of files sent": report.sent_bytes}
    return {**sent, "publish, seconds": round(report.seconds, 1), "least recall of a part": report.recall}


def write_questions(there: Place) -> None:
    """What clients ask: of what is found first on disk."""
    bot = Chatbot.load(there.index(1), encoder=RandomWords())
    lines = random.Random(0).sample(read_lines(there), min(_QUESTIONS, bot.index.counts["entries"]))  # noqa: S311
    asked = [{"id": line["id"], "text": f"please {line['question']}"} for line in lines]
    right = [each for each in asked if bot.match(each["text"], 1)[0].id == each["id"]]
    (there.folder / "questions.json").write_text(json.dumps({"questions": right, "revisions": {}}), encoding="utf-8")
    note_revision(there, 1, 1)


def note_revision(there: Place, revision: int, marker: int) -> None:
    """Tell the clients which number the answers of a revision have."""
    path = there.folder / "questions.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["revisions"][revision_of(there, revision)] = str(marker)
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(told), encoding="utf-8")
    scratch.replace(path)


def asked(there: Place) -> dict[str, Any]:
    """Milliseconds of questions to the folder and to the servers, in turns, and the share of the nearest found."""
    disk, divided = Chatbot.load(there.index(1), encoder=RandomWords()), opened(there.any_host)
    texts = [each["text"] for each in json.loads((there.folder / "questions.json").read_text("utf-8"))["questions"]]
    vectors = RandomWords().encode(texts).astype(np.float32)
    for text in texts[:50]:
        disk.ask(text), divided.ask(text)
    seconds: dict[str, list[float]] = {"disk": [], "servers": []}
    others = 0
    for text in texts:
        seconds["disk"].append(timed(lambda: disk.ask(text)))  # noqa: B023 -- called at once
        seconds["servers"].append(timed(lambda: divided.ask(text)))  # noqa: B023
        others += disk.match(text, 1)[0].id != divided.match(text, 1)[0].id
    least = least_cosines(disk.index.search.vectors, vectors, _NEAREST) - _TOLERANCE  # type: ignore[attr-defined]
    found = [cosines for _, cosines in divided.index.search.nearest_to_each(vectors, _SEARCHED)]
    shares = [(own[:_NEAREST] >= bound).mean() for own, bound in zip(found, least, strict=True)]
    median = {name: float(np.median(values)) for name, values in seconds.items()}
    return {
        "points": sum(table.points.count for table in divided.index.store.published.tables),  # type: ignore[union-attr]
        "questions": len(texts),
        **{f"p50, {name}, ms": round(1000 * value, 2) for name, value in median.items()},
        **{f"p95, {name}, ms": round(1000 * float(np.quantile(each, 0.95)), 2) for name, each in seconds.items()},
        "times as long": round(median["servers"] / median["disk"], 2),
        "recall at ten": round(float(np.mean(shares)), 4),
        "other first matches": others,
    }


def switched(there: Place, entries: int, phrasings: int) -> dict[str, Any]:
    """A revision of which every row is another, built, published and switched to under clients."""
    write_corpus(there, 2, entries, phrasings)
    with asking(there.any_host, there.folder, _CLIENTS) as met:
        seconds = build(there, 2)
        note_revision(there, 2, 2)
        figures = {"build, seconds": seconds, **published(there, 2)}
        time.sleep(5)
    return {**figures, **totals(met)}


def edited(there: Place) -> dict[str, Any]:
    """One answer of the corpus is another; then, for what follows, all are."""
    lines = read_lines(there)
    lines[len(lines) // 2]["answer"] = f"Something else now. {lines[len(lines) // 2]['answer']}"
    write_lines(there, lines, 2)
    figures = {"build, seconds": build(there, 3), **published(there, 3)}
    note_revision(there, 3, 2)
    write_lines(there, lines, 4)
    build(there, 4)
    note_revision(there, 4, 4)
    return figures


def killed(there: Place, times: int) -> dict[str, Any]:
    """The primary dies while clients ask. What it said to be published must be there ever after."""
    lost: list[str] = []
    outcomes = Counter[str]()
    draw = random.Random(0)  # noqa: S311
    length = there.publish(4).seconds
    with asking(there.any_host, there.folder, _CLIENTS) as met:
        for number in range(times):
            revision = 3 if there.first.execute(_CURRENT) == [(revision_of(there, 4),)] else 4
            timer = None if number % 2 else Timer(draw.uniform(0, length), there.first.kill)
            if timer:
                timer.start()
            said = acknowledged(there, revision)
            if timer:
                timer.join()
            else:
                there.first.kill()
            outcomes["published, then killed" if said else "killed while publishing"] += 1
            current = [(revision_of(there, revision),)]
            time.sleep(1)
            if said and there.replica.execute(_CURRENT) != current:
                lost.append(f"{number}: at the replica")
            there.first.start()
            if said and there.first.execute(_CURRENT) != current:
                lost.append(f"{number}: at the primary")
            time.sleep(1)
    return {"killed": times, **outcomes, "lost": lost, **totals(met)}


def acknowledged(there: Place, revision: int) -> bool:
    """Whether a publication said that it is done."""
    try:
        there.publish(revision)
    except ChatbotError:
        return False
    return True


def revision_of(there: Place, revision: int) -> str:
    return sha256_of(there.index(revision) / MANIFEST)


def totals(met: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all clients met."""
    replies = sum((Counter(each["met"]) for each in met), Counter[str]())
    back = [seconds for each in met for seconds in each["back after"]]
    return {
        "replies": {"right": 0, "another first match": 0, "mixture": 0, "errors": 0, **replies},
        "revisions": [each["revisions"] for each in met],
        "longest question, seconds": round(max(each["longest"] for each in met), 2),
        "answers again after an error, seconds": [round(seconds, 2) for seconds in sorted(back)],
    }


if __name__ == "__main__":
    sys.exit(main())
