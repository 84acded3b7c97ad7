"""Own places for every test, a small corpus with an index built by the real model, and real processes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot import Chatbot, settings

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
    patch.setenv("HOME", str(folder / "home"))
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        patch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    patch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("NO_COLOR", "CHATBOT_CORPUS", "CHATBOT_INDEX", "CHATBOT_STATE", "CHATBOT_FEEDBACK"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _session_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _own_places(patch, tmp_path_factory.mktemp("session"))
        yield


@pytest.fixture(autouse=True)
def _test_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _own_places(monkeypatch, tmp_path)


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """`flexbot build` of the test corpus with the real model, in a process of its own; see `built` for the index."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "chatbot", "build", "--corpus", str(CORPUS), "--index", str(folder / "index")]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment(), timeout=280)


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


def linked(folder: Path, target: Path) -> Path:
    """A copy of the index in `folder`, of hard links."""
    shutil.copytree(folder, target, copy_function=os.link, ignore=shutil.ignore_patterns(".lock"))
    return target


def put(path: Path, data: bytes) -> None:
    """Replace the file at `path`, leaving other links to its old content as they were."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


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

    def run(
        *arguments: str | Path, stdin: bytes = b"", timeout: int = 120, **env: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(
            command, input=stdin, capture_output=True, cwd=folder, env=environment(**env), timeout=timeout
        )
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def flexbot(python: Run, built: Path) -> Run:
    """Run the command line in a process of its own, with the built index unless told otherwise."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        places = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS)}
        return python("-m", "chatbot", *arguments, **(places | options))

    return run
