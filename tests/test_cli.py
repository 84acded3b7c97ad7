"""The command line: exit statuses, forms, pipes, places and bad input; as real processes where those matter."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from chatbot import __version__, cli, errors
from chatbot.errors import ChatbotError
from tests.conftest import CORPUS, environment

TIGHT = "my lower back feels tight, what should I stretch?"
DISCLAIMER = "Consult your healthcare provider about your own needs."


def plain(text):
    return " ".join(text.split())


def test_the_first_build_says_what_it_did(first_build):
    from chatbot.settings import out_of_scope_path

    # 67 phrasings, 6 short answers, 6 look-alikes and the out-of-scope questions.
    texts = 67 + 6 + 6 + len(out_of_scope_path().read_text().splitlines())
    assert first_build.stderr == ""
    start = f"Built the index: 12 entries, 67 phrasings; encoded {texts:,} texts, kept 0 ("
    assert first_build.stdout.startswith(start)
    assert first_build.stdout.endswith(" s).\n")


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (TIGHT, 0),
        ("back pain and now i cannot pee", 0),
        ("hello", 0),
        ("hip", 1),
        ("how do I renew my passport", 1),
    ],
)
def test_exit_status_tells_whether_it_answered(flexbot, question, status):
    done = flexbot("ask", question)
    assert (done.returncode, done.stderr) == (status, "")
    assert "not medical advice" in plain(done.stdout).lower()


def test_an_answer_as_text(flexbot):
    text = flexbot("ask", TIGHT).stdout
    assert "What stretch can I do to loosen up my lower back?" in text
    assert "Sports physiotherapy" in text
    assert "Yoga teaching" in text
    assert "Hold 30 seconds, 3 times a side [1]." in text
    assert "[1] Bandy & Irion (1994)" in text
    assert "How do I stretch my hip flexors?" in text
    assert DISCLAIMER in plain(text)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_words_of_a_question_need_no_quotes(main):
    done = main("ask", "how", "long", "should", "I", "hold", "a", "stretch", "--json")
    assert json.loads(done.stdout)["query"] == "how long should I hold a stretch"


def test_an_answer_as_json(main):
    done = main("ask", TIGHT, "--json")
    reply = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert (reply["schema"], reply["kind"], reply["id"]) == (5, "answer", "loosen-lower-back")
    assert len(reply["related"]) >= 4
    assert all(related["preview"] for related in reply["related"])
    assert reply["disclaimer"].endswith(DISCLAIMER)


def test_an_answer_as_markdown(main):
    text = main("ask", "how can I loosen my lower back?", "--markdown").stdout
    assert text.startswith("## What stretch can I do to loosen up my lower back?\n\n### Sports physiotherapy\n")
    assert text.rstrip().splitlines()[-1].startswith("> These answers come from")


@pytest.mark.parametrize(("choice", "painted"), [("always", True), ("never", False), ("auto", False)])
def test_colour_when_asked_for(flexbot, choice, painted):
    assert ("\x1b[1m" in flexbot("ask", TIGHT, "--color", choice).stdout) is painted


def test_options_stand_before_a_command_or_after_it(main, built):
    before = main("--json", "--index", built, "--corpus", CORPUS, "ask", TIGHT, CHATBOT_INDEX="/nowhere")
    after = main("ask", TIGHT, "--json", "--index", built, "--corpus", CORPUS, CHATBOT_INDEX="/nowhere")
    assert before.stdout == after.stdout
    assert json.loads(before.stdout)["id"] == "loosen-lower-back"


def test_the_module_and_the_command_are_the_same(python, built):
    places = {"CHATBOT_INDEX": str(built), "CHATBOT_CORPUS": str(CORPUS)}
    module = python("-m", "chatbot", "ask", "hello", **places)
    command = python("-c", "from chatbot.cli import entry_point; entry_point()", "ask", "hello", **places)
    assert (module.returncode, module.stdout) == (command.returncode, command.stdout)
    assert "flexbot" in python("-m", "chatbot", "--help").stdout.splitlines()[0]


def test_version_and_help(main):
    assert main("--version").stdout == f"flexbot {__version__}\n"
    text = main("--help").stdout
    for command in ("ask", "build", "check", "feedback", "forget"):
        assert f"    {command} " in text
        assert main(command, "--help").returncode == 0
    assert "Exit status: 0 answered, 1 no answer or a clarification, 2 an error, 130 interrupted." in plain(text)


@pytest.mark.parametrize(
    "wrong", [["ask"], ["ask", "x", "--yaml"], ["bild"], ["ask", "x", "--json", "--markdown"], ["--color", "pink"]]
)
def test_wrong_usage(main, wrong):
    done = main(*wrong)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: flexbot")
    assert done.stdout == ""


@pytest.mark.parametrize(
    "origin", ["foo", "https://flex.example/", "https://me@flex.example", "https://x:port", "null"]
)
def test_an_origin_that_is_none_is_refused(main, origin):
    done = main("serve", "--origin", "https://flex.example", "--origin", origin)
    assert done.returncode == 2
    told = f"--origin must be a web site such as https://flex.example, or *, not {origin!r}"
    assert told in " ".join(done.stderr.split())


@pytest.mark.parametrize("origin", ["*", "http://localhost:8080", "https://flex.example", "http://[::1]:80"])
def test_an_origin_is_taken(main, origin):
    done = main("serve", "--origin", origin, "--workers", "0")
    assert done.stderr.endswith("--workers must be 1 or more, not 0\n")  # what is looked at next


# Questions from a pipe.


def test_piped_questions_get_a_reply_each_in_order(flexbot):
    done = flexbot("--json", stdin=f"hello\n\n{TIGHT}\r\n   \nhow long should i hold a stretch".encode())
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == ["greeting", "loosen-lower-back", "how-long-hold"]
    assert [reply["query"] for reply in replies] == ["hello", TIGHT, "how long should i hold a stretch"]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("form", [[], ["--markdown"]])
def test_piped_questions_as_text_have_no_prompt(main, form):
    done = main(*form, stdin=b"hello\nhow do I renew my passport\n")
    assert done.returncode == 1
    said = plain(done.stdout)
    assert said.count(DISCLAIMER) + said.count("Not medical advice: consult") == 2
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_bad_line_does_not_stop_the_rest(flexbot):
    lines = b"hello\n\x00\x1b[0m\n" + b"x" * 10_001 + b"\nthank you\n"
    done = flexbot("--json", stdin=lines)
    first, empty, long, last = map(json.loads, done.stdout.splitlines())
    assert (first["id"], last["id"]) == ("greeting", "thanks")
    assert empty["error"] == "the question is empty; type a few words"
    assert long == {
        "schema": 5,
        "query": "x" * 200,
        "error": "the question has 10,001 characters; 10,000 is the most: ask it shorter",
    }
    assert done.returncode == 2
    assert done.stderr == ""
    text = flexbot(stdin=lines)
    assert text.returncode == 2
    assert text.stderr == (
        "flexbot: the question is empty; type a few words\n"
        "flexbot: the question has 10,001 characters; 10,000 is the most: ask it shorter\n"
    )


def test_a_command_of_the_shell_is_no_question(main):
    told = "/topics is a command, and works only in the shell: type flexbot alone"
    lines = b"/topics\n /topics hips\nhello\n/r/flexibility tells me so\n"
    done = main("--json", stdin=lines)
    first, second, hello, other = map(json.loads, done.stdout.splitlines())
    assert (first["query"], first["error"], second["error"], hello["id"]) == ("/topics", told, told, "greeting")
    assert "error" not in other
    assert (done.returncode, done.stderr) == (2, "")
    done = main(stdin=lines)
    assert (done.returncode, done.stderr) == (2, f"flexbot: {told}\n" * 2)
    assert plain(done.stdout).startswith("Hello")
    for asked in (["ask", "/topics"], ["/topics"], ["/topics", "hips"]):
        done = main(*asked)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"flexbot: {told}\n")


def test_a_line_of_exactly_the_most_characters_is_no_error(main):
    done = main("--json", stdin=b"stretch " * 1249 + b"stretch!\n")
    assert "error" not in json.loads(done.stdout)


def test_invalid_utf8_on_the_pipe(flexbot):
    done = flexbot("--json", stdin=b"caf\xe9 \xff\xfe stretch\nhello\n", PYTHONUTF8="1")
    odd, hello = map(json.loads, done.stdout.splitlines())
    assert odd["query"] == "caf\ufffd \ufffd\ufffd stretch"
    assert hello["id"] == "greeting"
    assert done.stderr == ""


def test_output_that_cannot_say_it_all(flexbot):
    done = flexbot("ask", "柔軟性 🤸", PYTHONIOENCODING="ascii")
    assert done.returncode in (0, 1)
    assert done.stderr == ""


def test_no_lines_are_no_error(main):
    done = main(stdin=b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Who runs the tests in the background may have told them to ignore an interrupt, which a process inherits.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from chatbot.cli import entry_point
entry_point()
"""


