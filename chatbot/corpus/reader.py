"""The corpus: a folder of Markdown entries or a JSON Lines file -> entries, with every problem found.

A folder holds `<topic>/<id>.md`, and at its top `sources.yaml`, `red-flags.yaml`, `disclaimer.md`, `subject.md` and
`trial-questions.jsonl`; other files there are for editors. A JSON Lines file may have the same five beside it.
"""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG

from chatbot.corpus.adapter_hash import misfit
from chatbot.corpus.cross_references import phrasing_findings, related_findings, source_findings
from chatbot.corpus.fields import ParsedEntry, ParsedMessages, Unread
from chatbot.corpus.file_states import (
    ADAPTER,
    ADAPTER_HASH,
    DISCLAIMER,
    ENTRY,
    MESSAGES,
    RED_FLAGS,
    SOURCES,
    SUBJECT,
    TRIALS,
    FileState,
    file_names,
    folder_of,
)
from chatbot.corpus.ids import EntryIds
from chatbot.corpus.ignored_files import ignored_files
from chatbot.corpus.messages import messages_of, read_messages
from chatbot.corpus.parsing import decode, read_json_lines, read_markdown
from chatbot.corpus.red_flags import RedFlag, cares_of, read_red_flags
from chatbot.corpus.sources import Sources, read_sources
from chatbot.corpus.trial_questions import read_labelled_questions
from chatbot.corpus.validation import MAX_TEXT, EntryValidator, Report
from chatbot.errors import CorpusError, StorageError
from chatbot.records import Entry, LabelledQuestion, Problem, Severity, Source
from chatbot.text.cleaning import one_line, strip_control
from chatbot.text.reading import read_answer

DEFAULT_DISCLAIMER = (
    "The answers come from various sources and may offer differing or opposing points of view. They are not for"
    " medical advice, diagnosis or treatment. Consult your healthcare provider about your own needs."
)
DEFAULT_SHORT_DISCLAIMER = "Not medical advice: consult your healthcare provider about your own needs."
# In `disclaimer.md`, between the disclaimer and its short form.
_RULE = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Corpus:
    """Everything read from a corpus. `problems` is complete; entries that cannot stand are left out."""

    root: Path
    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    disclaimer: str
    problems: tuple[Problem, ...]
    files: Mapping[str, FileState]
    parsed: Mapping[str, ParsedEntry]  # by entry id: what was written and in which lines, for further messages
    source_lines: Mapping[str, int]  # by source id, in sources.yaml
    trials: tuple[LabelledQuestion, ...] = ()
    subject: str = ""  # what it is about, in a few words
    short_disclaimer: str | None = None  # for where the whole was shown before; None: it has no short form
    red_flags: tuple[RedFlag, ...] = ()  # how answers name the signs of urgent entries; none where there is no table
    adapter: str = ""  # the SHA-256 of what the default encoder learnt for it; empty: it has none

    @property
    def locations(self) -> dict[str, tuple[str, int]]:
        """The file and the line in which each entry begins, by id."""
        return {entry_id: (parsed.file, parsed.line) for entry_id, parsed in self.parsed.items()}

    def problem(self, file: str, line: int, message: str, severity: Severity) -> Problem:
        """A problem in one of the corpus's files."""
        return _problem(folder_of(self.root), file, line, message, severity)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which no index is built from this corpus."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def checked(self) -> "Corpus":
        """This corpus. Raises `CorpusError` with all problems when one of them is an error."""
        if errors := self.errors:
            more = f" (and {len(errors) - 1:,} more errors)" if len(errors) > 1 else ""
            raise CorpusError(f"{errors[0]}{more}", self.problems)
        return self


def _problem(folder: Path, file: str, line: int, message: str, severity: Severity) -> Problem:
    return Problem(strip_control(str(folder / file)).replace("\n", " "), line, message, severity)


def read_corpus(path: Path) -> Corpus:
    """Read the corpus at `path`, a folder or a `.jsonl` file.

    Raises `CorpusError` when there is no corpus there and `StorageError` when it cannot be read. Problems inside it
    do not raise: they are in the result.
    """
    return _Reader(path).read()


