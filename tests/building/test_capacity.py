"""Room for an index, told before a build begins."""

import shutil
from types import SimpleNamespace

import pytest

from chatbot.building import capacity
from chatbot.building.capacity import check_capacity
from chatbot.errors import StorageError
from tests.conftest import CORPUS


def test_a_corpus_that_fits(tmp_path):
    check_capacity(tmp_path, 1_000, 384)


def test_too_little_memory(tmp_path, monkeypatch):
    # 1,000,000 points of 4,000 bytes and 300 MB for the rest are 4.3 GB.
    monkeypatch.setattr(capacity, "_memory_allowed", lambda: 4_200_000_000)
    with pytest.raises(StorageError) as caught:
        check_capacity(tmp_path, 1_000_000, 384)
    assert str(caught.value) == (
        "a corpus of 1,000,000 phrasings needs about 4.3 GB of memory, and 4.2 GB are allowed; split the corpus, or"
        " build it elsewhere; nothing was changed"
    )
    monkeypatch.setattr(capacity, "_memory_allowed", lambda: 4_300_000_001)
    check_capacity(tmp_path, 1_000_000, 384)


def test_too_little_disk(tmp_path, monkeypatch):
    # 1,000 points of 384 * 4 * 5 / 4 + 1,200 bytes are 3.12 MB.
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_119_999))
    with pytest.raises(StorageError, match=r"needs about 0\.0 GB of disk in .*; name another folder with --index"):
        check_capacity(tmp_path, 1_000, 384)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_120_000))
    check_capacity(tmp_path, 1_000, 384)


def test_a_limit_on_the_process_counts(python):
    program = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
from chatbot.building import capacity
from chatbot.building.capacity import _memory_allowed
print(_memory_allowed())
"""
    assert python("-c", program).stdout == "2000000000\n"


def test_a_build_says_so_before_it_begins_and_changes_nothing(index, python):
    before = sorted(path.name for path in index.iterdir())
    program = f"""
import sys
from pathlib import Path
from chatbot.building import capacity
capacity._memory_allowed = lambda: 1_000_000
from chatbot.cli import main
sys.exit(main(["build", "--full", "--index", {str(index)!r}, "--corpus", {str(CORPUS)!r}]))
"""
    done = python("-c", program)
    assert done.returncode == 2
    assert done.stderr.startswith("flexbot: a corpus of ")
    assert "of memory, and 0.0 GB are allowed" in done.stderr
    assert sorted(path.name for path in index.iterdir() if path.name != ".lock") == before