def start(built, *arguments, **options):
    env = environment(CHATBOT_INDEX=str(built), CHATBOT_CORPUS=str(CORPUS))
    command = [sys.executable, "-c", INTERRUPTIBLE, *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, **(pipes | options))


def test_a_closed_pipe_ends_quietly(built):
    for arguments, questions in ((("ask", TIGHT), b""), ((), b"hello\n" * 50), (("--json",), b"hello\n" * 50)):
        reading, writing = os.pipe()
        os.close(reading)
        with start(built, *arguments, stdout=writing) as process:
            os.close(writing)
            _, errors = process.communicate(questions)
        assert (process.returncode, errors) == (0, b"")


def test_a_reader_that_has_enough(built):
    with start(built, "--json") as process:
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "greeting"
        process.stdout.close()
        process.stdin.write(b"hello\n" * 20)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_an_interrupt(built):
    with start(built, "--json") as process:
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        process.stdout.readline()  # it is up and waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr.read() == b""


# Odd questions.


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "flexbot: the question is empty; type a few words\n"),
        (" \t ", "flexbot: the question is empty; type a few words\n"),
        ("\x1b[31m\x07", "flexbot: the question is empty; type a few words\n"),
        ("x" * 100_000, "flexbot: the question has 100,000 characters; 10,000 is the most: ask it shorter\n"),
    ],
    ids=["empty", "spaces", "control", "long"],
)
def test_a_question_that_cannot_be_read(main, question, message):
    done = main("ask", "--", question)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.parametrize(
    "question", ["🤸🏽‍♀️", "柔軟性を高めるには", "هل التمدد مفيد", "how \x1b[2Jlong\x07 should I hold a stretch"]
)
def test_any_script_gets_a_reply_that_drives_no_terminal(main, question):
    done = main("ask", question)
    assert done.returncode in (0, 1)
    assert not {"\x1b", "\x07", "\x00"} & set(done.stdout)
    assert done.stderr == ""


