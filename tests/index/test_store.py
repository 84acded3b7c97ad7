"""The index directory: commits, damage, lies and two writers. `test_crashes` has the deaths."""

import errno
import json
import mmap
import os
import shutil
import threading

import numpy as np
import pytest

from chatbot.errors import IndexBusy, IndexDamaged, IndexIncompatible, IndexMissing, StorageError
from chatbot.files import content_name, sha256_of
from chatbot.index import store as store_module
from chatbot.index.store import open_store, writing
from tests.builders import put
from tests.conftest import rewrite_manifest

MEND = "run `flexbot build --full`"


def put_file(writer, name, data):
    path = writer.scratch / name
    path.write_bytes(data)
    writer.put_file(path.stem, path)


def commit(folder, number, **about):
    """An index of two files that say `number`, and one that never changes."""
    with writing(folder) as writer:
        writer.put_array("numbers", np.full(1000, number))
        put_file(writer, "text.txt", f"number {number}".encode())
        put_file(writer, "fixed.txt", b"fixed")
        writer.commit({"number": number, **about})


def number_in(folder):
    """The number that the index says, after checking that all of it says the same."""
    store = open_store(folder)
    number = store.about["number"]
    assert store.array("numbers").tolist() == [number] * 1000
    assert store.path("text").read_text() == f"number {number}"
    return number


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    commit(tmp_path / "index", 1)
    return tmp_path / "index"


