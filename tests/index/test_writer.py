"""Writing an index: commits, two writers, what is swept, and what fails. `test_crashes` has the deaths."""

import errno
import os
import threading

import numpy as np
import pytest

from chatbot.errors import IndexBusy, IndexDamaged, StorageError
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from tests.conftest import rewrite_manifest
from tests.fakes import manifest
from tests.index.numbered import commit, names, number_in, put_file


def test_files_are_synced_before_they_get_their_names_and_never_written_under_them(python, folder):
    """Death of the process cannot show a missing sync (`test_crashes`), but a power cut would."""
    program = f"""
import os, sys
from pathlib import Path
folder, synced = {str(folder)!r}, set()
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def watch(event, arguments):
    if event == "os.rename":
        renamed.append(Path(arguments[1]).name)
        assert os.stat(arguments[0]).st_ino in synced, arguments
    elif event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(folder):
        if isinstance(arguments[2], int) and arguments[2] & WRITES:
            inside = arguments[0].removeprefix(folder + os.sep)
            assert inside == ".lock" or inside.startswith(".tmp-"), inside

renamed, real = [], os.fsync
os.fsync = lambda descriptor: (synced.add(os.fstat(descriptor).st_ino), real(descriptor))
from tests.index.numbered import commit
sys.addaudithook(watch)
commit(Path(folder), 2)
before_last = renamed[:-1]
assert os.stat(folder).st_ino in synced
print(renamed[-1], len(before_last))
"""
    done = python("-c", program)
    # The numbers and the text; the file that did not change is not written again; the manifest comes last.
    assert (done.returncode, done.stdout, done.stderr) == (0, "manifest.json 2\n", "")


def test_a_second_commit_sweeps_what_the_first_left_and_nothing_else(folder):
    before = open_store(folder)
    for name in ("notes.txt", ".gitignore", "vectors-short.npy"):
        (folder / name).write_text("mine")
    (folder / ".tmp-left").mkdir()
    (folder / ".tmp-left" / "half.npy").write_bytes(b"half")
    commit(folder, 2)
    assert number_in(folder) == 2
    after = open_store(folder)
    wanted = {"notes.txt", ".gitignore", "vectors-short.npy", ".lock", "manifest.json"}
    assert set(names(folder)) == wanted | {record.file for record in after.files.values()}
    assert after.files["fixed"] == before.files["fixed"]
    assert after.revision != before.revision


def test_a_file_kept_is_not_written_again(folder):
    old = open_store(folder)
    with writing(folder) as writer:
        writer.keep("numbers")
        writer.commit(manifest(writer.files))
    new = open_store(folder)
    assert new.files == {"numbers": old.files["numbers"]}


def test_nothing_can_be_kept_without_an_old_index(tmp_path):
    with writing(tmp_path) as writer, pytest.raises(ValueError, match="no old index"):
        writer.keep("numbers")


@pytest.mark.parametrize("shape", [(3, 2), (0, 2)])
def test_an_array_that_is_filled_in_place(folder, shape):
    with writing(folder) as writer:
        with writer.array("squares", shape, np.float16) as array:
            assert (array.shape, array.dtype) == (shape, np.float16)
            array[:] = 4
            assert "squares" not in writer.files
        mapped = writer.mapped("squares")
        assert mapped.tolist() == np.full(shape, 4).tolist()
        assert not mapped.flags.writeable
        writer.commit(manifest(writer.files))
    assert open_store(folder).array("squares").tolist() == mapped.tolist()


def test_an_array_whose_filling_fails_is_put_nowhere(folder):
    with writing(folder) as writer:
        with pytest.raises(RuntimeError), writer.array("squares", (3,), np.float32):
            raise RuntimeError
        assert writer.files == {}


