"""Whether a file of a corpus is one, and no way out of its folder."""

from functools import cached_property, lru_cache
from pathlib import Path


class Inside:
    """The paths that lie in a folder, links followed; a link to itself lies nowhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._resolved = lru_cache(maxsize=None)(Path.resolve)  # folders, of which there are few

    def __contains__(self, path: Path) -> bool:
        try:
            resolved = path.resolve() if path.is_symlink() else self._resolved(path.parent) / path.name
            return resolved.is_relative_to(self._root)
        except (OSError, RuntimeError):
            return False

    @cached_property
    def _root(self) -> Path:
        return self._folder.resolve()
