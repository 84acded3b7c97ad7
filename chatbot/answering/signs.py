"""Which of the warning signs that someone described stays above what follows."""

from chatbot.index.index import Index
from chatbot.records import CARES


def graver(index: Index, before: str | None, newer: str | None) -> str | None:
    """Of two urgent entries, by their ids, the one that needs care sooner; of two alike the newer one."""
    if before is None or newer is None:
        return newer or before
    return before if _place(index, before) < _place(index, newer) else newer


def _place(index: Index, entry_id: str) -> int:
    care = index.entry(index.rows[entry_id]).care
    return CARES.index(care) if care else len(CARES)