def _inside(path: Path, root: Path) -> bool:
    """Whether `path`, links followed, lies in `root`; a link to itself lies nowhere."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = folder_of(path)
        self.problems: list[Problem] = []
        self.files: dict[str, FileState] = {}
        self.sources = Sources()
        self.entries: dict[str, tuple[Entry, ParsedEntry]] = {}
        self.ids = EntryIds()
        self.unread = Unread()  # entries
        self.unread_data = b""
        self.cited: set[str] = set()

    def read(self) -> Corpus:
        if not self.path.exists():
            raise CorpusError(f"no corpus at {self.path}; name a folder of entries or a JSON Lines file")
        names = file_names(self.path)
        if SOURCES in names:
            self.sources = read_sources(decode(self._load(SOURCES), self._reporter(SOURCES)), self._reporter(SOURCES))
        disclaimer, short_disclaimer = self._disclaimers(DISCLAIMER in names)
        subject = self._subject(SUBJECT in names)
        for parsed in self._parsed_entries(names):
            self._add(parsed)
        self._check_owners(names)
        red_flags = self._red_flags(RED_FLAGS in names)
        self._check_together(dict(ignored_files(self.path)) if self.path.is_dir() else {})
        trials = self._trials(TRIALS in names)
        self._check_that_there_are_entries()
        adapter = self._adapter(names)
        return Corpus(
            self.path,
            tuple(entry for entry, _ in self.entries.values()),
            self.sources.by_id,
            disclaimer,
            tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.line))),
            self.files,
            {entry_id: parsed for entry_id, (_, parsed) in self.entries.items()},
            self.sources.lines,
            trials,
            subject,
            short_disclaimer,
            red_flags,
            adapter,
        )

    def _check_that_there_are_entries(self) -> None:
        if self.entries or any(problem.severity == "error" for problem in self.problems):
            return
        form = "file <topic>/<id>.md" if self.path.is_dir() else 'line {"id": …, "question": …, "answer": …}'
        ignored = f"; {self.problems[0]}" if self.problems else ""
        raise CorpusError(f"no entries in {self.path}; an entry is a {form}{ignored}", self.problems)

    def _check_owners(self, names: Iterable[str]) -> None:
        """Messages belong to the entry whose file stands beside them."""
        for name in names:
            if name.endswith(MESSAGES) and name not in self.files:
                self._load(name)
                entry = f"{name.removesuffix(MESSAGES)}{ENTRY}"
                message = f"there is no entry {entry}; give these messages the name of their entry, or remove them"
                self._reporter(name)(1, message, "error")

    def _check_together(self, ignored: Mapping[str, str]) -> None:
        """The checks between entries. `ignored` are files that are not read, each with what to do about it."""
        for name, advice in ignored.items():
            self._reporter(name)(1, advice, "warning")
        for entry, parsed in self.entries.values():
            related = tuple(map(self.ids.as_written, entry.related))
            self.entries[entry.id] = replace(entry, related=related), parsed
        findings = [
            *related_findings(self.entries, self.unread, {Path(name).stem: name for name in ignored}),
            *phrasing_findings(self.entries),
            *source_findings(self.sources, self.cited, self.unread_data),
        ]
        for file, line, message, severity in findings:
            self._reporter(file)(line, message, severity)

    def _reporter(self, name: str) -> Report:
        def report(line: int, message: str, severity: Severity) -> None:
            self.problems.append(_problem(self.root, name, line, message, severity))

        return report

    def _load(self, name: str) -> bytes:
        """The bytes of a file inside the corpus, remembered by their hash."""
        path = self.root / name
        if not _inside(path, self.root):
            self._reporter(name)(1, "a link that leaves the corpus; copy the file in", "error")
            return b""
        if path.is_dir():
            self._reporter(name)(1, "a link to a folder; an entry is a file: remove the link", "error")
            return b""
        try:
            state = path.stat()
            if not S_ISREG(state.st_mode):
                raise StorageError(f"cannot read {path}: not a file")
            data = path.read_bytes()
        except OSError as error:
            raise StorageError(f"cannot read {path}: {error.strerror}") from error
        self.files[name] = FileState(state.st_size, state.st_mtime_ns, hashlib.sha256(data).hexdigest())
        return data

    def _parsed_entries(self, names: list[str]) -> Iterator[ParsedEntry]:
        if not self.path.is_dir():
            data, report = self._load(self.path.name), self._reporter(self.path.name)
            yield from read_json_lines(data, self.path.name, report, self.unread)
            self.unread_data = data if self.unread.names else b""
            return
        for name in names:
            topic, _, file = name.rpartition("/")
            if not topic or not name.endswith(ENTRY):
                continue
            report = self._reporter(name)
            entry_id = file.removesuffix(ENTRY)
            data = self._load(name)
            text = decode(data, report) if name in self.files else None
            parsed = read_markdown(text, name, entry_id, topic, report) if text is not None else None
            if parsed:
                yield replace(parsed, messages=self._messages(f"{name.removesuffix(ENTRY)}{MESSAGES}", names))
            else:
                self.unread.names.add(entry_id)
                self.unread_data += data

    def _adapter(self, names: Container[str]) -> str:
        """The SHA-256 of the adapter, which must be the one that is written down beside it."""
        found = hashlib.sha256(self._load(ADAPTER)).hexdigest() if ADAPTER in names else ""
        written = self._load(ADAPTER_HASH).decode("ascii", "replace").strip() if ADAPTER_HASH in names else ""
        if found != written:
            self._reporter(ADAPTER if found else ADAPTER_HASH)(1, misfit(found, written), "error")
        return found

    def _messages(self, name: str, names: Container[str]) -> ParsedMessages:
        """The messages in a file, if it is one of `names`."""
        text = decode(self._load(name), self._reporter(name)) if name in names else None
        return ParsedMessages() if text is None else read_messages(text, name, self._reporter(name))

    def _add(self, parsed: ParsedEntry) -> None:
        report = self._reporter(parsed.file)
        self.cited.update(cited for answer in parsed.answers for cited in read_answer(answer.text[:MAX_TEXT]).cited)
        entry = EntryValidator(parsed, self.sources.by_id, report, self.sources.unread).entry()
        if entry is None:
            self.unread.names.add(parsed.id)
            return
        report_messages = self._reporter(parsed.messages.file)
        messages = messages_of(parsed, entry.kind, report_messages)
        entry = replace(entry, messages=messages)
        taken = self.ids.add(entry.id)
        if taken in self.entries:
            _, other = self.entries[taken]
            how = "is taken by" if taken == entry.id else f"differs only in case or form from {taken!r} of"
            report(parsed.line, f"the id {entry.id!r} {how} {other.file}:{other.line}; rename one of them", "error")
            self.unread.names.add(parsed.id)
            return
        self.entries[entry.id] = entry, parsed

    def _subject(self, present: bool) -> str:
        return one_line(decode(self._load(SUBJECT), self._reporter(SUBJECT)) or "") if present else ""

    def _disclaimers(self, present: bool) -> tuple[str, str | None]:
        """The disclaimer, and its short form where there is one: what stands below a line of dashes."""
        if not present:
            return DEFAULT_DISCLAIMER, DEFAULT_SHORT_DISCLAIMER
        report = self._reporter(DISCLAIMER)
        whole, *short = _RULE.split(decode(self._load(DISCLAIMER), report) or "", maxsplit=1)
        if not one_line(whole):
            report(1, "the disclaimer is empty; every reply carries it: write it, or remove the file", "error")
            return DEFAULT_DISCLAIMER, DEFAULT_SHORT_DISCLAIMER
        if short and not one_line(short[0]):
            line = whole.count("\n") + 1
            report(line, "no short form below the dashes; write it, or remove them", "error")
        return one_line(whole), one_line(short[0]) or None if short else None

    def _red_flags(self, present: bool) -> tuple[RedFlag, ...]:
        if not present:
            return ()
        report = self._reporter(RED_FLAGS)
        text = decode(self._load(RED_FLAGS), report)
        rows = read_red_flags(text, cares_of(self.entries), self.unread, self.sources, report)
        self.cited.update(row.source for row in rows)
        return rows

    def _trials(self, present: bool) -> tuple[LabelledQuestion, ...]:
        if not present:
            return ()
        report = self._reporter(TRIALS)
        text = decode(self._load(TRIALS), report) or ""
        return tuple(read_labelled_questions(text, self.ids, report, self.unread))
