"""The corpus: a folder of Markdown entries or a JSON Lines file -> entries, with every problem found.

A folder holds `<topic>/<id>.md`, and at its top what `file_states.TOP_LEVEL_FILES` names; other files there are for
editors. A JSON Lines file may have the same beside it.
"""

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG

from chatbot.corpus.adapter_hash import misfit
from chatbot.corpus.claims import Claim, read_claims
from chatbot.corpus.conditions import (
    NO_CONDITION,
    Conditions,
    read_condition_messages,
    read_conditions,
    read_no_conditions,
)
from chatbot.corpus.corpus import Corpus, problem_in
from chatbot.corpus.cross_references import phrasing_findings, related_findings, source_findings
from chatbot.corpus.disclaimers import DEFAULT_DISCLAIMERS, Disclaimers, read_disclaimers
from chatbot.corpus.drawings import Drawing, figure_findings, height_of, read_drawing
from chatbot.corpus.fields import ParsedEntry, ParsedMessages, Unread
from chatbot.corpus.file_states import (
    ADAPTER,
    ADAPTER_HASH,
    CLAIMS,
    CONDITION_MESSAGES,
    CONDITIONS,
    DISCLAIMER,
    ENTRY,
    EXCHANGES,
    MESSAGES,
    NO_CONDITIONS,
    PARTS,
    RED_FLAGS,
    SOURCES,
    SUBJECT,
    TRIALS,
    FileState,
    file_names,
    folder_of,
    is_drawing,
)
from chatbot.corpus.ids import EntryIds
from chatbot.corpus.ignored_files import ignored_files
from chatbot.corpus.inside import Inside
from chatbot.corpus.messages import messages_of, read_messages
from chatbot.corpus.parsing import decode, decode_lines, read_json_lines, read_markdown
from chatbot.corpus.parts import read_parts
from chatbot.corpus.red_flags import RedFlag, cares_of, read_red_flags
from chatbot.corpus.sources import Sources, read_sources
from chatbot.corpus.trial_questions import read_labelled_questions
from chatbot.corpus.validation import MAX_TEXT, EntryValidator, Report
from chatbot.errors import CorpusError, StorageError
from chatbot.records import Condition, Entry, LabelledQuestion, Part, Problem, Severity
from chatbot.text.cleaning import one_line
from chatbot.text.reading import read_answer


