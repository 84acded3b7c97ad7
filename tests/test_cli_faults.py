"""Faults that users of commands like this one reported, by the number of their kind."""

import json
import shutil
import subprocess
import sys

import pytest

from chatbot import Chatbot, cli
from tests.builders import put
from tests.conftest import CORPUS, PROJECT
from tests.spawning import on_pty

TIGHT = "my lower back feels tight, what should I stretch?"


@pytest.fixture
def on_terminal(built):
    """Run the command line on a terminal of some size; what it writes there and its exit status."""

    def run(*arguments: str, rows: int = 24, columns: int = 80, **env: str) -> tuple[str, int]:
        env = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS), **env}
        with on_pty([sys.executable, "-m", "chatbot", *arguments], (rows, columns), **env) as child:
            written = child.read().replace("\r\n", "\n")
        return written, child.exitstatus

    return run


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_k10_a_terminal_without_a_size_has_80_columns_or_those_of_the_environment(on_terminal):
    asked = ("ask", TIGHT, "--color=never")
    usual = on_terminal(*asked, columns=80)
    assert on_terminal(*asked, columns=0, rows=0) == usual
    assert 70 < widest(usual[0]) <= 80
    told = on_terminal(*asked, columns=0, rows=0, COLUMNS="50")
    assert told == on_terminal(*asked, columns=50)
    assert 40 < widest(told[0]) <= 50
    assert on_terminal(*asked, columns=0, rows=0, COLUMNS="0") == usual
    assert on_terminal(*asked, columns=0, rows=0, COLUMNS="wide") == usual


@pytest.fixture
def redirected(python, built):
    """Run the command line with a redirection of its streams, as a POSIX shell writes it."""

    def run(redirection: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = f'"$0" -m chatbot "$@" {redirection}'
        places = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS), "PYTHONUNBUFFERED": ""}
        program = "import os, sys; os.execv('/bin/sh', ['sh', '-c', *sys.argv[1:]])"
        return python("-c", program, command, sys.executable, *arguments, stdin=b"hello\nthanks\n", **(places | env))

    return run


NO_READING = "flexbot: cannot read standard input: Bad file descriptor\n"
NO_WRITING = "flexbot: cannot write to standard output: Bad file descriptor\n"
NO_SPACE = "flexbot: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("redirection", "arguments", "error"),
    [
        ("<&-", [], NO_READING),
        ("0>/dev/null", ["--json"], NO_READING),
        (">&-", ["ask", "hello"], NO_WRITING),
        (">&-", ["--json"], NO_WRITING),
        (">&-", ["--version"], NO_WRITING),
        (">&-", ["forget"], NO_WRITING),
        (">&- <&-", ["ask", "hello"], NO_WRITING),
        ("1</dev/null", ["ask", "hello"], NO_WRITING),
        (">/dev/full", ["ask", "hello"], NO_SPACE),
        (">/dev/full", [], NO_SPACE),
        (">/dev/full", ["build"], NO_SPACE),
        (">/dev/full", ["check"], NO_SPACE),
        (">/dev/full", ["feedback"], NO_SPACE),
        (">/dev/full", ["--help"], NO_SPACE),
        (">/dev/full", ["--version"], NO_SPACE),
        (">/dev/full", ["ask", "--help"], NO_SPACE),
        # Nothing can be told then, and that is no reason to say by the exit status that there was no answer.
        (">/dev/full 2>/dev/full", ["ask", "hello"], ""),
        (">&- 2>&- <&-", ["ask", "hello"], ""),
        ("2>&-", ["ask", ""], ""),
        ("2>/dev/full", ["bild"], ""),
    ],
)
def test_k14_a_stream_that_is_closed_or_full_is_one_line_and_status_2(redirected, redirection, arguments, error):
    done = redirected(redirection, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"]], ids=" ".join)
def test_k14_help_that_cannot_be_written_is_told_without_a_buffer_too(redirected, arguments):
    done = redirected(">/dev/full", *arguments, PYTHONUNBUFFERED="1")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", NO_SPACE)


@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "<&- 2>&-", "2>/dev/full"])
def test_k14_a_stream_that_is_not_needed_may_be_closed_or_full(redirected, redirection):
    done = redirected(redirection, "ask", "hello", "--json")
    assert (done.returncode, json.loads(done.stdout)["id"], done.stderr) == (0, "greeting", "")


