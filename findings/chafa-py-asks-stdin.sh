#!/bin/sh
# chafa.py 1.2.0 (https://pypi.org/project/chafa.py/1.2.0/), on Linux, with `xterm` in TERM:
# `TermInfo.detect_capabilities()` asks the terminal for its device attributes, whatever the TermInfo already knows.
#
# 1. Where standard input is no terminal it raises termios.error, of which its docstring says nothing, instead of
#    answering from the TermInfo. So it cannot be called in a pipe, a cron job or CI. Seen:
#        termios.error: (25, 'Inappropriate ioctl for device')
# 2. Where standard input is a terminal that never replies, it does not return: after 5 seconds it still waits, and
#    `get_device_attributes` in chafa/chafa.py reads on without a limit of time.
# 3. It writes its question, ESC [ c, to standard output, also where that is a file and no terminal.
#
# What to do instead: `TermDb().detect()` reads the environment alone, and never waits.
#
# Exits with 0 while that is so, with 1 when one of these has changed. Needs Python 3.10 or newer and PyPI.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" chafa.py==1.2.0

cat > "$folder/ask.py" <<'PYTHON'
import chafa

print(chafa.TermDb().detect().detect_capabilities().pixel_mode.name)
PYTHON

cat > "$folder/try.py" <<'PYTHON'
import os
import pty
import subprocess
import sys

ask, wrong = sys.argv[1], []


def run(term, stdin, out):
    """What `ask.py` writes to the file `out` and to standard error; None as its status while it still runs after 5 s."""
    with open(out, "wb") as stdout:
        child = subprocess.Popen(
            [sys.executable, ask], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, "TERM": term}
        )
        try:
            errors = child.communicate(timeout=5)[1]
            status = child.returncode
        except subprocess.TimeoutExpired:
            child.kill()
            status, errors = None, child.communicate()[1]
    with open(out, "rb") as written:
        return status, written.read(), errors.decode()


def seen(what, true):
    print("as before:" if true else "CHANGED:", what)
    if not true:
        wrong.append(what)


out = f"{ask}.out"
status, written, errors = run("xterm-256color", subprocess.DEVNULL, out)
print(errors.strip().splitlines()[-1] if errors.strip() else f"(no error) {written!r}")
seen("without a terminal on standard input it raises", status == 1 and "termios.error: (25," in errors)

status, written, errors = run("foot", subprocess.DEVNULL, out)
seen("of a terminal without xterm in its name it asks nothing", status == 0 and b"SIXELS" in written)

ours, theirs = pty.openpty()
status, written, errors = run("xterm-256color", theirs, out)
print(f"status {status}, standard output {written!r}")
seen("a terminal that never replies keeps it waiting", status is None)
seen("its question goes into a file", written == b"\x1b[c")
sys.exit(bool(wrong))
PYTHON

env -u TMUX -u TERM_PROGRAM PYTHONPATH="$folder/packages" "${PYTHON:-python3}" "$folder/try.py" "$folder/ask.py"
