"""Opening an index: what was committed, under commits, and every damage to its files."""

import mmap
import os
import shutil
import threading

import numpy as np
import pytest

from chatbot.errors import IndexDamaged, IndexMissing, StorageError
from chatbot.files import content_name, sha256_of
from chatbot.index import store as store_module
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from tests.builders import put
from tests.fakes import manifest
from tests.index.numbered import commit, names, number_in, put_file

MEND = "build the index again in full"


def test_what_was_committed_is_read(folder):
    store = open_store(folder)
    assert number_in(folder) == 1
    assert store.manifest == manifest(store.files, subject="1")
    assert set(names(folder)) - {".lock"} == {"manifest.json", *(record.file for record in store.files.values())}
    for name, record in store.files.items():
        path = store.path(name)
        assert record.file == f"{name}-{sha256_of(path)[:16]}{path.suffix}"
        assert (record.sha256, record.size) == (sha256_of(path), path.stat().st_size)


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


def test_a_reader_open_during_commits_keeps_reading(folder):
    reader = open_store(folder)
    array = reader.array("numbers")
    for number in range(2, 5):
        commit(folder, number)
    assert array.tolist() == [1] * 1000


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
                assert store.array("numbers").tolist() == [int(store.manifest.subject)] * 1000
            except IndexDamaged:
                continue
            return int(store.manifest.subject)

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
    assert str(caught.value) == f"no index in {folder}; build one"


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
        writer.commit(manifest(writer.files))
    with pytest.raises(IndexDamaged, match=r"text-[0-9a-f]{16}\.npy is not an array"):
        open_store(folder)


def test_a_large_file_is_hashed_again_only_when_it_was_touched(tmp_path, monkeypatch):
    with writing(tmp_path) as writer:
        put_file(writer, "large.bin", b"x" * (1 << 20))
        put_file(writer, "small.bin", b"x" * ((1 << 20) - 1))
        writer.commit(manifest(writer.files))
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


def test_a_manifest_that_cannot_be_read(folder):
    path = folder / "manifest.json"
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError) as caught:
        open_store(folder)
    assert str(caught.value) == f"cannot read {path}: Is a directory"