def test_an_argument_that_is_not_utf8(flexbot):
    done = flexbot("ask", os.fsdecode(b"hip \xff flexor stretch"), "--json")
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)["query"] == "hip \ufffd flexor stretch"


# Places.


def test_no_index_and_no_corpus(main, tmp_path):
    done = main("ask", "hello", CHATBOT_INDEX=str(tmp_path / "none"), CHATBOT_CORPUS=str(tmp_path / "nothing"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"flexbot: no index in {tmp_path / 'none'}; build one: `flexbot build`\n"
    done = main("build", CHATBOT_CORPUS=str(tmp_path / "nothing"), CHATBOT_INDEX=str(tmp_path / "none"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"flexbot: no corpus at {tmp_path / 'nothing'}; name a folder of entries")


def test_a_changed_corpus_is_built_first(flexbot, index, corpus):
    places = ("--corpus", corpus, "--index", index)
    entry = corpus / "dose" / "how-long-hold.md"
    entry.write_text(entry.read_text().replace("Thirty seconds a stretch", "Forty breaths a stretch"))
    done = flexbot("ask", "How long should I hold a stretch?", *places)
    assert "Forty breaths a stretch is enough" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    assert flexbot("build", *places).stdout == "Up to date: 12 entries, 67 phrasings.\n"


def test_a_build_after_an_edit_says_how_many_texts_it_encoded(main, index, corpus):
    entry = corpus / "hips" / "pigeon-pose.md"
    entry.write_text(entry.read_text() + "\n## Physiotherapy\n\nFold less.\n")
    done = main("build", "--corpus", corpus, "--index", index)
    assert done.stdout.startswith("Built the index: 12 entries, 67 phrasings; encoded 1 texts, kept ")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_corpus_with_errors_leaves_the_old_index_answering(main, index, corpus):
    places = ("--corpus", corpus, "--index", index)
    assert main("build", *places).returncode == 0
    (corpus / "hips" / "Bad.md").write_text("x")
    problem = "no front matter; begin the file with `---`, the fields and `---`"
    error = f"{corpus}/hips/Bad.md:1: {problem}"
    done = main("ask", "hello", "--json", *places)
    assert json.loads(done.stdout)["id"] == "greeting"
    assert (done.returncode, done.stderr) == (
        0,
        f"flexbot: the corpus has problems, so the old index answers: {error}\n",
    )
    done = main("build", *places)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"flexbot: {error}\n")


@pytest.mark.usefixtures("quick_builds")
def test_check_lists_every_problem(main, index, corpus):
    places = ("--corpus", corpus, "--index", index)
    (corpus / "sources.yaml").unlink()  # the rules of writing are for answers that cite; see test_lint
    for path in corpus.glob("*/*.md"):
        path.write_text(re.sub(r"\s*\[@[^]]*\]", "", path.read_text()))
    assert main("check", *places).stdout.endswith("\n0 errors, 0 warnings\n")
    (corpus / "hips" / "again.md").write_text("---\nquestion: knee pain in pigeon\n---\n## A\n\nText.\n")
    warned = main("check", *places)
    assert warned.returncode == 1
    assert (
        f"{corpus}/hips/pigeon-pose.md:5: warning: the phrasing 'knee pain in pigeon' also stands in 'again'"
        in warned.stdout
    )
    (corpus / "hips" / "Bad.md").write_text("x")
    failed = main("check", *places)
    assert failed.returncode == 2
    assert f"\n\n{corpus}/hips/Bad.md:1: no front matter;" in failed.stdout  # behind the table, the first of all
    assert f"{corpus}/hips/pigeon-pose.md:5: warning: the phrasing" in failed.stdout
    assert re.search(r"\n1 errors?, \d+ warnings?\n$", failed.stdout)


@pytest.mark.usefixtures("quick_builds")
def test_check_leaves_the_index_of_another_corpus_alone(main, index, corpus):
    before = (index / "manifest.json").read_bytes()
    (corpus / "hips" / "hip-rotation.md").unlink()
    main("check", "--corpus", corpus, CHATBOT_INDEX=str(index))
    assert (index / "manifest.json").read_bytes() == before


@pytest.mark.usefixtures("quick_builds")
def test_a_damaged_index_is_mended(main, index):
    next(index.glob("vectors-[0-9a-f]*.npy")).unlink()
    done = main("ask", "hello", "--json", CHATBOT_INDEX=str(index))
    assert json.loads(done.stdout)["id"] == "greeting"
    assert main("build", CHATBOT_INDEX=str(index)).stdout.startswith("Up to date")


def test_a_damaged_index_without_its_corpus_is_named(main, index, tmp_path):
    vectors = next(index.glob("vectors-[0-9a-f]*.npy"))
    vectors.unlink()
    done = main("ask", "hello", CHATBOT_INDEX=str(index), CHATBOT_CORPUS=str(tmp_path / "gone"))
    assert (done.returncode, done.stderr) == (
        2,
        f"flexbot: {vectors} is missing; build the index again in full: `flexbot build --full`\n",
    )


def test_a_folder_that_cannot_be_written(main):
    done = main("build", CHATBOT_INDEX="/dev/null/index")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "flexbot: cannot write /dev/null/index: Not a directory; the index was not changed\n"


def test_a_read_only_folder_still_answers_when_the_corpus_changed(main, index, corpus, monkeypatch):
    assert main("build", "--corpus", corpus, "--index", index).returncode == 0
    (corpus / "disclaimer.md").write_text("Changed.")

    def refuse(*arguments, **options):
        raise OSError(30, "Read-only file system", str(index))

    monkeypatch.setattr("chatbot.index.writer.mkdtemp", refuse)
    assert main("ask", "hello", "--corpus", corpus, "--index", index).returncode == 0


def test_a_name_with_control_characters_stays_on_one_line(main, tmp_path):
    name = str(tmp_path / "no\nwhere\x1b[31m")
    done = main("build", "--corpus", name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def test_debug_shows_the_traceback(flexbot, tmp_path):
    done = flexbot("--debug", "check", "--corpus", tmp_path / "none")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "chatbot.errors.CorpusError: no corpus at" in done.stderr


def test_every_error_of_the_package_becomes_one_line(monkeypatch, capsys):
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ChatbotError)]
    assert len(kinds) == 14
    # Those that call for a command name it.
    commands = {"IndexMissing": "build", "IndexIncompatible": "build", "IndexDamaged": "build --full"}
    for kind in kinds:
        command = f": `flexbot {commands[kind.__name__]}`" if kind.__name__ in commands else ""

        def fail(_options, kind=kind):
            raise kind("one\nline\x1b[31m")

        monkeypatch.setattr(cli, "_check", fail)
        assert cli.main(["check"]) == 2
        assert capsys.readouterr() == ("", f"flexbot: one line{command}\n")


def test_forget_deletes_what_is_kept(main, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (state / "history").write_text("x")
    (state / "feedback.jsonl").write_text("yy")
    (state / "routine.json").write_text("zzz")
    (state / "routine.new").write_text("")  # of a process that died while it wrote
    (state / "routine.lock").write_text("")
    done = main("forget", CHATBOT_STATE=str(state))
    told = {"history": 1, "feedback.jsonl": 2, "routine.json": 3, "routine.new": 0, "routine.lock": 0}
    assert done.stdout == "".join(f"Deleted {state}/{name} ({size} bytes).\n" for name, size in told.items())
    assert not state.exists()
    assert main("forget", CHATBOT_STATE=str(state)).stdout == "There was nothing to forget.\n"


def test_no_feedback_yet(main):
    assert main("feedback").stdout == "No feedback yet. In the shell, /good and /bad give it.\n"


def test_a_question_that_cannot_be_read_is_told_without_what_drives_a_terminal(main):
    done = main("--json", stdin="\u202e\x9b2J\x1b[2J".encode() + b"x" * 10_001)
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["query"] == "2J" + "x" * 198
    assert done.returncode == 2
