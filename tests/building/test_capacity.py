"""Room for an index, told before a build begins."""

import shutil
from types import SimpleNamespace

import pytest

from chatbot.building import capacity
from chatbot.building.capacity import check_capacity, group_limits
from chatbot.errors import StorageError
from tests.conftest import CORPUS


def test_a_corpus_that_fits(tmp_path):
    check_capacity(tmp_path, 1_000, 384)


def test_too_little_memory(tmp_path, monkeypatch):
    # 1,000,000 points of 4,000 bytes and 300 MB for the rest are 4.3 GB.
    monkeypatch.setattr(capacity, "_memory_available", lambda: 4_200_000_000)
    with pytest.raises(StorageError) as caught:
        check_capacity(tmp_path, 1_000_000, 384)
    assert str(caught.value) == (
        "a corpus of 1,000,000 phrasings needs about 4.3 GB of memory, and 4.2 GB are available; split the corpus, or"
        " build it elsewhere; nothing was changed"
    )
    monkeypatch.setattr(capacity, "_memory_available", lambda: 4_300_000_001)
    check_capacity(tmp_path, 1_000_000, 384)


def test_a_model_that_is_exported_takes_more(tmp_path, monkeypatch):
    # 1,000 points of 4,000 bytes, and 950 MB for the rest: what a container of 900 MB did not survive.
    monkeypatch.setattr(capacity, "_memory_available", lambda: 953_999_999)
    with pytest.raises(StorageError, match=r"needs about 1\.0 GB of memory"):
        check_capacity(tmp_path, 1_000, 384, exports=True)
    check_capacity(tmp_path, 1_000, 384)
    monkeypatch.setattr(capacity, "_memory_available", lambda: 954_000_000)
    check_capacity(tmp_path, 1_000, 384, exports=True)


def test_too_little_disk(tmp_path, monkeypatch):
    # 1,000 points of 384 * 4 * 5 / 4 + 1,200 bytes are 3.12 MB.
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_119_999))
    with pytest.raises(StorageError, match=r"needs about 0\.0 GB of disk in .*; choose another folder for the index"):
        check_capacity(tmp_path, 1_000, 384)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_120_000))
    check_capacity(tmp_path, 1_000, 384)


def test_a_limit_on_the_process_counts(python):
    program = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
from chatbot.building import capacity
from chatbot.building.capacity import _memory_available
print(_memory_available())
"""
    assert python("-c", program).stdout == "2000000000\n"


@pytest.fixture
def groups(tmp_path):
    """A tree of control groups to write limits into, as a function of a file's path in it and its content."""

    def write(file, content):
        path = tmp_path / "cgroup" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    return write


def limits(tmp_path, own):
    (tmp_path / "own").write_text(own)
    return list(group_limits(tmp_path / "cgroup", tmp_path / "own"))


def test_a_container_s_limit(groups, tmp_path):
    """Version 2, where the container sees its own group as the root."""
    groups("memory.max", "536870912\n")
    assert limits(tmp_path, "0::/\n") == [536870912]


def test_the_groups_around_a_group_count_as_well(groups, tmp_path):
    groups("a/b/c/memory.max", "max\n")
    groups("a/b/memory.max", "300\n")
    groups("a/memory.max", "200\n")
    groups("other/memory.max", "1\n")
    assert limits(tmp_path, "0::/a/b/c\n") == [300, 200]  # the root has no file there


def test_version_1(groups, tmp_path):
    groups("memory/docker/x/memory.limit_in_bytes", "400\n")
    groups("memory/memory.limit_in_bytes", "9223372036854771712\n")
    groups("cpu/docker/x/memory.limit_in_bytes", "1\n")
    own = "12:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n1:name=systemd:/docker/x\n"
    assert limits(tmp_path, own) == [400, 9223372036854771712]


def test_a_group_by_its_name_outside_of_the_container(groups, tmp_path):
    """Without a namespace of its own a container is told its path on the host, and sees its group as the root."""
    groups("memory/memory.limit_in_bytes", "400\n")
    assert limits(tmp_path, "4:memory:/docker/x\n0::/docker/x\n") == [400]


def test_both_versions_at_once(groups, tmp_path):
    groups("unified/a/memory.max", "100\n")
    groups("memory/a/memory.limit_in_bytes", "200\n")
    assert sorted(limits(tmp_path, "4:memory:/a\n0::/a\n")) == [100, 200]


@pytest.mark.parametrize("own", ["", "\n", "nonsense\n", "0::\n", "0::/../x\n", "4:memory:/a:b\n"])
def test_groups_that_say_nothing(groups, tmp_path, own):
    groups("memory.max", "max\n")
    groups("memory/memory.limit_in_bytes", "\n")
    assert limits(tmp_path, own) == []


def test_a_system_without_groups(tmp_path):
    assert list(group_limits(tmp_path / "cgroup", tmp_path / "own")) == []


def test_the_least_limit_counts(monkeypatch):
    monkeypatch.setattr(capacity, "group_limits", lambda: iter([]))
    machine = capacity._memory_available()
    assert machine > 10_000_000
    monkeypatch.setattr(capacity, "group_limits", lambda: iter([9223372036854771712]))
    assert capacity._memory_available() == machine
    monkeypatch.setattr(capacity, "group_limits", lambda: iter([9223372036854771712, 5_000_000, 6_000_000]))
    assert capacity._memory_available() == 5_000_000


def test_a_build_says_so_before_it_begins_and_changes_nothing(index, python):
    before = sorted(path.name for path in index.iterdir())
    program = f"""
import sys
from pathlib import Path
from chatbot.building import capacity
capacity._memory_available = lambda: 1_000_000
from chatbot.cli import main
sys.exit(main(["build", "--full", "--index", {str(index)!r}, "--corpus", {str(CORPUS)!r}]))
"""
    done = python("-c", program)
    assert done.returncode == 2
    assert done.stderr.startswith("flexbot: a corpus of ")
    assert "of memory, and 0.0 GB are available" in done.stderr
    assert sorted(path.name for path in index.iterdir() if path.name != ".lock") == before
