"""A wheel, installed into a fresh environment, that answers from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

from tests.builders import linked, put_lines
from tests.conftest import CORPUS, PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built with what is installed here: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The `flexbot` of a fresh environment with the wheel; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--quiet", str(wheel)], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    # Behind the wheel on the path, so that `chatbot` is the installed one.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "flexbot"


def run(command, folder, **env):
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env={**bare, **env}, capture_output=True, text=True)


def test_what_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
        scripts = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    wanted = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "chatbot").rglob("*.py")}
    wanted |= {"chatbot/py.typed", "chatbot/data/out_of_scope.txt"}
    wanted |= {f"chatbot/serving/page/page.{kind}" for kind in ("html", "js")}
    wanted |= {f"chatbot/exporting/page/{name}" for name in ("page.html", "page.js", "search.js", "extra.css")}
    wanted |= {f"chatbot/page/{name}" for name in ("page.css", "exchange.js")}
    wanted |= {f"chatbot/data/{path.relative_to(PROJECT).as_posix()}" for path in (PROJECT / "corpus").rglob("*.md")}
    tables = ("sources.yaml", "parts.yaml", "conditions.yaml", "no-conditions.yaml", "condition-messages.jsonl")
    wanted |= {f"chatbot/data/corpus/{table}" for table in tables}
    assert wanted <= names
    assert {name.split("/")[0] for name in names} == {"chatbot", wheel.name.split("-py3")[0] + ".dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests", "index"))]
    assert "flexbot = chatbot.cli:entry_point" in scripts
    assert "Name: flexibility-chatbot\n" in metadata
    assert "License-Expression: MIT AND CC-BY-4.0\n" in metadata


def test_an_installed_copy_answers_from_any_folder(installed, built, tmp_path):
    folder = tmp_path / "anywhere"
    folder.mkdir()
    done = run(
        [installed, "ask", "How long should I hold a stretch?", "--json"],
        folder,
        CHATBOT_INDEX=str(built),
        CHATBOT_CORPUS=str(CORPUS),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "how-long-hold"
    assert list(folder.iterdir()) == []


def test_an_installed_copy_has_the_corpus_and_its_own_places(installed, tmp_path):
    program = (
        "from chatbot import settings; from chatbot.corpus.reader import read_corpus;"
        "print(settings.__file__, settings.in_checkout(), settings.corpus_path(), settings.index_path(), sep='\\n');"
        "print(len(read_corpus(settings.corpus_path()).checked().entries) > 50)"
    )
    done = run([installed.with_name("python"), "-c", program], tmp_path)
    module, checkout, corpus, index, whole = done.stdout.splitlines()
    assert module.startswith(str(installed.parents[1]))
    assert (checkout, whole) == ("False", "True")
    assert corpus == module.replace("settings.py", "data/corpus")
    assert index == os.path.join(os.environ["XDG_CACHE_HOME"], "flexbot", "index")  # noqa: PTH118


def test_an_installed_copy_builds_another_corpus(installed, built, tmp_path):
    put_lines(tmp_path / "faq.jsonl", {"id": "a", "question": "How do I pay?", "answer": "By card."})
    index = linked(built, tmp_path / "index")
    done = run([installed, "build", "--corpus", "faq.jsonl", "--index", index], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Built the index: 1 entries, 1 phrasings; encoded 2 texts, kept ")
