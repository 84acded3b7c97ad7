"""Measure `flexbot serve` under load beside txtai's API with the same phrasings and weights.

    python -m scripts.benchmarks.serving --index index [--workers 2] [--seconds 20]

`wrk` (Debian: apt-get install wrk) asks the questions of `tests/evaluation/in_scope.jsonl` in turn over loopback, with
8 and with 64 connections; the servers take turns, so that both meet the same hours of the machine. txtai (the extra
`compare`, with `txtai[api]`) answers with the ids of the nearest phrasings, we with whole replies. The memory of all
processes of a server is what they have to themselves plus their share of what they share (PSS). A server of ours also
goes through three new indexes and the end of a worker while it is asked.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from chatbot import settings
from scripts.benchmarks.alternatives import model_folder
from scripts.benchmarks.bench import PROJECT

_CLIENTS = (8, 64)
_PORT = 8431
_CHATBOT = [sys.executable, "-m", "chatbot"]
_QUESTIONS = PROJECT / "tests/evaluation/in_scope.jsonl"


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load: requests answered with success in a second, ms, and what failed."""

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
        questions = [json.loads(line)["query"] for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]
        (work / "ask.lua").write_text(_posting(questions), encoding="utf-8")
        (work / "search.lua").write_text(_getting(questions), encoding="utf-8")
        shutil.copytree(options.index, work / "index")
        shutil.copytree(settings.corpus_path(), work / "corpus")
        subprocess.run([*_CHATBOT, "build", *_places(work)], check=True, cwd=PROJECT)
        servers = {"flexbot": _flexbot(work, options.workers), "txtai": _txtai(work, options.workers)}
        for clients in _CLIENTS:
            for name, (command, environment) in servers.items():
                with _running(command, environment, _READY[name]) as process:
                    _loaded(name, work, clients, 3)  # warm
                    print(json.dumps(asdict(_loaded(name, work, clients, options.seconds))), flush=True)
                    print(json.dumps({"server": name, "memory_mb": round(_memory(process.pid))}), flush=True)
        print(json.dumps(_through_changes(work, servers["flexbot"], options.seconds)), flush=True)
        for workers in (1, 4):
            command, environment = _flexbot(work, workers)
            with _running(command, environment, _READY["flexbot"]) as process:
                _loaded("flexbot", work, 8, 5)
                print(json.dumps({"workers": workers, "memory_mb": round(_memory(process.pid))}), flush=True)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, default=settings.index_path())
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=20)
    return parser.parse_args()


_Server = tuple[Sequence[str], dict[str, str]]
_READY = {"flexbot": "/healthz", "txtai": "/count"}


def _flexbot(work: Path, workers: int) -> _Server:
    command = [*_CHATBOT, "serve", "--port", str(_PORT), "--workers", str(workers)]
    return [*command, *_places(work)], {"OMP_NUM_THREADS": "1"}


def _places(work: Path) -> list[str]:
    return ["--corpus", str(work / "corpus"), "--index", str(work / "index")]


def _txtai(work: Path, workers: int) -> _Server:
    texts, folder = work / "texts.jsonl", work / "alternative"
    folder.mkdir()
    inside = [sys.executable, "-m", "scripts.benchmarks.inside", "texts", str(settings.corpus_path()), str(texts)]
    subprocess.run(inside, check=True, cwd=PROJECT)
    script = PROJECT / "scripts/benchmarks/compare_txtai.py"
    subprocess.run([sys.executable, script, "save", model_folder(), texts, folder], check=True, cwd=PROJECT)
    (work / "txtai.yml").write_text(f"path: {folder}/txtai\nwritable: false\n", encoding="utf-8")
    command = [sys.executable, "-m", "uvicorn", "txtai.api:app", "--port", str(_PORT), "--workers", str(workers)]
    return [*command, "--log-level", "warning"], {"CONFIG": str(work / "txtai.yml"), "OMP_NUM_THREADS": "1"}


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str], ready: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=PROJECT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(f"http://127.0.0.1:{_PORT}{ready}")
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


def _loaded(server: str, work: Path, clients: int, seconds: int) -> Load:
    script = {"flexbot": "ask.lua", "txtai": "search.lua"}[server]
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", work / script]
    printed = subprocess.run([*command, f"http://127.0.0.1:{_PORT}"], check=True, capture_output=True, text=True).stdout
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", printed)))
    for line in re.findall(r"Socket errors: (.*)", printed):
        failed += sum(map(int, re.findall(r"\d+", line)))
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", printed)[0])
    return Load(server, clients, rate, _ms(printed, "50%"), _ms(printed, "99%"), failed)


def _ms(printed: str, share: str) -> float:
    number, unit = re.findall(rf"{share}\s+([\d.]+)(us|ms|s)", printed)[0]
    return round(float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit], 2)


def _through_changes(work: Path, server: _Server, seconds: int) -> dict[str, object]:
    """Asked while three new indexes come and one worker is killed."""
    with _running(*server, _READY["flexbot"]) as process:
        before = _index_id()
        change = threading.Thread(target=_change, args=(work, process.pid, seconds))
        change.start()
        load = _loaded("flexbot", work, 8, seconds)
        change.join()
        return {"through": "3 new indexes and a killed worker", **asdict(load), "taken_in": _index_id() != before}


def _change(work: Path, server: int, seconds: int) -> None:
    entry = sorted((work / "corpus").glob("*/*.md"))[0]
    for number in range(3):
        time.sleep(seconds / 5)
        entry.write_text(f"{entry.read_text(encoding='utf-8').rstrip()}\n\nBreathe.\n", encoding="utf-8")
        subprocess.run([*_CHATBOT, "build", *_places(work)], check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
        if number == 1:
            os.kill(_children(server)[0], signal.SIGKILL)


def _index_id() -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/healthz", timeout=10) as response:
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
