"""The list in its file: whole, private, one writer at a time, and never lost without a word."""

import json
import stat
import threading

import pytest

from chatbot.errors import StorageError
from chatbot.practice.kept import Kept, Routine, RoutineFile

CALF, HIP = Kept("calf", "Calf?"), Kept("hip", "Hip?")


@pytest.fixture
def file(tmp_path):
    return RoutineFile(tmp_path / "state" / "routine.json")


def test_a_list_that_was_never_written_is_empty_and_writes_nothing(file):
    assert file.read().kept == ()
    assert not file.files[0].parent.exists()


def test_what_is_written_is_read_again_by_its_owner_alone(file):
    written = file.change(lambda kept: (*kept, CALF))
    assert file.read() == written == Routine(1, written.calendar, (CALF,))
    assert file.change(lambda kept: (*kept, HIP)) == Routine(1, written.calendar, (CALF, HIP))
    path = file.files[0]
    assert json.loads(path.read_text())["kept"][1] == {"id": "hip", "title": "Hip?"}
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert {each.name for each in path.parent.iterdir()} <= {each.name for each in file.files}


def test_two_lists_are_two_to_a_calendar(tmp_path):
    names = {RoutineFile(tmp_path / name).change(lambda kept: kept).calendar for name in ("one.json", "two.json")}
    assert len(names) == 2


def test_many_shells_at_once_lose_nothing(file):
    def add(number):
        for step in range(5):
            RoutineFile(file.files[0]).change(lambda kept, step=step: (*kept, Kept(f"{number}-{step}", "")))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.id for each in file.read().kept) == sorted(f"{n}-{step}" for n in range(6) for step in range(5))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "Expecting property name"),
        (b"\xff", "'utf-8' codec"),
        (b"[]", "it is [], not an object"),
        (b'{"version": 1, "calendar": "x", "kept": [{"id": 3, "title": ""}]}', "kept.0.id is 3, not a text"),
        (b'{"version": 1, "calendar": "x"}', "kept is missing"),
        (b'{"version": 2}', "it is of version 2, and this program reads 1"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_broken_file_is_told_and_stays_as_it_is(file, content, reason):
    path = file.files[0]
    path.parent.mkdir()
    path.write_bytes(content)
    for use in (file.read, lambda: file.change(lambda kept: (*kept, CALF))):
        with pytest.raises(StorageError) as told:
            use()
        assert str(told.value).startswith(f"{path} holds no routine ({reason}")
        assert str(told.value).endswith("and was left as it is; mend it, or move it away and keep your stretches anew")
    assert path.read_bytes() == content


def test_a_change_that_fails_leaves_the_list(file):
    file.change(lambda _: (CALF,))

    def fail(_):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        file.change(fail)
    assert file.read().kept == (CALF,)
    assert file.change(lambda kept: (*kept, HIP)).kept == (CALF, HIP)  # the lock was let go


def test_where_nothing_can_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot write .*routine\.json \(.+\); nothing was changed"):
        RoutineFile(tmp_path / "file" / "routine.json").change(lambda kept: kept)
    (tmp_path / "routine.json").mkdir()
    with pytest.raises(StorageError, match=r"cannot read .*routine\.json"):
        RoutineFile(tmp_path / "routine.json").read()
