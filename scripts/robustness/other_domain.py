"""Bring another domain's corpus, WordNet's nouns: `/usr/share/wordnet/data.noun` of Debian's `wordnet-base`.

They are public, many, and nothing like this corpus. A sense with several names that no other sense here has
becomes an entry, asked by its first name and, in other words, by its others, and answered by its definition. They go
through the same commands as JSON Lines and as a Markdown folder, under a disclaimer of their own.
"""

import json
import random
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatbot import Chatbot, Reply
from scripts.robustness.harness import PROJECT, Row, arguments, run

_DISCLAIMER = "These are definitions of words, and no advice."
_ALTERNATES = ("what does {} mean", "{} definition", "explain {}", "what do people call {}", "{}?")
_ASKED = ("could you tell me what {} is", "i keep hearing of {}, what is that", "meaning of the word {}")
_SENSE = re.compile(r"\d{8} \d\d n (?P<names>[0-9a-f]{2}) (?P<rest>.*?) \d{3} .*?\| (?P<gloss>.*)")

Entry = dict[str, Any]


def entries(nouns: Path, most: int) -> list[Entry]:
    """So many senses with two names or more as lines of a JSON Lines corpus."""
    senses: list[Entry] = []
    taken: set[str] = set()
    for line in nouns.read_text(encoding="utf-8").splitlines():
        sense = _SENSE.match(line)
        if not sense:
            continue
        names = sense["rest"].split()[: 2 * int(sense["names"], 16) : 2]
        keys = {name.lower().replace("-", "_") for name in names}
        if len(keys) < max(2, len(names)) or keys & taken:
            continue
        taken |= keys
        senses.append(_entry(line[:8], [name.replace("_", " ") for name in names], sense["gloss"].partition("; ")[0]))
        if len(senses) == most:
            break
    return senses


def _entry(number: str, names: Sequence[str], definition: str) -> Entry:
    words = re.sub(r"[^a-z0-9]+", "-", names[0].lower()).strip("-") or "sense"
    return {
        "id": f"{words}-{number}",
        "question": f"What is {names[0]}?",
        "alternate_questions": [form.format(name) for name, form in zip(names[1:], _ALTERNATES, strict=False)],
        "answer": f"{definition.strip().capitalize()}.",
        "names": names,
    }


def as_lines(senses: Sequence[Entry], folder: Path) -> Path:
    """The corpus as a JSON Lines file in a new folder."""
    folder.mkdir()
    (folder / "disclaimer.md").write_text(_DISCLAIMER, encoding="utf-8")
    file = folder / "nouns.jsonl"
    fields = ("id", "question", "alternate_questions", "answer")
    file.write_text("".join(json.dumps({name: each[name] for name in fields}) + "\n" for each in senses), "utf-8")
    return file


def as_folder(senses: Sequence[Entry], folder: Path) -> Path:
    """The corpus as a Markdown folder with a topic for each letter."""
    folder.mkdir()
    (folder / "disclaimer.md").write_text(_DISCLAIMER, encoding="utf-8")
    for each in senses:
        front = {name: each[name] for name in ("question", "alternate_questions")}
        file = folder / each["id"][0] / f"{each['id']}.md"
        file.parent.mkdir(exist_ok=True)
        # JSON is YAML, too.
        lines = [f"{name}: {json.dumps(value)}" for name, value in front.items()]
        file.write_text("---\n{}\n---\n## Definition\n\n{}\n".format("\n".join(lines), each["answer"]), "utf-8")
    return folder


