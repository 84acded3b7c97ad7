"""Measure `flexbot serve` under load beside txtai's API with the same phrasings and weights.

    python -m scripts.benchmarks.serving --index index [--workers 2] [--seconds 20]

`wrk` (Debian: apt-get install wrk) asks the questions of `tests/evaluation/in_scope.jsonl` in turn over loopback, with
8 and with 64 connections; the servers take turns, so that both meet the same hours of the machine. txtai (the extra
`compare`, with `txtai[api]`) answers with the ids of the nearest phrasings, we with whole replies. The memory of all
processes of a server is what they have to themselves plus their share of what they share (PSS). A server of ours also
goes through three new indexes and the restart of a worker while it is asked.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from chatbot import settings
from scripts.benchmarks.bench import PROJECT
from scripts.benchmarks.peers import model_folder

_CLIENTS = (8, 64)
_PORT = 8431
_ADDRESS = f"http://127.0.0.1:{_PORT}"
_WARM_SECONDS = 3
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # a process, where there are as many as cores
_CHATBOT = [sys.executable, "-m", "chatbot"]
_QUESTIONS = PROJECT / "tests/evaluation/in_scope.jsonl"


@dataclass(frozen=True, slots=True)
class Server:
    """A server as it is started, with the address that answers once it is ready, and wrk's script for its questions."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: str
    script: Path


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load: requests answered with success in a second, ms, and how many failed."""

    server: str
    clients: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def main() -> int:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="flexbot-serving-") as temporary:
        work = Path(temporary)
        shutil.copytree(options.index, work / "index")
        shutil.copytree(settings.corpus_path(), work / "corpus")
        subprocess.run([*_CHATBOT, "build", *_places(work)], check=True, cwd=PROJECT)
        ours = _flexbot(work, options.workers)
        servers = [ours, *_txtai(work, options.workers)]
        for clients in _CLIENTS:
            for server in servers:
                with _running(server) as process:
                    _loaded(server, clients, _WARM_SECONDS)
                    load = _loaded(server, clients, options.seconds)
                    print(json.dumps({**asdict(load), "memory_mb": round(_memory(process.pid))}), flush=True)
        print(json.dumps(_through_changes(work, ours, options.seconds)), flush=True)
        for workers in (1, 4):
            server = _flexbot(work, workers)
            with _running(server) as process:
                _loaded(server, _CLIENTS[0], options.seconds)
                print(json.dumps({"workers": workers, "memory_mb": round(_memory(process.pid))}), flush=True)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, default=settings.index_path())
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=20)
    return parser.parse_args()


def _flexbot(work: Path, workers: int) -> Server:
    script = work / "ask.lua"
    script.write_text(_posting(_questions()), encoding="utf-8")
    command = [*_CHATBOT, "serve", "--port", str(_PORT), "--workers", str(workers), *_places(work)]
    return Server("flexbot", command, _ONE_THREAD, "/healthz", script)


def _places(work: Path) -> list[str]:
    return ["--corpus", str(work / "corpus"), "--index", str(work / "index")]


def _txtai(work: Path, workers: int) -> list[Server]:
    """txtai with as many processes, and as its documentation starts it: one, with all threads that torch takes."""
    texts, folder, script = work / "texts.jsonl", work / "alternative", work / "search.lua"
    folder.mkdir()
    script.write_text(_getting(_questions()), encoding="utf-8")
    inside = [sys.executable, "-m", "scripts.benchmarks.inside", "texts", str(settings.corpus_path()), str(texts)]
    subprocess.run(inside, check=True, cwd=PROJECT)
    peers = [sys.executable, "-m", "scripts.benchmarks.peers"]
    save = [*peers, "with_txtai", model_folder(), str(folder), "save", str(texts)]
    subprocess.run(save, check=True, cwd=PROJECT)
    # Without `embeddings`, though the index says with what it was made, the service has no route to search by.
    described = {"path": str(folder / "txtai"), "writable": False, "embeddings": {"path": model_folder()}}
    (work / "txtai.yml").write_text(json.dumps(described), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-m", "uvicorn", "txtai.api:app", "--port", str(_PORT), "--log-level", "warning"]
    here = {"CONFIG": str(work / "txtai.yml")}
    ready = "/search?query=a"
    return [
        Server("txtai", [*command, "--workers", str(workers)], here | _ONE_THREAD, ready, script),
        Server("txtai by default", command, here, ready, script),
    ]


def _questions() -> list[str]:
    return [json.loads(line)["query"] for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]


@contextmanager
def _running(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {name: value for name, value in os.environ.items() if name not in _ONE_THREAD}
    process = subprocess.Popen(
        server.command,
        env={**environment, **server.environment},
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(_ADDRESS + server.ready)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(address: str) -> None:
    for _ in range(600):
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).read()  # noqa: S310 -- loopback
            return
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at {address}")


def _loaded(server: Server, clients: int, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", str(server.script)]
    printed = subprocess.run([*command, _ADDRESS], check=True, capture_output=True, text=True).stdout
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", printed)))
    for line in re.findall(r"Socket errors: (.*)", printed):
        failed += sum(map(int, re.findall(r"\d+", line)))
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", printed)[0])
    return Load(server.name, clients, rate, _ms(printed, "50%"), _ms(printed, "99%"), failed)


def _ms(printed: str, share: str) -> float:
    number, unit = re.findall(rf"{share}\s+([\d.]+)(us|ms|s)", printed)[0]
    return round(float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit], 2)


def _through_changes(work: Path, server: Server, seconds: int) -> dict[str, object]:
    """Asked while three new indexes come and one worker ends, for which another is started."""
    with _running(server) as process:
        before = _index_id()
        change = threading.Thread(target=_change, args=(work, process.pid, seconds))
        change.start()
        load = _loaded(server, _CLIENTS[0], 3 * seconds)
        change.join()
        return {
            "through": "3 new indexes and a restart",
            **asdict(load),
            "taken_in": _index_id() != before,
        }


def _change(work: Path, server: int, seconds: int) -> None:
    entry = sorted((work / "corpus").glob("*/*.md"))[0]
    for number in range(3):
        time.sleep(seconds / 2)
        entry.write_text(f"{entry.read_text(encoding='utf-8').rstrip()}\n\nBreathe.\n", encoding="utf-8")
        subprocess.run([*_CHATBOT, "build", *_places(work)], check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
        if number == 1:
            os.kill(_children(server)[0], signal.SIGTERM)


def _index_id() -> str:
    with urllib.request.urlopen(f"{_ADDRESS}/healthz", timeout=10) as response:  # noqa: S310 -- loopback
        found: str = json.load(response)["index"]
        return found


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> float:
    """MB of a process and its children."""
    total = 0.0
    for each in (pid, *_children(pid)):
        total += int(re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text(), re.M)[0]) / 1000
    return total


def _posting(questions: Sequence[str]) -> str:
    return f"""local questions = {_lua(json.dumps({"question": each}) for each in questions)}
local at = 0
wrk.headers["Content-Type"] = "application/json"
request = function()
  at = at % #questions + 1
  return wrk.format("POST", "/v1/ask", nil, questions[at])
end
"""


def _getting(questions: Sequence[str]) -> str:
    from urllib.parse import quote

    return f"""local paths = {_lua(f"/search?query={quote(each)}" for each in questions)}
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def _lua(texts: Iterator[str]) -> str:
    return "{" + ",\n".join(f"[==[{text}]==]" for text in texts) + "}"


if __name__ == "__main__":
    sys.exit(main())
