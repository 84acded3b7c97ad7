"""What is remembered across starts, and what happens when it cannot be."""

import stat

from chatbot.shell import history
from chatbot.shell.history import MemoryHistory, PrivateHistory, open_history


def kept(path):
    """What a new start finds, oldest first."""
    return list(PrivateHistory(path).load_history_strings())[::-1]


def test_questions_come_back_and_only_their_owner_reads_them(tmp_path):
    path = tmp_path / "new" / "folder" / "history"
    PrivateHistory(path).append_string("how long")
    assert kept(path) == ["how long"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_readable_file_of_before_is_made_private(tmp_path):
    path = tmp_path / "history"
    path.write_text("")
    path.chmod(0o644)
    PrivateHistory(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_private_lines_and_choices_are_not_remembered_at_all(tmp_path):
    remembered = PrivateHistory(tmp_path / "history")
    for line in (" my secret", "2", "", "   ", "how often"):
        remembered.append_string(line)
    assert remembered.get_strings() == ["how often"]
    assert kept(tmp_path / "history") == ["how often"]


def test_commands_are_remembered_for_the_session_only(tmp_path):
    remembered = PrivateHistory(tmp_path / "history")
    remembered.append_string("/topics hips")
    assert remembered.get_strings() == ["/topics hips"]
    assert kept(tmp_path / "history") == []


def test_the_file_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "MAX_QUESTIONS", 3)
    remembered = PrivateHistory(tmp_path / "history")
    for number in range(10):
        remembered.append_string(f"question {number}")
    assert kept(tmp_path / "history") == ["question 7", "question 8", "question 9"]
    assert (tmp_path / "history").read_text().count("# ") == 3
    assert stat.S_IMODE((tmp_path / "history").stat().st_mode) == 0o600


def test_a_question_of_several_lines_comes_back_whole(tmp_path):
    PrivateHistory(tmp_path / "history").append_string("first\nsecond")
    assert kept(tmp_path / "history") == ["first\nsecond"]


def test_a_damaged_file_gives_what_can_be_read_of_it(tmp_path):
    path = tmp_path / "history"
    PrivateHistory(path).append_string("how long")
    path.write_bytes(b"\x00\xff\xfe garbage\n" + path.read_bytes() + b"\n# x\n+\x1b[2Jhow \xffoften\n\xc3")
    assert kept(path) == ["how long", "how \N{REPLACEMENT CHARACTER}often"]


def test_without_a_place_history_lives_in_memory_and_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    remembered, note = open_history(lambda: tmp_path / "file" / "history")
    assert isinstance(remembered, MemoryHistory)
    assert note.startswith("History is kept for this session only: cannot write ")
    remembered.append_string("how long")
    assert remembered.get_strings() == ["how long"]


def test_a_folder_in_its_place_is_told_too(tmp_path):
    (tmp_path / "history").mkdir()
    assert isinstance(open_history(lambda: tmp_path / "history")[0], MemoryHistory)


def test_a_disk_that_fails_later_is_borne(tmp_path):
    path = tmp_path / "state" / "history"
    remembered = PrivateHistory(path)
    path.unlink()
    path.parent.rmdir()
    remembered.append_string("how long")
    assert remembered.get_strings() == ["how long"]
