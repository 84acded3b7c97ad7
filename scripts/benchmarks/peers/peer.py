"""What a peer has to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Peer(Protocol):
    """Texts in a folder, found by meaning. Rows are places in the texts as they were first given."""

    def __init__(self, model: str, folder: Path) -> None: ...

    def save(self, texts: Sequence[str]) -> None:
        """Index the texts and keep them in the folder, which is empty."""

    def open(self) -> None:
        """Get ready to be asked from what was saved."""

    def nearest(self, questions: Sequence[str]) -> list[int]:
        """The row of the nearest text to each question, of the ten that are looked for, all questions at once."""

    def replace(self, row: int, text: str) -> None:
        """Put another text in a row of what was opened, and save that."""
