"""Whether there is room for an index, told before a long build begins rather than when it fails."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from chatbot.errors import StorageError

# What a build takes beside the vectors, measured on a corpus of a million phrasings: memory for a point (its text, its
# entry, its features) and for the rest, and disk for a point (features, text, the inverted file's ids).
_MEMORY_OF_POINT, _MEMORY_OF_REST = 4_000, 300_000_000
# The rest where a model is exported: measured with the default one, by what a build of a small corpus survives.
_MEMORY_OF_EXPORT = 950_000_000
_DISK_OF_POINT = 1_200
_FLOAT = 4
_GIGABYTE = 1e9
# Where Linux shows what its control groups may use, and which ones this process belongs to. A container is one.
_GROUPS, _OWN_GROUPS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


def check_capacity(folder: Path, points: int, dimension: int, *, exports: bool = False) -> None:
    """Raise `StorageError` when an index of so many points will not fit into memory or onto the disk of `folder`;
    `exports` says whether a model is exported first."""
    needed = points * _MEMORY_OF_POINT + (_MEMORY_OF_EXPORT if exports else _MEMORY_OF_REST)
    available = _memory_available()
    if available is not None and needed > available:
        raise StorageError(_too_little(points, "memory", needed, available, "split the corpus, or build it elsewhere"))
    needed = points * (dimension * _FLOAT * 5 // 4 + _DISK_OF_POINT)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StorageError(
            _too_little(points, f"disk in {folder}", needed, free, "choose another folder for the index")
        )


def _too_little(points: int, what: str, needed: int, available: int, mend: str) -> str:
    sizes = f"about {needed / _GIGABYTE:.1f} GB of {what}, and {available / _GIGABYTE:.1f} GB are available"
    return f"a corpus of {points:,} phrasings needs {sizes}; {mend}; nothing was changed"


def _memory_available() -> int | None:
    """Bytes that this process may use: the machine's, or fewer where a limit is set; None where that is not known."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    import resource

    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    process, _ = resource.getrlimit(resource.RLIMIT_AS)
    return min((machine, *(limit for limit in (process, *group_limits()) if limit != resource.RLIM_INFINITY)))


def group_limits(groups: Path = _GROUPS, own: Path = _OWN_GROUPS) -> Iterator[int]:
    """The limits in bytes on the memory of the control groups that this process is in, and of the groups around them.

    Both versions are read, `memory.max` and `memory.limit_in_bytes`, from the tree in `groups`; `own` has a line
    `number:controllers:path` for each group. What has no limit says "max", or more than any machine has.
    """
    try:
        lines = own.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        controllers, _, path = line.partition(":")[2].partition(":")
        group = PurePosixPath(path.strip("/"))
        for around in (group, *group.parents):
            if not controllers:
                yield from _limit(groups / around / "memory.max")
                yield from _limit(groups / "unified" / around / "memory.max")
            elif "memory" in controllers.split(","):
                yield from _limit(groups / controllers / around / "memory.limit_in_bytes")


def _limit(file: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):  # a group that is not shown here, or that has no limit
        yield int(file.read_text(encoding="ascii"))
