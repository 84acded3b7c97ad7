"""What a figure was measured on: processor, memory, system and versions."""

import contextlib
import importlib.metadata
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DISTRIBUTIONS = (
    "flexibility-chatbot",
    "numpy",
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "prompt-toolkit",
    "torch",
    "sentence-transformers",
    "txtai",
    "haystack-ai",
)


def machine_facts() -> dict[str, Any]:
    """The machine, the versions and how busy the machine is now."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": cores(),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": versions(),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def versions() -> dict[str, str]:
    """The version of each distribution that is installed."""
    installed = {}
    for name in DISTRIBUTIONS:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            installed[name] = importlib.metadata.version(name)
    return installed


def cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def memory_share(process: int | str = "self") -> int:
    """The proportional share of a process's memory in bytes (PSS: of a page of several a part), as Linux tells it."""
    return int(_field(f"/proc/{process}/smaps_rollup", "Pss:").split()[0]) * 1024


def memory_to_spend() -> int | None:
    """Bytes that one process may take without harm to others: most of what is free; None when that is unknown."""
    available = _field("/proc/meminfo", "MemAvailable")
    return int(available.split()[0]) * 1024 * 8 // 10 if available else None


def _field(file: str, name: str) -> str:
    """The first value of a field in a file of `name: value` lines; empty when there is none."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
