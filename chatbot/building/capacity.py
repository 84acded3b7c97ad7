"""Whether there is room for an index, told before a long build begins rather than when it fails."""

import os
import shutil
from pathlib import Path

from chatbot.errors import StorageError

# What a build takes beside the vectors, measured on a corpus of a million phrasings: memory for a point (its text, its
# entry, its features) and for the rest, and disk for a point (features, text, the inverted file's ids).
_MEMORY_OF_POINT, _MEMORY_OF_REST = 4_000, 300_000_000
_DISK_OF_POINT = 1_200
_FLOAT = 4
_GIGABYTE = 1e9


def check_capacity(folder: Path, points: int, dimension: int) -> None:
    """Raise `StorageError` when an index of so many points will not fit into memory or onto the disk of `folder`."""
    needed = points * _MEMORY_OF_POINT + _MEMORY_OF_REST
    allowed = _memory_allowed()
    if allowed is not None and needed > allowed:
        raise StorageError(_too_little(points, "memory", needed, allowed, "split the corpus, or build it elsewhere"))
    needed = points * (dimension * _FLOAT * 5 // 4 + _DISK_OF_POINT)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StorageError(_too_little(points, f"disk in {folder}", needed, free, "name another folder with --index"))


def _too_little(points: int, what: str, needed: int, there: int, mend: str) -> str:
    sizes = f"about {needed / _GIGABYTE:.1f} GB of {what}, and {there / _GIGABYTE:.1f} GB are allowed"
    return f"a corpus of {points:,} phrasings needs {sizes}; {mend}; nothing was changed"


def _memory_allowed() -> int | None:
    """Bytes that this process may use: the machine's, or fewer where a limit is set; None where that is not known."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return machine if limit == resource.RLIM_INFINITY else min(limit, machine)
