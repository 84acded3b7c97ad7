"""Feedback: the file that keeps it."""

import json
import stat

import pytest

from chatbot.cli import main
from chatbot.errors import StorageError
from chatbot.terminal.feedback import Feedback, append, forget, read
from chatbot.terminal.feedback_report import report


def given(verdict, query, kind="answer", entry="front-splits", missing=""):
    return Feedback(verdict, query, kind, entry, 0.5, missing, "2026-11-23T10:00:00+00:00")


def test_what_is_appended_is_read(tmp_path):
    path = tmp_path / "new" / "feedback.jsonl"
    said = [given("bad", "splits\u2028?", missing="日本"), given("good", "protein")]
    for one in said:
        append(path, one)
    assert read(path) == (said, 0)
    assert len(path.read_text(encoding="utf-8").split("\n")) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"{}", b"\xff\xfe", b'"x"', b"[" * 100_000, json.dumps({"verdict": "bad"}).encode()],
)
def test_unreadable_lines_are_counted_and_left_out(tmp_path, line):
    path = tmp_path / "feedback.jsonl"
    append(path, given("good", "splits"))
    path.write_bytes(path.read_bytes() + line + b"\n\n")
    assert read(path) == ([given("good", "splits")], 1)


def test_records_of_the_wrong_kind_are_left_out(tmp_path):
    path = tmp_path / "feedback.jsonl"
    for wrong in (given("ugly", "splits"), given("bad", ""), given("bad", 7)):
        append(path, wrong)
    assert read(path) == ([], 3)


def test_no_file_is_no_feedback(tmp_path):
    assert read(tmp_path / "none") == ([], 0)


def test_places_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot write .*; nothing was kept"):
        append(tmp_path / "file" / "feedback.jsonl", given("good", "splits"))
    with pytest.raises(StorageError, match="cannot read"):
        read(tmp_path)


def test_forget_tells_what_it_deleted_and_leaves_other_files(tmp_path):
    history, said = tmp_path / "state" / "history", tmp_path / "state" / "feedback.jsonl"
    history.parent.mkdir()
    history.write_text("12345")
    assert list(forget((history, said))) == [f"Deleted {history} (5 bytes)."]
    assert not history.parent.exists()
    assert list(forget((history, said))) == ["There was nothing to forget."]
    history.parent.mkdir()
    said.write_text("")
    other = history.parent / "mine"
    other.write_text("")
    assert list(forget((history, said))) == [f"Deleted {said} (0 bytes)."]
    assert other.exists()


def test_the_command_without_feedback_says_how_to_give_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path))
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out == "No feedback yet. In the shell, /good and /bad give it.\n"


def test_the_command_reports(bot, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path))
    monkeypatch.setattr("chatbot.cli._open", lambda options: bot)
    append(tmp_path / "feedback.jsonl", given("bad", "protein"))
    with (tmp_path / "feedback.jsonl").open("a") as file:
        file.write("{\n")
    assert main(["feedback"]) == 0
    out, err = capsys.readouterr()
    assert out == report(bot, [given("bad", "protein")])
    assert err == f"flexbot: 1 lines of {tmp_path / 'feedback.jsonl'} cannot be read and are left out\n"


def test_the_command_forgets(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "state"))
    append(tmp_path / "state" / "feedback.jsonl", given("good", "splits"))
    assert main(["forget"]) == 0
    assert capsys.readouterr().out.startswith(f"Deleted {tmp_path / 'state' / 'feedback.jsonl'} (")
    assert not (tmp_path / "state").exists()


def test_nothing_that_the_shell_keeps_survives_forgetting(tmp_path, monkeypatch):
    """Whatever the shell writes, also when it dies while it shortens its history."""
    from pathlib import Path

    from chatbot import settings
    from chatbot.shell.history import MAX_QUESTIONS, PrivateHistory

    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "state"))
    history = PrivateHistory(settings.history_path())
    for number in range(MAX_QUESTIONS + 1):
        history.store_string(f"question {number}")
    append(settings.feedback_path(), given("bad", "splits"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("killed here")))
        with pytest.raises(OSError, match="killed here"):
            PrivateHistory(settings.history_path())
    kept = {path.name for path in (tmp_path / "state").iterdir()}
    assert kept == {"history", "history.new", "feedback.jsonl"}
    assert main(["forget"]) == 0
    assert not (tmp_path / "state").exists()
