"""What only the entries together can tell: ids that lead nowhere, questions of two entries, sources of none."""

from collections.abc import Container, Iterator, Mapping

from chatbot.corpus.fields import ParsedEntry
from chatbot.corpus.file_states import SOURCES
from chatbot.corpus.sources import Sources
from chatbot.corpus.validation import suggestion
from chatbot.records import Entry, Severity
from chatbot.text.cleaning import normalise

# A problem: its file and line, what it is and how bad.
Finding = tuple[str, int, str, Severity]
Entries = Mapping[str, tuple[Entry, ParsedEntry]]  # by id, in the corpus's order: what was read and what was written


def related_findings(entries: Entries, unread: Container[str], ignored: Mapping[str, str]) -> Iterator[Finding]:
    """Related ids that are none of an answer. `unread` could not be read; `ignored` are files by what their id was."""
    told: dict[str, str] = {}  # an id that leads nowhere does so from many entries
    for entry, parsed in entries.values():
        for related in dict.fromkeys(entry.related):
            if related == entry.id:
                yield parsed.file, parsed.line, "'related' names the entry itself; remove it", "error"
                continue
            if related not in told:
                told[related] = _related_problem(related, entries, unread, ignored)
            if told[related]:
                yield parsed.file, parsed.line, told[related], "error"


def _related_problem(related: str, entries: Entries, unread: Container[str], ignored: Mapping[str, str]) -> str:
    if related in entries:
        kind = entries[related][0].kind
        return "" if kind == "answer" else f"'related' names {related!r}, which is {kind}; name an answer entry"
    if related in ignored:
        return f"'related' names {related!r}, but {ignored[related]} is not read as an entry; see there"
    if related in unread:
        return ""
    hint = suggestion(related, entries) or "; remove it or write that entry"
    return f"'related' names the unknown entry {related!r}{hint}"


def phrasing_findings(entries: Entries) -> Iterator[Finding]:
    """Phrasings that two entries hold, word for word, and such as are said to have no answer, too."""
    owners: dict[str, tuple[Entry, int]] = {}
    for entry, parsed in entries.values():
        written = [(entry.question, parsed.file, parsed.field_line("question")), *parsed.phrasings()]
        for place, (phrasing, file, line) in enumerate(written):
            owner, there = owners.setdefault(normalise(phrasing) or phrasing, (entry, place))
            if owner is not entry:
                yield file, line, _shared(phrasing, entry, owner, both_ask=place == there == 0), "warning"
    for _, parsed in entries.values():
        for message, line in parsed.messages.unanswered:
            if asked := owners.get(normalise(message)):
                advice = f"{message!r} stands in {asked[0].id!r} as well, which answers it; keep it in one place"
                yield parsed.messages.file, line, advice, "warning"


def _shared(phrasing: str, entry: Entry, owner: Entry, *, both_ask: bool) -> str:
    """What someone who types a phrasing of two entries will see, and what to do about it."""
    urgent = [each.id for each in (owner, entry) if each.kind == "urgent"]
    seen = f"sees the warning sign {urgent[0]!r}" if len(urgent) == 1 else "is asked which of the two was meant"
    if both_ask:
        return (
            f"the question {phrasing!r} is that of {owner.id!r}, too ({owner.topic or 'without a topic'}): whoever asks"
            f" it {seen}; put one of them in other words, or make them one entry"
        )
    return (
        f"the phrasing {phrasing!r} also stands in {owner.id!r}: whoever types it {seen};"
        " keep it where it is answered best"
    )


def source_findings(sources: Sources, cited: Container[str], unread: bytes) -> Iterator[Finding]:
    """Sources that nothing cites; `unread` is the text of files that could not be read, and may cite them, too."""
    for source_id, line in sources.lines.items():
        if source_id not in cited and f"@{source_id}".encode() not in unread:
            yield SOURCES, line, f"the source {source_id!r} is never cited; cite or remove it", "warning"
