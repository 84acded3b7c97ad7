"""Give the command line hostile corpora and questions, and the library every script; see what it does.

Each case runs in a process of its own that may not open a socket, start a program or write outside the folders that it
was given (a hook on the interpreter's audit events ends it at once). It must end with status 0, 1 or 2 and without a
traceback, within 5 seconds of processor time more than the same command takes for the sound corpus, and with no more
memory beyond that than twice the input's size and 32 MB.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from trial import CORPUS, PROJECT, Bench, Row, arguments, bench, run

_SECONDS, _MORE_MEMORY, _LONGEST_WAIT = 5, 32_000_000, 60
_GUARD = """
import os, sys
sys.dont_write_bytecode = True
folders = tuple(sys.argv.pop(1).split(os.pathsep))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ONLY = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate")

def watch(event, arguments):
    changes = event in ONLY or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES)
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pickle.")):
        os.write(2, f"FORBIDDEN {event} {arguments}\\n".encode("utf-8", "replace"))
        os._exit(99)
    elif changes and not isinstance(arguments[0], int):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path != os.devnull and not path.startswith(folders) and os.sep in os.fsdecode(arguments[0]):
            os.write(2, f"FORBIDDEN {event} {path!r}\\n".encode("utf-8", "replace"))
            os._exit(99)

from chatbot.cli import main
sys.addaudithook(watch)
status = main()
sys.stdout.flush()
# Not the parent's to ask for: what the system tells it is never less than its own size when it started the child.
with open("/proc/self/status") as about, open("memory", "w") as file:
    file.write(next(line.split()[1] for line in about if line.startswith("VmHWM")))
os._exit(status)
"""

_HEAD = "---\nquestion: {}\n---\n## A\n\n"
_ENTRY = _HEAD.format("Why is it {}?") + "Because.\n"
_MEGA = 1_000_000


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status, what it printed, its seconds of processor time and its peak memory in bytes."""

    status: int
    out: str
    errors: str
    seconds: float
    memory: int


def flexbot(what: Bench, *command: str, corpus: Path | None = None, given: bytes = b"") -> Ended:
    """Run the command line under guard; `given` is its standard input."""
    places = ["--corpus", str(corpus or what.corpus), "--index", str(what.index)]
    with TemporaryDirectory() as place:
        # `check` builds the index of another corpus aside, in the folder for temporary files.
        program = [sys.executable, "-c", _GUARD, os.pathsep.join((str(what.index), place)), *command, *places]
        state = str(Path(place, "state"))
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "CHATBOT_STATE": state, "TMPDIR": place}
        files = [Path(place, name) for name in ("in", "out", "errors")]
        files[0].write_bytes(given)
        with files[0].open() as typed, files[1].open("w") as out, files[2].open("w") as errors:
            process = subprocess.Popen(program, stdin=typed, stdout=out, stderr=errors, env=environment, cwd=place)
            killer = threading.Timer(_LONGEST_WAIT, os.kill, (process.pid, signal.SIGKILL))
            killer.start()
            # Rather than `process.wait`, as it tells what the process used.
            _, status, usage = os.wait4(process.pid, 0)
            killer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
        said = [path.read_text("utf-8", "replace") for path in files[1:]]
        memory = Path(place, "memory")
        peak = int(memory.read_text()) * 1024 if memory.exists() else 0
        return Ended(process.returncode, *said, usage.ru_utime + usage.ru_stime, peak)


def check(row: Row, name: str, ended: Ended, sound: Ended, size: int) -> None:
    row.times += 1
    seconds, memory = ended.seconds - sound.seconds, ended.memory - sound.memory
    if ended.status not in (0, 1, 2):
        row.violated(f"{name}: status {ended.status}: {ended.errors.strip()[-300:]}")
    if "Traceback" in ended.errors:
        row.violated(f"{name}: {ended.errors.strip()[-300:]}")
    if seconds > _SECONDS:
        row.violated(f"{name}: {seconds:.1f} s")
    if memory > 2 * size + _MORE_MEMORY:
        row.violated(f"{name}: {memory / 1e6:,.0f} MB more for {size / 1e6:,.1f} MB")
    if set("\x1b\x07\x9b\u202e\0") & set(ended.out + ended.errors):
        row.violated(f"{name}: control characters are printed")


