"""Real servers: processes of `flexbot serve` at a free port, with the built index of the test corpus."""

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import environment

_LONGEST_WAIT = 120  # seconds, however busy the machine is


@dataclass
class Response:
    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A server that runs: its process, its address, and what it has written."""

    process: subprocess.Popen[str]
    address: str = ""
    said: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    _readers: list[threading.Thread] = field(default_factory=list)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """What it answers; a body that is no bytes is sent as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): each for name, each in headers.items()}}
        request = urllib.request.Request(self.address + path, data, sent, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_LONGEST_WAIT) as answer:  # noqa: S310
                return Response(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as problem:
            with problem:
                return Response(problem.status, problem.headers, problem.read())

    def get(self, path: str, **headers: str) -> Response:
        return self.request("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Response:
        return self.request("POST", path, body, **headers)

    def end(self, with_signal: int = signal.SIGINT) -> int:
        """Its exit status; what it wrote is whole then."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        status = self.process.wait(_LONGEST_WAIT)
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def read(self) -> None:
        """Wait for the address, and go on reading what it writes."""
        told = threading.Event()

        def read_errors() -> None:
            for line in self.process.stderr:
                self.said.append(line)
                if found := re.search(r"answering at (http://\S+)", line):
                    self.address = found[1]
                    told.set()
            told.set()

        self._readers = [
            threading.Thread(target=read_errors),
            threading.Thread(target=lambda: self.logged.extend(self.process.stdout)),
        ]
        for reader in self._readers:
            reader.start()
        assert told.wait(_LONGEST_WAIT)
        assert self.address, self.said


def started(folder: Path, *arguments: str, corpus: Path, index: Path) -> Server:
    command = [sys.executable, "-m", "chatbot", "serve", "--port", "0", "--corpus", str(corpus), "--index", str(index)]
    process = subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment(PYTHONUNBUFFERED="1"),
    )
    server = Server(process)
    server.read()
    return server
