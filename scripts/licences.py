"""Write `docs/licences.md`: every distribution that the package needs, with its version and licence.

The versions are those installed here; the licences are what each distribution says of itself (`importlib.metadata`).
Exit status: 0, or 1 when one says nothing.
"""

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]
_LONG = 60


def needed(name: str, extras: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of what a distribution requires here and now, and of what those require."""
    seen: set[str] = set()
    left = [(name, extras)]
    while left:
        current, wanted = left.pop()
        for line in importlib.metadata.requires(current) or ():
            requirement = re.match(r"[\w.-]+", line)
            marker = line.partition(";")[2]
            extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", marker)
            if not requirement or (extra and extra[1] not in wanted):
                continue
            required = re.sub(r"[-_.]+", "-", requirement[0]).lower()
            if required not in seen and _is_installed(required):
                seen.add(required)
                left.append((required, ()))
    yield from sorted(seen)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def licence(name: str) -> str:
    """What a distribution says of its licence, in a few words; empty when it says nothing."""
    metadata = importlib.metadata.metadata(name)
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    classifiers = metadata.get_all("Classifier", [])
    classified = "; ".join(each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::"))
    text = (metadata.get("License") or "").strip()
    first_line = text.partition("\n")[0]
    short = first_line if len(first_line) <= _LONG else ""
    return short or classified or ("see its own licence file" if metadata.get_all("License-File") else "")


def main() -> int:
    run_time = list(needed("flexibility-chatbot"))
    development = [name for name in needed("flexibility-chatbot", ("dev",)) if name not in run_time]
    text = "# Licences of the dependencies\n\nWritten by `python scripts/licences.py`.\n"
    silent = []
    for heading, names in (("To run", run_time), ("To develop", development)):
        text += f"\n## {heading}\n\n| distribution | version | licence |\n| --- | --- | --- |\n"
        for name in names:
            said = licence(name).replace("|", "/")
            silent += [] if said else [name]
            text += f"| {name} | {importlib.metadata.version(name)} | {said or 'says nothing'} |\n"
    (_PROJECT / "docs" / "licences.md").write_text(text, encoding="utf-8")
    print(f"{len(run_time)} to run, {len(development)} to develop; without a licence: {', '.join(silent) or 'none'}")
    return int(bool(silent))


if __name__ == "__main__":
    sys.exit(main())