def test_k14_an_unexpected_failure_is_one_line_and_status_2(monkeypatch, capsys):
    def fail(_options):
        raise RuntimeError("boom\n\x1b[31m")

    monkeypatch.setattr(cli, "_check", fail)
    assert cli.main(["check"]) == 2
    told = "flexbot: That failed unexpectedly (RuntimeError: boom). `flexbot --debug` shows where.\n"
    assert capsys.readouterr() == ("", told)
    with pytest.raises(RuntimeError, match="boom"):
        cli.main(["--debug", "check"])


HOMELESS = """
import pwd, sys
from pathlib import Path

def unknown(user):
    raise KeyError(f"uid not found: {user}")

pwd.getpwuid = unknown
from chatbot import settings
from chatbot.cli import main
settings._CHECKOUT = Path("/nowhere")  # as an installed copy, which has no other place of its own
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("arguments", "what", "variable"),
    [
        (["ask", "hello"], "the index", "CHATBOT_INDEX"),
        ([], "the index", "CHATBOT_INDEX"),
        (["build"], "the index", "CHATBOT_INDEX"),
        (["check"], "the index", "CHATBOT_INDEX"),
        (["feedback"], "history, feedback and the routine", "CHATBOT_STATE"),
        (["forget"], "history, feedback and the routine", "CHATBOT_STATE"),
    ],
)
def test_k14_a_user_without_a_home(python, monkeypatch, arguments, what, variable):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    done = python("-c", HOMELESS, *arguments)
    told = f"flexbot: there is no home folder to keep {what} in; set {variable} or HOME to a folder\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_k14_a_user_without_a_home_is_answered_from_an_index_that_is_named(python, monkeypatch, built):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    done = python("-c", HOMELESS, "ask", "hello", "--json", "--index", built, "--corpus", CORPUS)
    assert (done.returncode, json.loads(done.stdout)["id"], done.stderr) == (0, "greeting", "")


# A corpus other than the one that an index was built from.

HOLD = "How long should I hold a stretch?"
OLD, NEW = "Thirty seconds a stretch", "Forty breaths a stretch"


def edit(corpus):
    """Change an answer in a folder of entries."""
    entry = corpus / "dose" / "how-long-hold.md"
    entry.write_text(entry.read_text().replace(OLD, NEW))


@pytest.fixture
def checkout(tmp_path, corpus, index):
    """A copied checkout: the package, the corpus and an index that was built from the corpus of another place."""
    folder = tmp_path / "checkout"
    shutil.copytree(PROJECT / "chatbot", folder / "chatbot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    corpus.rename(folder / "corpus")
    index.rename(folder / "index")
    return folder


@pytest.mark.usefixtures("quick_builds")
def test_k03_a_copied_checkout_answers_from_its_own_corpus(python, checkout):
    def ask(*arguments):
        return python("-m", "chatbot", "ask", HOLD, *arguments, PYTHONPATH=str(checkout))

    before = (checkout / "index" / "manifest.json").read_bytes()
    done = ask()
    assert OLD in done.stdout
    assert done.stderr == ""
    assert (checkout / "index" / "manifest.json").read_bytes() == before  # the same answers: nothing to build
    edit(checkout / "corpus")
    named = ask("--index", checkout / "index")
    assert OLD in named.stdout
    whose = f"flexbot: the answers are those of {CORPUS}, as {checkout / 'index'} was built from it;"
    assert named.stderr == f"{whose} --corpus names another\n"
    done = ask()
    assert NEW in done.stdout
    assert done.stderr == ""


@pytest.mark.usefixtures("quick_builds")
def test_k03_the_index_follows_the_corpus_of_the_environment(main, index, corpus):
    edit(corpus)
    done = main("ask", HOLD, CHATBOT_CORPUS=str(corpus), CHATBOT_INDEX=str(index))
    assert NEW in done.stdout
    assert done.stderr == ""
    done = main("ask", HOLD, CHATBOT_CORPUS=str(CORPUS), CHATBOT_INDEX=str(index))
    assert OLD in done.stdout


@pytest.mark.usefixtures("quick_builds")
def test_k03_a_corpus_named_alone_leaves_the_usual_index_as_it_is(main, built, tmp_path):
    before = (built / "manifest.json").read_bytes()
    faq = tmp_path / "faq.jsonl"
    faq.write_text(json.dumps({"id": "hold", "question": HOLD, "answer": "As long as it is fun."}))
    done = main("ask", HOLD, "--corpus", faq)
    assert "As long as it is fun." in done.stdout
    assert done.stderr == ""
    assert main("build", "--corpus", faq).stdout == "Up to date: 1 entries, 1 phrasings.\n"
    assert (built / "manifest.json").read_bytes() == before
    assert OLD in main("ask", HOLD).stdout
    faq.write_text("{")
    done = main("ask", HOLD, "--corpus", faq)
    assert "As long as it is fun." in done.stdout
    assert done.stderr.startswith(f"flexbot: the corpus has problems, so the old index answers: {faq}:1: ")


def test_k03_a_corpus_named_alone_that_is_not_there(main, tmp_path):
    done = main("ask", HOLD, "--corpus", tmp_path / "none.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"flexbot: no corpus at {tmp_path / 'none.jsonl'}")


def test_k03_another_corpus_with_problems_is_not_answered_for(main, index, tmp_path):
    faq = tmp_path / "faq.jsonl"
    faq.write_text("{")
    for places in (["--corpus", faq, "--index", index], ["--index", index]):
        done = main("ask", HOLD, *places, CHATBOT_CORPUS=str(faq))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"flexbot: {faq}:1: ")


@pytest.mark.usefixtures("quick_builds")
def test_k03_an_index_named_alone_answers_for_its_own_corpus(main, index, corpus, tmp_path):
    assert main("build", "--corpus", corpus, "--index", index).returncode == 0
    edit(corpus)
    whose = f"flexbot: the answers are those of {corpus}, as {index} was built from it; --corpus names another\n"
    done = main("ask", HOLD, CHATBOT_CORPUS="", CHATBOT_INDEX=str(index))
    assert NEW in done.stdout  # brought up to date from there, and not from the packaged corpus
    assert done.stderr == whose
    corpus.rename(tmp_path / "gone")
    done = main("ask", HOLD, "--json", "--index", index, CHATBOT_CORPUS="")
    assert json.loads(done.stdout)["id"] == "how-long-hold"
    assert (done.returncode, done.stderr) == (0, whose)
    done = main("ask", HOLD, "--json", "--index", index, CHATBOT_CORPUS=str(corpus))
    assert (done.returncode, done.stderr) == (0, "")  # a corpus that is named and not there: nothing to compare with


@pytest.fixture
def taken(tmp_path):
    """A folder with a letter and a web site's manifest in it."""
    folder = tmp_path / "taken"
    for name in ("letter.txt", "manifest.json"):
        put(folder / name, "{}")
    return folder


