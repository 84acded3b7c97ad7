"""What happens on disk while the shell is open: the corpus is edited, the index rebuilt or deleted."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.index.index import Index


class Staleness:
    """Notices, once each, that the open index is no longer what is on disk.

    `told` is whether opening the index told already of what is so now.
    """

    def __init__(self, index: "Index", *, told: bool = False) -> None:
        self._index = index
        self._told = self._current() if told else ""

    def notice(self) -> str:
        """What changed since it was last told; empty when nothing did."""
        current = self._current()
        if current == self._told:
            return ""
        self._told = current
        return current

    def _current(self) -> str:
        from chatbot.errors import StoreUnavailable

        try:
            rebuilt = self._index.store.newest() != self._index.store.revision
        except StoreUnavailable:
            return "The database that the index is published in does not answer."
        except OSError:
            return "The index on disk is gone; I go on with the one that is open. /reload builds it again."
        if rebuilt:
            return "The index was rebuilt meanwhile; I go on with the old one. /reload opens the new one."
        return (
            "The corpus changed since the index was built. /reload takes the changes in." if self._index.stale else ""
        )
