"""What asking and rebuilding do without: torch and its family, the network, and the folders of others."""

import json

import pytest

from tests.conftest import CORPUS

HEAVY = ("torch", "transformers", "sentence_transformers")
BARRED = """
import importlib.abc, sys

class Barrier(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise AssertionError(f"{{name}} was imported")

sys.meta_path.insert(0, Barrier())
"""
NO_NETWORK = """
import sys

def forbid(event, arguments):
    if event.startswith("socket."):
        raise AssertionError(f"{event}{arguments}")

sys.addaudithook(forbid)
"""
RUN = """
from chatbot.cli import main
sys.exit(main())
"""


@pytest.fixture
def edited(corpus):
    entry = corpus / "dose" / "how-long-hold.md"
    text = (
        entry.read_text().replace("stretch duration", "length of a stretch").replace("Thirty seconds", "Forty breaths")
    )
    entry.write_text(text)
    return corpus


@pytest.mark.parametrize("program", [BARRED.format(names=HEAVY), NO_NETWORK], ids=["no torch", "no network"])
def test_asking_and_rebuilding_after_an_edit(python, built, index, edited, program):
    ask = python("-c", program + RUN, "ask", "stretch duration", "--json", "--corpus", CORPUS, "--index", built)
    assert ask.returncode == 0, ask.stderr
    assert json.loads(ask.stdout)["id"] == "how-long-hold"
    build = python("-c", program + RUN, "build", "--corpus", edited, "--index", index)
    assert build.returncode == 0, build.stderr
    assert build.stdout.startswith("Built the index: 12 entries, 67 phrasings; encoded 2 texts, kept ")
    again = python("-c", program + RUN, "ask", "length of a stretch", "--json", "--corpus", edited, "--index", index)
    assert json.loads(again.stdout)["answers"][0]["text"].startswith("Forty breaths a stretch")


def test_the_barriers_hold(python):
    assert "torch was imported" in python("-c", BARRED.format(names=HEAVY) + "import torch").stderr
    assert "socket." in python("-c", NO_NETWORK + "import socket; socket.socket()").stderr


@pytest.mark.parametrize(
    "program",
    [
        "import chatbot",
        "from chatbot import ChatbotError, Entry, Reply, Answer",
        "import chatbot.cli, chatbot.corpus.reader",
        "import chatbot.cli\ntry: chatbot.cli.main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_importing_loads_nothing_heavy(python, program):
    heavy = {
        *HEAVY,
        "faiss",
        "numpy",
        "onnxruntime",
        "onnx",
        "prompt_toolkit",
        "tokenizers",
        "tqdm",
        "rapidfuzz",
        "yaml",
    }
    if "corpus" in program:
        heavy.remove("yaml")
    done = python("-c", program + "\nimport sys; print('loaded:', *sorted(sys.modules), file=sys.stderr)")
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.partition("loaded:")[2].split())
    assert "chatbot" in loaded
    assert not loaded & heavy


def test_asking_loads_no_shell_and_no_build(python, built):
    program = f"""
import sys
from chatbot import Chatbot
Chatbot.load({str(built)!r}).ask("How long should I hold a stretch?").to_json()
print(*sorted(sys.modules))
"""
    done = python("-c", program)
    loaded = set(done.stdout.split())
    assert {"chatbot.bot", "chatbot.answering.responder", "onnxruntime"} <= loaded
    assert not loaded & {
        *HEAVY,
        "onnx",
        "prompt_toolkit",
        "tqdm",
        "spellchecker",
        "chatbot.building.build",
        "chatbot.encoding.export",
        "chatbot.shell",
    }


def test_nothing_is_written_outside_the_index(python, index, edited, tmp_path):
    """Every file opened for writing, made, moved or removed by a rebuild and a question lies in the index folder."""
    program = f"""
import os, sys
for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY"):
    os.environ.pop(name, None)
inside = {str(index)!r}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def watch(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        check(arguments[0])
    elif event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod"):
        check(arguments[0])

def check(path):
    if isinstance(path, int) or os.fspath(path) == os.devnull:
        return
    if not os.path.abspath(os.fsdecode(path)).startswith(inside):
        # A folder descriptor may stand beside a bare name: those are the scratch folder's own files.
        if os.sep in os.fsdecode(path):
            raise AssertionError(f"wrote {{path}}")

sys.dont_write_bytecode = True
sys.addaudithook(watch)
from chatbot import Chatbot
bot = Chatbot.build({str(edited)!r}, inside)
bot.ask("How long should I hold a stretch?")
bot.conversation().ask("hello")
"""
    # Native code is not audited. It leaves no files either: not a device id of ONNX Runtime's telemetry, say, which
    # holds back by itself in CI and where it is told to, so the program forgets that it may be there.
    done = python("-c", program)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "elsewhere", "index"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