def entries() -> Iterator[tuple[str, str | bytes]]:
    """Files of an entry: a name and what it holds."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    heads = {
        "aliases that explode": bomb,
        "nested lists": "question: " + "[" * 400_000,
        "nested mappings": "question: " + "{a: " * 200_000,
        "nested by indent": "".join(" " * n + f"k{n}:\n" for n in range(1200)),
        "an object to make": "question: !!python/object/apply:os.system ['touch /tmp/made']",
        "a hundred thousand fields": "".join(f"f{n}: x\n" for n in range(80_000)),
        "unknown related entries": "question: x\nrelated:\n" + "".join(f"  - how-long-{n}\n" for n in range(50_000)),
        "alternates of marks": "question: x\nalternate_questions:\n" + ("  - " + "\u0345\u0327" * 4000 + "\n") * 50,
        "a question of a megabyte": "question: " + "why " * 200_000,
        "a question of marks": "question: " + "\u0345\u0327" * 200_000,
        "a hundred thousand alternates": "question: x\nalternate_questions:\n" + "  - a\n" * 100_000,
        "a word of a megabyte": "question: " + "a" * 900_000,
        "half a million times the same field": "a:\n" * 200_000,
        "tabs and returns": "question:\t\r\r\r x\n\ty: z",
        "ids above": "question: x\nid: ../../etc/passwd\nrelated: [../../x]",
        "escapes": 'question: "a\\e[2J\\e]8;;http://x\\a\\u202E\\0"',
    }
    for name, head in heads.items():
        yield name, f"---\n{head}\n---\n## A\n\nText.\n"
    bodies = {
        "spaces": " " * _MEGA,
        "newlines": "\n" * 900_000,
        "unclosed marks": "*a " * 300_000,
        "brackets": "[" * 900_000,
        "citations that are not there": "".join(f"[@source-{n}]" for n in range(60_000)),
        "headings": "## A\nb\n" * 130_000,
        "a heading of marks": "x\n## " + "# " * 400_000,
        "quotes in quotes": "> " * 400_000,
        "lists in lists": "".join(" " * (2 * n) + "- x\n" for n in range(900)),
        "links in links": "[a](" * 200_000,
        "stops": "a. " * 300_000,
        "vowels": "ea" * 450_000,
        "hyperlinks of a terminal": "\x1b]8;;http://x\x07click\x1b]8;;\x07 \x1b[31mred \x9b2J \u202eback",
        "html": "<script>" * 100_000,
    }
    for name, body in bodies.items():
        yield name, _HEAD.format("Why?") + body
    yield "NUL", "\0" * 900_000
    yield "no UTF-8", b"---\nquestion: \xff\xfe\xc0\n---\n## A\n\n\xed\xa0\x80\n"
    yield "UTF-16", _ENTRY.encode("utf-16")
    yield "nothing", b""


def beside_a_sound_entry(what: Bench) -> Ended:
    """What checking takes when an entry of the usual kind is new."""
    path = what.corpus / "hips" / "sound.md"
    path.write_text(_ENTRY)
    ended = flexbot(what, "check")
    path.unlink()
    return ended


def hostile_entries(what: Bench, only: int) -> Row:
    """Each beside the sound corpus, through `flexbot check`; the sound entries must all be read."""
    row, sound = Row("an entry that is hostile, `flexbot check`"), beside_a_sound_entry(what)
    for name, content in list(entries())[:: max(1, only)]:
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        path = what.corpus / "hips" / "hostile.md"
        path.write_bytes(data)
        ended = flexbot(what, "check")
        check(row, name, ended, sound, len(data))
        if "12" not in ended.out and "13" not in ended.out:
            row.violated(f"{name}: the other entries were not read")
        path.unlink()
    row.happened = "each problem is a line that names the file; the rest is read"
    return row


def made_files() -> Mapping[str, Callable[[Path], int]]:
    """Things in a corpus that are no entries: each made in a folder, returning its size."""

    def large(folder: Path) -> int:
        with (folder / "large.md").open("wb") as file:
            file.write(b"---\nquestion: x\n---\n## A\n\n" + b"text\n" * 20_000_000)
        return 100_000_000

    def link(folder: Path, target: str) -> int:
        (folder / "link.md").symlink_to(target)
        return 0

    def named(folder: Path, name: str | bytes) -> int:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(name))).write_text(_ENTRY)
        return 0

    return {
        "100 MB": large,
        "a link to /etc/passwd": partial(link, target="/etc/passwd"),
        "a link to an endless device": partial(link, target="/dev/zero"),
        "a link to itself": partial(link, target="link.md"),
        "a link to nothing": partial(link, target="nothing"),
        "a link to its folder": lambda folder: (folder / "loop").symlink_to(folder) or 0,
        "a pipe": lambda folder: os.mkfifo(folder / "pipe.md") or 0,
        "a folder": lambda folder: (folder / "folder.md").mkdir() or 0,
        "a name with a newline": partial(named, name="a\nb\x1b[2J.md"),
        "a name with dots": partial(named, name="...md"),
        "a name that is no UTF-8": partial(named, name=b"\xff\xfe.md"),
        "a name that is an option": partial(named, name="--full.md"),
    }


def hostile_files(what: Bench) -> Row:
    row, sound = Row("a file, link, name or pipe that is hostile, `flexbot check`"), beside_a_sound_entry(what)
    for name, make in made_files().items():
        folder = what.corpus / "hostile"
        folder.mkdir()
        size = make(folder)
        check(row, name, flexbot(what, "check"), sound, size)
        shutil.rmtree(folder)
    row.happened = "refused in a line that names it, or read as an entry"
    return row


def lines() -> Iterator[tuple[str, bytes]]:
    """Corpora in JSON Lines."""
    one = {"id": "a", "question": "Why?", "answer": "Because."}
    sound = json.dumps(one).encode()
    yield "100 MB on one line", b'{"id": "a", "question": "' + b"x" * 100_000_000 + b'"}'
    yield "100 MB of empty lines", b"\n" * 100_000_000
    yield "nested", b"[" * 900_000
    yield "an array in an array as the answer", b'{"id":"a","question":"b","answer":' + b"[" * 900 + b"]" * 900 + b"}"
    yield "a number of a million digits", b'{"id": ' + b"9" * 900_000 + b"}"
    yield "numbers that are none", b'{"id": NaN, "question": Infinity, "answer": -1e999}'
    yield "fields twice", b'{"id": "a", "id": "../b", "question": "c", "answer": "d"}'
    yield "an id above", json.dumps({**one, "id": "../../etc/passwd"}).encode()
    yield "surrogates", b'{"id": "a", "question": "\\ud800", "answer": "\\udfff\\u0000\\u001b[2J"}'
    yield "NUL", b"\0" * 900_000
    yield "no UTF-8", sound + b"\n\xff\xfe\n"
    yield "UTF-16", json.dumps(one).encode("utf-16")
    yield "objects for texts", b'{"id": {}, "question": [], "answer": {"text": {}}, "topic": [], "related": {"a": 1}}'
    yield "ten thousand fields", json.dumps({**one, **{f"f{n}": n for n in range(50_000)}}).encode()
    yield "ten thousand answers", json.dumps({**one, "answers": ["x"] * 100_000}).encode()
    yield "a hundred thousand bad lines", b"x\n" * 100_000
    yield "unknown related entries", json.dumps({**one, "related": [f"a-{n}" for n in range(50_000)]}).encode()


def hostile_lines(what: Bench) -> Row:
    row = Row("a corpus in JSON Lines that is hostile, `flexbot check`")
    with TemporaryDirectory() as place:
        path = Path(place, "lines.jsonl")
        path.write_text('{"id": "a", "question": "Why?", "answer": "Because."}\n')
        aside = Bench(path, what.index)
        sound = flexbot(aside, "check")
        for name, data in lines():
            path.write_bytes(data)
            check(row, name, flexbot(aside, "check"), sound, len(data))
    row.happened = "each problem is a line that names the file and the line"
    return row


def questions() -> Iterator[tuple[str, str]]:
    yield "10 MB", "how do i stretch my hips? " * 400_000
    yield "a character a million times", "a" * _MEGA
    yield "a question mark a million times", "?" * _MEGA
    for name, part in {
        "a word": "stretch ",
        "no spaces": "a",
        "stops": ". ",
        "marks that combine": "e\u0345\u0327",
        "family emoji": "👩‍👩‍👧‍👦",
        "denials": "no pain, ",
        "and": "and doctor ",
        "but": "but fine ",
        "years": "and years ago ",
        "dashes": "a - ",
        "quotes": "'\"`",
        "spaces": "a" + " " * 30,
        "NUL": "a\0",
        "escapes": "\x1b]8;;x\x07",
        "backward": "\u202e",
        "ligature of 18 letters": "ﷺ",
        "misspelt words": "strechingg hammstringg ",
    }.items():
        yield f"{name}, 10,000 characters", (part * 10_000)[:10_000]
    for script, sample in sorted(scripts().items()):
        yield f"script {script}", sample


def scripts() -> dict[str, str]:
    """A few hundred characters of each script, by the first word of their names."""
    found: dict[str, str] = {}
    for code in range(0x110000):
        script = unicodedata.name(chr(code), "").partition(" ")[0]
        if unicodedata.category(chr(code))[0] in "LMNPS" and len(found.get(script, "")) < 300:
            found[script] = found.get(script, "") + chr(code)
    return {script: text for script, text in found.items() if len(text) >= 20}


def hostile_questions(what: Bench, only: int) -> Row:
    """Each as a line of its own through a pipe, and once all of one session."""
    row = Row("a hostile question, through a pipe")
    sound = flexbot(what, "--json", given=b"my hip is tight\n")
    every = list(questions())[:: max(1, only)]
    long = [each for each in every if not each[0].startswith("script")]
    together = [text for name, text in every if name.startswith("script")]
    for name, text in [*long, ("every script", "\n".join(together))]:
        data = text.encode("utf-8", "replace") + b"\nmy hip is tight\n"
        ended = flexbot(what, "--json", given=data)
        check(row, name, ended, sound, len(data))
        row.times += name == "every script" and len(together) - 1
        if not ended.out.splitlines() or "hip" not in ended.out.splitlines()[-1]:
            row.violated(f"{name}: the sound question after it has no reply")
    row.happened = "a reply, or a line that says why not; the sound question after it is answered"
    return row


def main() -> int:
    options = arguments(__doc__, every=1).parse_args()
    with bench(options.index) as what:
        # As the sound corpus it has its sources and no warnings from the edit.
        (what.corpus / "dose" / "how-long-hold.md").write_bytes((CORPUS / "dose" / "how-long-hold.md").read_bytes())
        what.build()
        return run(
            [
                partial(hostile_entries, what, options.every),
                partial(hostile_files, what),
                partial(hostile_lines, what),
                partial(hostile_questions, what, options.every),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