@pytest.mark.parametrize("command", [["ask", HOLD], [], ["serve", "--port", "0"], ["mcp"]], ids=str)
def test_k03_an_index_named_alone_that_is_not_there_is_not_built(main, tmp_path, taken, command):
    (tmp_path / "empty").mkdir()
    for name in ("mis typed", "empty"):
        done = main(*command, "--index", tmp_path / name, CHATBOT_CORPUS="")
        build = (
            f"`flexbot build --index '{tmp_path / name}'`"
            if " " in name
            else f"`flexbot build --index {tmp_path / name}`"
        )
        told = f"flexbot: no index in {tmp_path / name}; check the name, or have one built there: {build}\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "letter.txt", "manifest.json", "taken"]


@pytest.mark.parametrize(
    "command", [["ask", HOLD], [], ["serve", "--port", "0"], ["mcp"], ["build"], ["check"]], ids=str
)
@pytest.mark.parametrize("named", [[], ["--corpus", CORPUS]], ids=["alone", "with a corpus"])
def test_k03_no_index_is_built_among_other_files(main, taken, command, named):
    done = main(*command, "--index", taken, *named, CHATBOT_CORPUS="")
    told = f"flexbot: {taken} has other files (letter.txt) and no index; name a folder that is new, empty or an index\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert sorted(path.name for path in taken.iterdir()) == ["letter.txt", "manifest.json"]