class Domain:
    """What the rows share: the entries, where their corpora and indexes lie, and an index whose encoder will do."""

    def __init__(self, senses: list[Entry], place: Path, index: Path | None, seed: int) -> None:
        self.senses = senses
        self.place = place
        self.index = index
        self.random = random.Random(seed)  # noqa: S311 -- nothing is kept secret by it

    def flexbot(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "chatbot", *map(str, command)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    def built(self, name: str, corpus: Path) -> Row:
        """`flexbot check` and `flexbot build`, as an editor would."""
        row = Row(f"entries of another domain ({name}) checked and built", len(self.senses))
        places = ("--corpus", corpus, "--index", self.place / f"{name}-index")
        if self.index:
            shutil.copytree(self.index, places[3], ignore=shutil.ignore_patterns(".lock"))
        started = time.monotonic()
        building = self.flexbot("build", *places)
        row.happened = f"built in {time.monotonic() - started:.0f} s; `flexbot check` finds no error"
        checking = self.flexbot("check", *places)
        for done, allowed in ((building, (0,)), (checking, (0, 1))):
            if done.returncode not in allowed:
                row.violated(f"{done.args[3]}: status {done.returncode}: {(done.stdout + done.stderr)[-500:]}")
        return row

    def asked(self, name: str, asks: int) -> Row:
        """Questions in words that the corpus does not hold; the reply is the entry's own answer and disclaimer."""
        row = Row(f"of these ({name}), asked for in other words")
        bot = Chatbot.load(self.place / f"{name}-index")
        by_id = {each["id"]: each for each in self.senses}
        expected = self.random.sample(self.senses, min(asks, len(self.senses)))
        first = answered = 0
        for each, reply in zip(expected, bot.ask_many([self._question(each) for each in expected]), strict=True):
            row.times += 1
            first += bool(reply.matches) and reply.matches[0].id == each["id"]
            answered += reply.kind == "answer" and reply.id == each["id"]
            row.violations += _wrong(reply, by_id)
        row.happened = (
            f"the right one first {first / row.times:.3f}, answered outright {answered / row.times:.3f};"
            " every reply as written, under its own disclaimer"
        )
        return row

    def _question(self, entry: Entry) -> str:
        return self.random.choice(_ASKED).format(self.random.choice(entry["names"]))

    def broken(self, corpus: Path, times: int) -> Row:
        """A line of the corpus spoilt: the build names it, and the index goes on answering as before."""
        row = Row("of these, a line spoilt")
        index = self.place / "lines-index"
        whole = corpus.read_text(encoding="utf-8")
        question = self.senses[0]["question"]
        before = Chatbot.load(index).ask(question).to_json()
        for _ in range(times):
            lines = whole.split("\n")
            spoilt = self.random.randrange(len(self.senses))
            lines[spoilt] = lines[spoilt][: self.random.randrange(1, len(lines[spoilt]))]
            corpus.write_text("\n".join(lines), encoding="utf-8")
            done = self.flexbot("build", "--corpus", corpus, "--index", index)
            row.times += 1
            if done.returncode != 2 or f"{corpus.name}:{spoilt + 1}:" not in done.stdout + done.stderr:
                row.violated(f"line {spoilt + 1}: status {done.returncode}: {(done.stdout + done.stderr)[-300:]}")
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "the corpus changed")  # so it did
                after = Chatbot.load(index).ask(question).to_json()
            if after != before:
                row.violated(f"line {spoilt + 1}: the old index replies otherwise")
        corpus.write_text(whole, encoding="utf-8")
        row.happened = "each time the build named file and line, and the old index answered as before"
        return row

    def edited(self, corpus: Path, times: int) -> Row:
        """An answer edited: the next question, which rebuilds, shows it."""
        row = Row("of these, an answer edited and asked for")
        spent = []
        for number in range(times):
            each = self.random.choice(self.senses)
            file = corpus / each["id"][0] / f"{each['id']}.md"
            file.write_text(file.read_text(encoding="utf-8") + f"\nEdit {number}.\n", encoding="utf-8")
            started = time.monotonic()
            done = self.flexbot(
                "ask", each["question"], "--json", "--corpus", corpus, "--index", self.place / "folder-index"
            )
            spent.append(time.monotonic() - started)
            row.times += 1
            reply = json.loads(done.stdout)
            if reply["id"] != each["id"] or not reply["answers"][0]["text"].endswith(f"Edit {number}."):
                row.violated(f"{each['question']}: {done.stdout[:300]}")
        row.happened = f"shown at once; rebuilt and answered in {sorted(spent)[len(spent) // 2]:.1f} s"
        return row


def _wrong(reply: Reply, by_id: dict[str, Entry]) -> Iterator[str]:
    """What of a reply is not as the corpus says."""
    if reply.disclaimer != _DISCLAIMER:
        yield f"{reply.query!r}: the disclaimer {reply.disclaimer!r}"
    if reply.kind not in ("answer", "clarify", "no-answer"):
        yield f"{reply.query!r}: {reply.kind}"
    for answer in reply.answers:
        if answer.text != by_id[reply.id or ""]["answer"]:
            yield f"{reply.query!r}: the answer {answer.text!r}"


def main() -> int:
    parser = arguments(__doc__, entries=12_000, asks=1000, lines=20, edits=5)
    parser.add_argument("nouns", type=Path, metavar="FILE", help="WordNet's `data.noun`.")
    options = parser.parse_args()
    senses = entries(options.nouns, options.entries)
    with TemporaryDirectory(prefix="flexbot-domain-") as temporary:
        domain = Domain(senses, Path(temporary), options.index, options.seed)
        lines, folder = as_lines(senses, domain.place / "lines"), as_folder(senses, domain.place / "folder")
        return run(
            [
                partial(domain.built, "lines", lines),
                partial(domain.asked, "lines", options.asks),
                partial(domain.broken, lines, options.lines),
                partial(domain.built, "folder", folder),
                partial(domain.asked, "folder", options.asks),
                partial(domain.edited, folder, options.edits),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
