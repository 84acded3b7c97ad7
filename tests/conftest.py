"""Own places for every test, a small corpus with an index built by the real model, and the command line."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from chatbot import Chatbot, cli, settings
from tests.builders import linked, put

# torch's and faiss's threads spin while they wait for one another: where others use the processors, too, what takes
# seconds takes minutes. The programs that the tests start inherit this.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

PROJECT = Path(settings.__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data"
CORPUS = DATA / "corpus"

# By hand: 7 answers with 6 phrasings and 1 with 3; 2 urgent with 6; 2 small talk with 5.
ENTRIES, PHRASINGS, ANSWERS, LOOK_ALIKES = 12, 67, 13, 6
# Answers of twelve words or fewer: the three on doses, the second on loosening the lower back, and the small talk.
SHORT_ANSWERS = 6
ENTRY_IDS = [
    "how-long-hold",
    "how-often-stretch",
    "stretch-before-run",
    "hip-flexor-stretch",
    "hip-rotation",
    "pigeon-pose",
    "chair-back-stretch",
    "loosen-lower-back",
    "greeting",
    "thanks",
    "cauda-equina",
    "leg-clot",
]


def _own_places(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Home, state and caches in `folder`; no settings of whoever runs the tests."""
    patch.setenv("HOME", str(folder / "home"))
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    patch.setenv("HF_HUB_OFFLINE", "1")
    patch.setenv("TERM", "xterm-256color")
    # A size of a terminal stands in the environment where tests run side by side.
    for name in (
        "COLUMNS",
        "LINES",
        "NO_COLOR",
        "PAGER",
        "CHATBOT_CORPUS",
        "CHATBOT_INDEX",
        "CHATBOT_STATE",
        "CHATBOT_FEEDBACK",
    ):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _session_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _own_places(patch, tmp_path_factory.mktemp("session"))
        yield


@pytest.fixture(autouse=True)
def _test_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _own_places(monkeypatch, tmp_path)


Once = Callable[[str, Callable[[Path], Any]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Have a folder filled once, whichever of the processes that the tests run in needs it first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, fill: Callable[[Path], Any]) -> Path:
        folder, filled = shared / name, shared / f"{name}.filled"
        with FileLock(shared / f"{name}.lock"):
            if not filled.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what an attempt that failed left
                folder.mkdir()
                fill(folder)
                filled.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def first_build(once: Once) -> subprocess.CompletedProcess[str]:
    """`flexbot build` of the test corpus with the real model, in a process of its own; see `built` for the index."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "chatbot", "build", "--corpus", str(CORPUS), "--index", str(folder / "index")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment())
        (folder / "done.json").write_text(json.dumps([command, done.returncode, done.stdout, done.stderr]))

    return subprocess.CompletedProcess(*json.loads((once("built", build) / "done.json").read_text()))


@pytest.fixture(scope="session")
def built(first_build: subprocess.CompletedProcess[str]) -> Path:
    """An index of the test corpus, built by the real model. Not to be changed: see `index`."""
    assert first_build.returncode == 0, first_build.stderr
    return Path(first_build.args[-1])


@pytest.fixture(scope="session")
def bot(built: Path) -> Chatbot:
    return Chatbot.load(built)


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy of the built index to rebuild or damage, of hard links: replace its files, never write into them."""
    return linked(built, tmp_path / "index")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the test corpus to edit."""
    return shutil.copytree(CORPUS, tmp_path / "corpus")


def rewrite_manifest(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the manifest as someone who knows its format would: with a right checksum."""
    path = folder / "manifest.json"
    content = json.loads(path.read_bytes())
    content.pop("checksum")
    change(content)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # The checksum covers everything but itself, and the format number is known to be part of it.
    content["checksum"] = hashlib.sha256(canonical.encode()).hexdigest()
    put(path, json.dumps(content).encode())


OUT_OF_SCOPE = ("what is the capital of france", "how do i bake bread", "who won the match", "fix a tap")


@pytest.fixture
def quick_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four out-of-scope questions and two English words, so that what is built in this process takes a moment."""
    path = put(tmp_path / "out-of-scope.txt", "".join(f"{question}\n" for question in OUT_OF_SCOPE))
    monkeypatch.setattr(settings, "out_of_scope_path", lambda: path)
    monkeypatch.setattr("chatbot.building.build.english_words", lambda: np.array([1, 2], dtype=np.uint64))


Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, in which `chatbot` can be imported from any folder."""
    paths = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, **changes}


@pytest.fixture
def python(tmp_path: Path) -> Run:
    """Run a Python program, or `-m module`, in a process of its own, from an empty folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    def run(*arguments: str | Path, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=folder, env=environment(**env))
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def main(built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, with the built index unless told otherwise; see `flexbot`."""

    def run(*arguments: str | Path, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name, value in ({"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS)} | env).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            try:
                status = cli.main([*map(str, arguments)])
            except SystemExit as usage:
                status = usage.code
        return subprocess.CompletedProcess(arguments, status, *capsys.readouterr())

    return run


@pytest.fixture
def flexbot(python: Run, built: Path) -> Run:
    """Run the command line in a process of its own, for what `main` cannot show: statuses, pipes, bytes, signals."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        places = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS)}
        return python("-m", "chatbot", *arguments, **(places | options))

    return run