@pytest.mark.usefixtures("quick_builds")
def test_k03_an_index_is_built_in_a_new_folder_for_a_corpus_that_is_named(main, tmp_path):
    faq = put(tmp_path / "faq.jsonl", json.dumps({"id": "hold", "question": HOLD, "answer": "As long as it is fun."}))
    assert "As long as it is fun." in main("ask", HOLD, "--corpus", faq, "--index", tmp_path / "new").stdout


# How people call a command that answers questions.


@pytest.mark.parametrize(
    "arguments",
    [
        [TIGHT],
        TIGHT.split(),
        ["--json", TIGHT],
        [TIGHT, "--json"],
        ["--", TIGHT],
        ["ask", TIGHT],
    ],
)
def test_k19_a_question_needs_no_command(main, arguments):
    done = main(*arguments)
    assert done.returncode == 0
    assert "What stretch can I do to loosen up my lower back?" in done.stdout


@pytest.mark.parametrize("question", ["hips?", "Hips", "柔軟性", "-5 degrees is it bad"])
def test_k19_what_cannot_be_a_command_is_a_question(main, question):
    assert json.loads(main("--json", "--", question).stdout)["query"] == question


@pytest.mark.parametrize("word", ["bild", "hello"])
def test_k19_a_single_word_may_be_a_mistyped_command(main, word):
    done = main(word, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: flexbot ")
    assert done.stderr.endswith(f"error: no command is called '{word}'; to ask it, type flexbot ask {word}\n")


def test_k19_a_dash_reads_the_question_from_the_pipe(main):
    done = main("ask", "-", "--json", stdin=b"how long should i\nhold a stretch\n")
    assert json.loads(done.stdout)["id"] == "how-long-hold"
    assert (done.returncode, done.stderr) == (0, "")
    done = main("ask", "-", stdin=b"\n")
    assert (done.returncode, done.stderr) == (2, "flexbot: the question is empty; type a few words\n")
    assert json.loads(main("ask", "-", "5", "--json").stdout)["query"] == "- 5"


def test_k19_a_dash_on_a_terminal_says_what_to_do(built):
    env = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS)}
    with on_pty([sys.executable, "-m", "chatbot", "ask", "-"], **env) as child:
        child.expect_exact("flexbot: type the question, then Ctrl-D on a line of its own")
        child.send("hello\n\x04")
        child.expect_exact("Hello! Ask me about flexibility.")


def test_k19_ask_without_a_question_says_what_to_do(on_terminal):
    written, status = on_terminal("ask")
    assert status == 2
    assert 'no question; type flexbot ask "…", or flexbot alone for the shell' in " ".join(written.split())


def test_k13_that_the_default_model_came_in_for_an_unknown_one_is_told(main, index, quick_builds):
    lost = (
        f"flexbot: the manifest of {index} could not be read, so nothing told which model it had; the default came in:"
        " build with another model if it had one\n"
    )
    put(index / "manifest.json", "{")
    asked = main("ask", "hello", CHATBOT_INDEX=str(index))
    assert (asked.returncode, asked.stderr) == (0, lost)
    put(index / "manifest.json", "{")
    done = main("build", CHATBOT_INDEX=str(index))
    assert (done.returncode, done.stderr) == (0, lost)
    put(index / "manifest.json", "{")
    with pytest.warns(UserWarning, match="could not be read, so nothing told which model it had"):
        Chatbot.build(CORPUS, index)
    assert main("build", "--full", CHATBOT_INDEX=str(index)).stderr == ""