def test_a_file_that_is_written_again_with_the_same_content_is_the_one_before(folder):
    before = open_store(folder).files["numbers"]
    with writing(folder) as writer:
        with writer.array("numbers", (1000,), np.int64) as array:
            array[:] = 1
        assert writer.files == {"numbers": before}
        assert writer.mapped("numbers").tolist() == [1] * 1000
        assert (folder / before.file).samefile(writer.old.path("numbers"))


def test_an_error_before_the_commit_leaves_no_trace(folder):
    before = {name: (folder / name).read_bytes() for name in names(folder)}

    def fail():
        with writing(folder) as writer:
            writer.put_array("numbers", np.zeros(3))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert number_in(folder) == 1
    assert not [name for name in names(folder) if name.startswith(".tmp-")]
    commit(folder, 1)
    assert {name: (folder / name).read_bytes() for name in names(folder)}.keys() == before.keys()


def test_two_writers(folder):
    inside, done = threading.Event(), threading.Event()

    def hold():
        with writing(folder):
            inside.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(30)
    try:
        with pytest.raises(IndexBusy) as caught, writing(folder):
            pass
        assert str(caught.value) == f"another build is writing {folder}; try again when it is done"
        assert number_in(folder) == 1  # readers are not kept out
    finally:
        done.set()
        thread.join()
    commit(folder, 2)
    assert number_in(folder) == 2


def test_a_build_keeps_no_large_file_that_rotted_under_unchanged_times(tmp_path):
    with writing(tmp_path) as writer:
        put_file(writer, "large.bin", b"x" * (1 << 20))
        writer.commit(manifest(writer.files))
    large = open_store(tmp_path).path("large")
    large.write_bytes(b"y" + b"x" * ((1 << 20) - 1))
    state = large.stat()
    times = {"mtime": state.st_mtime_ns, "ctime": state.st_ctime_ns}
    rewrite_manifest(tmp_path, lambda about: about["files"]["large"].update(times))
    assert open_store(tmp_path).files["large"].unchanged(state)  # opening trusts the times
    with pytest.raises(IndexDamaged, match="has been changed"):
        open_store(tmp_path, thorough=True)
    with writing(tmp_path) as writer:
        assert writer.old is None


@pytest.mark.parametrize(
    ("call", "code", "reason"),
    [
        ("mkdtemp", errno.EROFS, "Read-only file system"),
        ("mkdtemp", errno.EACCES, "Permission denied"),
        ("os.replace", errno.EACCES, "Permission denied"),
        ("os.fsync", errno.ENOSPC, "No space left on device"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_index(folder, monkeypatch, call, code, reason):
    def fail(*arguments, **options):
        raise OSError(code, os.strerror(code), str(folder / "there"))

    monkeypatch.setattr(f"chatbot.index.writer.{call}", fail)
    with pytest.raises(StorageError) as caught:
        commit(folder, 2)
    assert str(caught.value) == f"cannot write {folder / 'there'}: {reason}; the index was not changed"
    monkeypatch.undo()
    assert number_in(folder) == 1
    assert not [name for name in names(folder) if name.startswith(".tmp-")]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as caught:
        commit(tmp_path / "file" / "index", 1)
    assert (
        str(caught.value) == f"cannot write {tmp_path / 'file' / 'index'}: Not a directory; the index was not changed"
    )


@pytest.mark.parametrize(
    ("names", "others"),
    [
        ([], ""),
        ([".gitignore", ".DS_Store"], ""),
        (["manifest.json"], ""),
        (["numbers-ba7816bf8f01cfea.npy"], ""),
        (["numbers-ba7816bf8f01cfea.npy", "notes.txt"], ""),
        (["notes.txt"], "notes.txt"),
        (["manifest.json", "index.html"], "index.html"),
        (["numbers.npy"], "numbers.npy"),
    ],
    ids=str,
)
def test_nothing_is_written_among_files_of_others(tmp_path, names, others):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    if not others:
        commit(folder, 1)
        assert number_in(folder) == 1
        return
    with pytest.raises(StorageError, match=rf"folder has other files \({others}\) and no index; name a folder"):
        commit(folder, 1)
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