def read_corpus(path: Path) -> Corpus:
    """Read the corpus at `path`, a folder or a `.jsonl` file.

    Raises `CorpusError` when there is no corpus there and `StorageError` when it cannot be read. Problems inside it
    do not raise: they are in the result.
    """
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = folder_of(path)
        self._inside = Inside(self.root)
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
        disclaimers = self._disclaimers(DISCLAIMER in names)
        subject = self._subject(SUBJECT in names)
        for parsed in self._parsed_entries(names):
            self._add(parsed)
        self._check_owners(names)
        drawings = self._drawings(filter(is_drawing, names))
        red_flags = self._red_flags(RED_FLAGS in names)
        self._check_together(dict(ignored_files(self.path)) if self.path.is_dir() else {}, drawings)
        parts, all_parts = self._parts(PARTS in names)
        conditions = self._conditions(names)
        claims = self._claims(CLAIMS in names)
        trials, exchanges = (self._labelled(name, names, parts, all_parts) for name in (TRIALS, EXCHANGES))
        self._check_that_there_are_entries()
        adapter = self._adapter(names)
        return Corpus(
            self.path,
            tuple(entry for entry, _ in self.entries.values()),
            self.sources.by_id,
            disclaimers.whole,
            tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.line))),
            self.files,
            {entry_id: parsed for entry_id, (_, parsed) in self.entries.items()},
            self.sources.lines,
            trials,
            subject,
            disclaimers.short,
            red_flags,
            parts,
            conditions,
            claims,
            drawings,
            adapter,
            exchanges,
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

    def _check_together(self, ignored: Mapping[str, str], drawings: Mapping[str, Drawing]) -> None:
        """The checks between entries. `ignored` are files that are not read, each with what to do about it."""
        for name, advice in ignored.items():
            self._reporter(name)(1, advice, "warning")
        for entry, parsed in self.entries.values():
            related = tuple(map(self.ids.as_written, entry.related))
            self.entries[entry.id] = replace(entry, related=related, height=height_of(entry, drawings)), parsed
        findings = [
            *related_findings(self.entries, self.unread, {Path(name).stem: name for name in ignored}),
            *phrasing_findings(self.entries),
            *figure_findings(self.entries, drawings, self.root),
            *source_findings(self.sources, self.cited, self.unread_data),
        ]
        for file, line, message, severity in findings:
            self._reporter(file)(line, message, severity)

    def _reporter(self, name: str) -> Report:
        def report(line: int, message: str, severity: Severity) -> None:
            self.problems.append(problem_in(self.root, name, line, message, severity))

        return report

    def _load(self, name: str) -> bytes:
        """The bytes of a file inside the corpus, remembered by their hash."""
        path = self.root / name
        if path not in self._inside:
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

    def _drawings(self, names: Iterable[str]) -> dict[str, Drawing]:
        read = (
            read_drawing(name, decode(self._load(name), self._reporter(name)), self._reporter(name)) for name in names
        )
        return {drawing.figure.id: drawing for drawing in read if drawing}

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

    def _disclaimers(self, present: bool) -> Disclaimers:
        if not present:
            return DEFAULT_DISCLAIMERS
        report = self._reporter(DISCLAIMER)
        return read_disclaimers(decode(self._load(DISCLAIMER), report) or "", report)

    def _red_flags(self, present: bool) -> tuple[RedFlag, ...]:
        if not present:
            return ()
        report = self._reporter(RED_FLAGS)
        text = decode(self._load(RED_FLAGS), report)
        rows = read_red_flags(text, cares_of(self.entries), self.unread, self.sources, report)
        self.cited.update(row.source for row in rows)
        return rows

    def _conditions(self, names: Collection[str]) -> Conditions:
        """The tables of conditions; each entry is told which ones it is not for."""
        if not {CONDITIONS, CONDITION_MESSAGES, NO_CONDITIONS} & set(names):
            return NO_CONDITION
        reports = {name: self._reporter(name) for name in (CONDITIONS, CONDITION_MESSAGES, NO_CONDITIONS)}
        texts = {name: decode_lines(self._load(name), reports[name]) if name in names else "" for name in reports}
        rows: tuple[Condition, ...] = ()
        whole = True
        if CONDITIONS in names:
            rows, whole = read_conditions(texts[CONDITIONS], self.ids, self.unread, reports[CONDITIONS])
        known = [row.id for row in rows]
        messages = read_condition_messages(
            texts[CONDITION_MESSAGES] or "", known, reports[CONDITION_MESSAGES], all_known=whole
        )
        none = read_no_conditions(texts[NO_CONDITIONS], reports[NO_CONDITIONS]) if texts[NO_CONDITIONS] else frozenset()
        conditions = Conditions(rows, tuple(messages), none)
        for entry, parsed in self.entries.values():
            self.entries[entry.id] = replace(entry, not_for=conditions.of(entry.avoid_if)), parsed
        return conditions

    def _claims(self, present: bool) -> tuple[Claim, ...]:
        text = decode_lines(self._load(CLAIMS), self._reporter(CLAIMS)) if present else None
        return tuple(read_claims(text or "", self.entries, self._reporter(CLAIMS)))

    def _parts(self, present: bool) -> tuple[tuple[Part, ...], bool]:
        """The parts that answers have, and whether all of their table was understood."""
        report = self._reporter(PARTS)
        return read_parts(decode(self._load(PARTS), report), report) if present else ((), True)

    def _labelled(
        self, name: str, names: Container[str], parts: Iterable[Part], all_parts: bool
    ) -> tuple[LabelledQuestion, ...]:
        report, following = self._reporter(name), name == EXCHANGES
        text = decode_lines(self._load(name), report) if name in names else None
        conversation = {"all_parts": all_parts, "following": following}
        known = [part.name for part in parts]
        return tuple(read_labelled_questions(text or "", self.ids, report, self.unread, known, **conversation))