def test_what_was_committed_is_read(folder):
    store = open_store(folder)
    assert number_in(folder) == 1
    assert store.about == {"format": 1, "number": 1}
    assert set(names(folder)) - {".lock"} == {"manifest.json", *(record.file for record in store.files.values())}
    for name, record in store.files.items():
        path = store.path(name)
        assert record.file == f"{name}-{sha256_of(path)[:16]}{path.suffix}"
        assert (record.sha256, record.size) == (sha256_of(path), path.stat().st_size)


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
from tests.index.test_store import commit
sys.addaudithook(watch)
commit(Path(folder), 2)
before_last = renamed[:-1]
assert os.stat(folder).st_ino in synced
print(renamed[-1], len(before_last))
"""
    done = python("-c", program)
    # The numbers and the text; the file that did not change is not written again; the manifest comes last.
    assert (done.returncode, done.stdout, done.stderr) == (0, "manifest.json 2\n", "")


def test_names_and_hashes(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path / "x") == digest
    assert content_name("numbers", digest, ".npy") == "numbers-ba7816bf8f01cfea.npy"


def test_arrays_are_read_only_and_mapped(folder):
    array = open_store(folder).array("numbers")
    assert isinstance(array.base, mmap.mmap | np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5


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
        writer.commit({"number": 3})
    new = open_store(folder)
    assert new.files == {"numbers": old.files["numbers"]}


def test_nothing_can_be_kept_without_an_old_index(tmp_path):
    with writing(tmp_path) as writer, pytest.raises(ValueError, match="no old index"):
        writer.keep("numbers")


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


def test_a_reader_open_during_commits_keeps_reading(folder):
    reader = open_store(folder)
    array = reader.array("numbers")
    for number in range(2, 5):
        commit(folder, number)
    assert array.tolist() == [1] * 1000


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


def test_readers_never_see_a_mixture(folder):
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add(number_in_one_look(folder))

    def number_in_one_look(folder):
        # A commit may sweep a file after it was verified; mapping it first is what an opened index does.
        while True:
            store = open_store(folder)
            try:
                assert store.array("numbers").tolist() == [store.about["number"]] * 1000
            except IndexDamaged:
                continue
            return store.about["number"]

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(2, 40):
        commit(folder, number)
    stop.set()
    for reader in readers:
        reader.join()
    assert seen <= set(range(1, 40))
    assert number_in(folder) == 39


def test_many_threads_open_at_once(folder):
    """Each array's header goes through Python's parser, which fails in some versions when threads parse at once."""
    inside, most = [], []
    real = store_module.np.load

    def load(*arguments, **options):
        inside.append(1)
        most.append(len(inside))
        array = real(*arguments, **options)
        inside.pop()
        return array

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module.np, "load", load)
        threads = [threading.Thread(target=lambda: [open_store(folder) for _ in range(50)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(most) == 8 * 50
    assert set(most) == {1}


@pytest.mark.parametrize("what", ["nothing", "empty", "file"])
def test_no_index(tmp_path, what):
    folder = tmp_path / "index"
    if what == "empty":
        folder.mkdir()
    elif what == "file":
        folder.write_text("not a folder")
    with pytest.raises(IndexMissing) as caught:
        open_store(folder)
    assert str(caught.value) == f"no index in {folder}; run `flexbot build`"


def data_files(folder):
    return sorted(record.file for record in open_store(folder).files.values())


def test_every_file_missing(folder):
    for name in data_files(folder):
        copy = shutil.copytree(folder, folder.with_name("copy-" + name))
        (copy / name).unlink()
        with pytest.raises(IndexDamaged) as caught:
            open_store(copy)
        assert str(caught.value) == f"{copy / name} is missing; {MEND}"


def test_every_file_cut_and_lengthened(folder):
    for name in data_files(folder):
        data = (folder / name).read_bytes()
        for size in (0, 1, len(data) // 2, len(data) - 1, len(data) + 1):
            put(folder / name, (data + b"x")[:size])
            with pytest.raises(IndexDamaged) as caught:
                open_store(folder)
            assert str(caught.value) == f"{folder / name} has {size:,} bytes instead of {len(data):,}; {MEND}"
        put(folder / name, data)
    assert number_in(folder) == 1


def test_every_byte_flipped(folder):
    for name in data_files(folder):
        data = (folder / name).read_bytes()
        for place in range(0, len(data), max(1, len(data) // 100)):
            flipped = bytearray(data)
            flipped[place] ^= 1 << place % 8
            put(folder / name, bytes(flipped))
            with pytest.raises(IndexDamaged) as caught:
                open_store(folder)
            assert str(caught.value) == f"{folder / name} has been changed; {MEND}"
        put(folder / name, data)
    assert number_in(folder) == 1


def test_files_swapped_with_another_index(folder, tmp_path):
    commit(tmp_path / "other", 2)
    mine, theirs = open_store(folder).files["text"].file, open_store(tmp_path / "other").files["text"].file
    put(folder / mine, (tmp_path / "other" / theirs).read_bytes())
    with pytest.raises(IndexDamaged, match=r"text-[0-9a-f]{16}\.txt has been changed"):
        open_store(folder)


def test_every_byte_of_the_manifest_flipped_or_cut(folder):
    path = folder / "manifest.json"
    data = path.read_bytes()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        for changed in (bytes(flipped), data[:place]):
            put(path, changed)
            with pytest.raises((IndexDamaged, IndexIncompatible)) as caught:
                open_store(folder)
            assert str(path) in str(caught.value)
            assert str(caught.value).endswith(MEND)
    put(path, data)
    assert number_in(folder) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"[" * 100_000,
        b'{"format": 1}',
        b'{"format": 1, "checksum": "x"}',
    ],
)
def test_a_manifest_that_is_none(folder, content):
    put(folder / "manifest.json", content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json (is not a manifest|has been changed or cut); run"):
        open_store(folder)


@pytest.mark.parametrize("number", [2, 0, "1", None, 1.5, []])
def test_another_format(folder, number):
    rewrite_manifest(folder, lambda about: about.update(format=number))
    with pytest.raises(IndexIncompatible) as caught:
        open_store(folder)
    assert str(caught.value) == f"{folder / 'manifest.json'} has format {number!r}, this version reads 1; {MEND}"


@pytest.mark.parametrize(
    "name",
    [
        "../text-0123456789abcdef.txt",
        "/etc/passwd",
        "manifest.json",
        "a/text-0123456789abcdef.txt",
        "text-0123456789abcdef.txt\n",
        "",
    ],
)
def test_a_path_that_leaves_the_folder(folder, name):
    rewrite_manifest(folder, lambda about: about["files"]["text"].update(file=name))
    with pytest.raises(IndexDamaged, match="names a file outside the index") as caught:
        open_store(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "record", [None, [], "x", {}, {"file": "x"}, {"file": 5, "sha256": "x", "size": 1, "mtime": 1, "ctime": 1}]
)
def test_a_file_record_that_is_none(folder, record):
    rewrite_manifest(folder, lambda about: about["files"].update(text=record))
    with pytest.raises(IndexDamaged, match=r"manifest\.json is not a manifest"):
        open_store(folder)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("size", 5, "has 8 bytes instead of 5"),
        ("size", "8", "bytes instead of|is not a manifest"),
        ("sha256", "0" * 64, "has been changed"),
        ("sha256", 5, "has been changed"),
    ],
)
def test_a_file_record_that_lies(folder, field, value, message):
    rewrite_manifest(folder, lambda about: about["files"]["text"].update({field: value}))
    with pytest.raises(IndexDamaged, match=message):
        open_store(folder)


def test_a_name_that_the_manifest_lacks(folder):
    store = open_store(folder)
    with pytest.raises(IndexDamaged) as caught:
        store.array("vectors")
    assert str(caught.value) == f"{folder / 'manifest.json'} names no 'vectors'; {MEND}"


@pytest.mark.parametrize("objects", [False, True])
def test_a_file_that_is_no_array_and_pickles_are_refused(folder, objects):
    with writing(folder) as writer:
        path = writer.scratch / "text.npy"
        path.write_bytes(b"no array")
        if objects:
            np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        writer.put_file("text", path)
        writer.commit({})
    with pytest.raises(IndexDamaged, match=r"text-[0-9a-f]{16}\.npy is not an array"):
        open_store(folder)


def test_a_large_file_is_hashed_again_only_when_it_was_touched(tmp_path, monkeypatch):
    with writing(tmp_path) as writer:
        put_file(writer, "large.bin", b"x" * (1 << 20))
        put_file(writer, "small.bin", b"x" * ((1 << 20) - 1))
        writer.commit({})
    hashed = []
    monkeypatch.setattr(store_module, "sha256_of", lambda path: hashed.append(path.name) or sha256_of(path))
    store = open_store(tmp_path)
    assert hashed == [store.files["small"].file]
    large = store.path("large")
    flipped = b"y" + b"x" * ((1 << 20) - 1)
    large.write_bytes(flipped)
    os.utime(large, ns=(store.files["large"].mtime, store.files["large"].mtime))  # ctime tells still
    with pytest.raises(IndexDamaged, match=r"large-[0-9a-f]{16}\.bin has been changed"):
        open_store(tmp_path)


def test_a_build_keeps_no_large_file_that_rotted_under_unchanged_times(tmp_path):
    with writing(tmp_path) as writer:
        put_file(writer, "large.bin", b"x" * (1 << 20))
        writer.commit({})
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

    monkeypatch.setattr(f"chatbot.index.store.{call}", fail)
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


def test_a_manifest_that_cannot_be_read(folder):
    path = folder / "manifest.json"
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError) as caught:
        open_store(folder)
    assert str(caught.value) == f"cannot read {path}: Is a directory"


@pytest.mark.parametrize("text", ["\ud800", "\x00", "é 🤸"])
def test_any_text_can_stand_in_the_manifest(folder, text):
    commit(folder, 1, text=text)
    assert open_store(folder).about["text"] in (text, "?", "\ufffd")
    json.loads((folder / "manifest.json").read_bytes())
