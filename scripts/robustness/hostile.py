"""Give the command line hostile corpora and questions, and the library every script; see what it does.

Each case runs in a process of its own that may not open a socket, start a program or write outside the folders that it
was given (a hook on the interpreter's audit events ends it at once). It must end with status 0, 1 or 2 and without a
traceback, within 5 seconds of processor time more than the same command takes for the sound corpus (the least of three
times, as what else the machine does takes some), and with no more memory beyond that than twice the input's size and
32 MB.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.robustness import hostile_cases
from scripts.robustness.harness import LONGEST_WAIT, Row, Sandbox, arguments, environment, new_sandbox, run

_SECONDS, _TIMES, _MORE_MEMORY = 5, 3, 32_000_000


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status, what it printed, its seconds of processor time and its peak memory in bytes."""

    status: int
    out: str
    errors: str
    seconds: float
    memory: int


def flexbot(sandbox: Sandbox, *command: str, corpus: Path | None = None, given: bytes = b"") -> Ended:
    """Run the command line under guard; `given` is its standard input."""
    places = ["--corpus", str(corpus or sandbox.corpus), "--index", str(sandbox.index)]
    with TemporaryDirectory() as place:
        # `check` builds the index of another corpus aside, in the folder for temporary files.
        folders = os.pathsep.join((str(sandbox.index), place))
        program = [sys.executable, "-B", "-m", "scripts.robustness.guarded", folders, *command, *places]
        own = environment(CHATBOT_STATE=str(Path(place, "state")), TMPDIR=place)
        files = [Path(place, name) for name in ("in", "out", "errors")]
        files[0].write_bytes(given)
        with files[0].open() as typed, files[1].open("w") as out, files[2].open("w") as errors:
            process = subprocess.Popen(program, stdin=typed, stdout=out, stderr=errors, env=own, cwd=place)
            killer = threading.Timer(LONGEST_WAIT, os.kill, (process.pid, signal.SIGKILL))
            killer.start()
            # Rather than `process.wait`, as it tells what the process used.
            _, status, usage = os.wait4(process.pid, 0)
            killer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
        printed, complained = (path.read_text("utf-8", "replace") for path in files[1:])
        memory = Path(place, "memory")
        peak = int(memory.read_text()) * 1024 if memory.exists() else 0
        return Ended(process.returncode, printed, complained, usage.ru_utime + usage.ru_stime, peak)


def check(row: Row, name: str, command: Callable[[], Ended], sound: Ended, size: int) -> Ended:
    """Run a command on an input of so many bytes, and note what must not be. Returns how it ended."""
    ended = command()
    row.times += 1
    tries = [ended]
    while tries[-1].seconds - sound.seconds > _SECONDS and len(tries) < _TIMES:
        tries.append(command())
    seconds, memory = tries[-1].seconds - sound.seconds, ended.memory - sound.memory
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
    return ended


def beside_a_sound_entry(sandbox: Sandbox) -> Ended:
    """What checking takes when an entry of the usual kind is new."""
    path = sandbox.corpus / "hips" / "sound.md"
    path.write_text(hostile_cases.ENTRY)
    ended = flexbot(sandbox, "check")
    path.unlink()
    return ended


def hostile_entries(sandbox: Sandbox, sound: Ended, only: int) -> Row:
    """Each beside the sound corpus, through `flexbot check`; the sound entries must all be read."""
    row = Row("an entry that is hostile, `flexbot check`")
    for name, content in list(hostile_cases.entries())[:: max(1, only)]:
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        path = sandbox.corpus / "hips" / "hostile.md"
        path.write_bytes(data)
        ended = check(row, name, partial(flexbot, sandbox, "check"), sound, len(data))
        if "12" not in ended.out and "13" not in ended.out:
            row.violated(f"{name}: the other entries were not read")
        path.unlink()
    row.happened = "each problem is a line that names the file; the rest is read"
    return row


def hostile_files(sandbox: Sandbox, sound: Ended) -> Row:
    row = Row("a file, link, name or pipe that is hostile, `flexbot check`")
    for name, make in hostile_cases.files().items():
        folder = sandbox.corpus / "hostile"
        folder.mkdir()
        size = make(folder)
        check(row, name, partial(flexbot, sandbox, "check"), sound, size)
        shutil.rmtree(folder)
    row.happened = "refused in a line that names it, or read as an entry"
    return row


def hostile_lines(sandbox: Sandbox) -> Row:
    row = Row("a corpus in JSON Lines that is hostile, `flexbot check`")
    with TemporaryDirectory() as place:
        path = Path(place, "lines.jsonl")
        path.write_text('{"id": "a", "question": "Why?", "answer": "Because."}\n')
        aside = Sandbox(path, sandbox.index)
        sound = flexbot(aside, "check")
        for name, data in hostile_cases.lines():
            path.write_bytes(data)
            check(row, name, partial(flexbot, aside, "check"), sound, len(data))
    row.happened = "each problem is a line that names the file and the line"
    return row


def hostile_questions(sandbox: Sandbox, only: int) -> Row:
    """Each as a line of its own through a pipe, and once all of one session."""
    row = Row("a hostile question, through a pipe")
    sandbox.build()  # as the sound corpus is, after what `flexbot check` built
    sound = flexbot(sandbox, "--json", given=b"my hip is tight\n")
    every = list(hostile_cases.questions())[:: max(1, only)]
    long = [each for each in every if not each[0].startswith("script")]
    together = [text for name, text in every if name.startswith("script")]
    for name, text in [*long, ("every script", "\n".join(together))]:
        data = text.encode("utf-8", "replace") + b"\nmy hip is tight\n"
        ended = check(row, name, partial(flexbot, sandbox, "--json", given=data), sound, len(data))
        row.times += name == "every script" and len(together) - 1
        if not ended.out.splitlines() or "hip" not in ended.out.splitlines()[-1]:
            row.violated(f"{name}: the sound question after it has no reply")
    row.happened = "a reply, or a line that says why not; the sound question after it is answered"
    return row


def main() -> int:
    options = arguments(__doc__, every=1).parse_args()
    with new_sandbox(options.index, edited=False) as sandbox:
        sound = beside_a_sound_entry(sandbox)
        return run(
            [
                partial(hostile_entries, sandbox, sound, options.every),
                partial(hostile_files, sandbox, sound),
                partial(hostile_lines, sandbox),
                partial(hostile_questions, sandbox, options.every),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
