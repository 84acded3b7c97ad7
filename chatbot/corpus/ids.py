"""The ids of entries and the names of topics: what may be one, and when two are the same."""

import unicodedata

from chatbot.text.cleaning import one_line, strip_control

MAX_ID = 100


def id_problem(entry_id: str) -> str:
    """What keeps a text from being an id, and what to do; empty for an id. An id is whatever a person can read and
    type: one line of text, as it is written, without control characters."""
    if not entry_id.strip():
        return "no id; write one"
    if strip_control(entry_id) != entry_id or len(entry_id.splitlines()) > 1 or "\t" in entry_id:
        return f"the id {entry_id[:MAX_ID]!r} has control characters or line breaks; remove them"
    if entry_id != entry_id.strip():
        return f"the id {entry_id[:MAX_ID]!r} begins or ends with a blank; remove it"
    return "" if len(entry_id) <= MAX_ID else f"{len(entry_id):,} characters in an id; at most {MAX_ID}: shorten it"


def id_key(entry_id: str) -> str:
    """The same for ids that differ only in case or in Unicode's normal form: people cannot tell them apart."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", entry_id).casefold())


def topic_name(written: str) -> str:
    """A topic's name as it is kept: on one line, in Unicode's composed form, whichever of them was typed."""
    return unicodedata.normalize("NFC", one_line(written))


class EntryIds:
    """The ids of a corpus's entries, found whatever their case and normal form."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}

    def add(self, entry_id: str) -> str:
        """Add an id. Returns it, or the one that was there before and differs from it in nothing else."""
        return self._by_key.setdefault(id_key(entry_id), entry_id)

    def as_written(self, entry_id: str) -> str:
        """The id that an entry has, for one that somebody wrote; the same when there is none."""
        return self._by_key.get(id_key(entry_id), entry_id)

    def __contains__(self, entry_id: object) -> bool:
        return isinstance(entry_id, str) and id_key(entry_id) in self._by_key
