"""Send a server what its OpenAPI description allows, and what it forbids, made by schemathesis from seed after seed.

Each answer must be as described, with no status from 500 on, and what is forbidden must be refused. Afterwards nothing
of it may be left: no file that the server wrote, no more memory than for what it shares between requests, no word of a
request in what it logged.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.robustness.harness import LONGEST_WAIT, Row, Sandbox, arguments, environment, new_sandbox, run

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
_REFUSED = "[checks]\nnegative_data_rejection.expected-statuses = [400, 404, 405, 408, 413, 422]\n"
_MORE_MEMORY = 32_000_000
_LOGGED = {"method", "route", "status", "ms"}


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, the folder that it may have written in, and its access log so far."""

    process: subprocess.Popen[str]
    address: str
    folder: Path
    log: list[dict[str, object]]

    def memory(self) -> int:
        """What it has for itself, in bytes."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return 1024 * sum(int(found) for found in re.findall(r"^Private_\w+: +(\d+)", rollup, flags=re.MULTILINE))


@contextmanager
def served(sandbox: Sandbox) -> Iterator[Served]:
    places = ["--corpus", str(sandbox.corpus), "--index", str(sandbox.index)]
    with TemporaryDirectory(prefix="flexbot-served-") as place:
        own = environment(CHATBOT_STATE=str(Path(place, "state")), TMPDIR=place, PYTHONUNBUFFERED="1")
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "chatbot", "serve", "--port", "0", *places],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place,
            env=own,
        )
        lines, told = process.stdout or [], process.stderr or []
        said = next((line for line in told if "answering at" in line), "")
        if not said:
            raise RuntimeError("the server did not start")
        log: list[dict[str, object]] = []
        readers = [
            threading.Thread(target=lambda: log.extend(map(json.loads, lines))),
            threading.Thread(target=lambda: Counter(told)),
        ]
        for reader in readers:
            reader.start()
        yield Served(process, said.split("answering at ")[1].split()[0], Path(place), log)
        process.send_signal(signal.SIGINT)
        process.wait(LONGEST_WAIT)
        for reader in readers:
            reader.join()


def described(server: Served, requests: int, examples: int, seed: int) -> Row:
    row = Row("requests made from the OpenAPI description")
    with TemporaryDirectory() as place:
        Path(place, "schemathesis.toml").write_text(_REFUSED)
        while len(server.log) < requests:
            options = ["--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed)]
            options += ["--checks", ",".join(_CHECKS), "--continue-on-failure", "--suppress-health-check", "all"]
            command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/openapi.json", *options]
            done = subprocess.run([*command, "--no-color"], capture_output=True, text=True, cwd=place, check=False)
            if done.returncode not in (0, 1):
                raise RuntimeError(done.stdout + done.stderr)
            for broken in re.findall(r"^- ST\d+ .*?^Reproduce with:.*?$.*?^$.*?$", done.stdout, flags=re.DOTALL | re.M):
                row.violated(f"seed {seed}: {broken}")
            if done.returncode and not row.violations:
                row.violated(f"seed {seed}: {done.stdout[-2000:]}")
            seed += 1
    row.times = len(server.log)
    statuses = Counter(line["status"] for line in server.log)
    for status in statuses:
        if not 200 <= int(str(status)) < 500:
            row.violated(f"{statuses[status]} answers with status {status}")
    row.happened = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items(), key=str))
    return row


def kept(server: Served, before: int) -> Row:
    row = Row("what is left of them", len(server.log))
    grown = server.memory() - before
    if grown > _MORE_MEMORY:
        row.violated(f"{grown / 1e6:.0f} MB more memory")
    for folder, _, files in os.walk(server.folder):
        for file in files:
            row.violated(f"a file: {Path(folder, file).relative_to(server.folder)}")
    for line in server.log:
        if set(line) != _LOGGED:
            row.violated(f"a line of the log: {line}")
    row.happened = f"no file, nothing in the log, {max(grown, 0) / 1e6:.0f} MB more memory than after the first run"
    return row


def main() -> int:
    options = arguments(__doc__, requests=10_000, examples=400).parse_args()
    with new_sandbox(options.index, edited=False) as sandbox, served(sandbox) as server:
        warm = described(server, 1, options.examples, options.seed)
        before = server.memory()
        return run(
            [
                lambda: (
                    warm if warm.violations else described(server, options.requests, options.examples, options.seed + 1)
                ),
                partial(kept, server, before),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
