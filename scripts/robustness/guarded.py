"""Run `flexbot` under guard: `python -m scripts.robustness.guarded FOLDERS COMMAND …`.

A hook on the interpreter's audit events ends the process with status 99 at once when it opens a socket, starts a
program or writes outside FOLDERS (separated as in PATH). Writes the peak of its memory, in kilobytes, to the file
`memory` in the folder it runs in.
"""

import os
import sys
from pathlib import Path
from typing import Any

from chatbot.cli import main as flexbot
from scripts.robustness.dying import WRITES

_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pickle.")
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate")


def guard(folders: tuple[str, ...]) -> None:
    """End this process as soon as it does what it must not."""

    def refuse(message: str) -> None:
        os.write(2, f"FORBIDDEN {message}\n".encode("utf-8", "replace"))
        os._exit(99)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            refuse(f"{event} {arguments}")
        changes = event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES)
        if changes and not isinstance(arguments[0], int):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 -- resolves no links, as the event's path
            if path != os.devnull and not path.startswith(folders) and os.sep in os.fsdecode(arguments[0]):
                refuse(f"{event} {path!r}")

    sys.addaudithook(watch)


def main() -> None:
    guard(tuple(sys.argv[1].split(os.pathsep)))
    status = flexbot(sys.argv[2:])
    sys.stdout.flush()
    # Not the parent's to ask for: what the system tells it is never less than its own size when it started the child.
    fields = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    Path("memory").write_text(next(line.split()[1] for line in fields if line.startswith("VmHWM")), encoding="utf-8")
    os._exit(status)


if __name__ == "__main__":
    main()
