"""The corpus: a folder of Markdown entries or a JSON Lines file -> entries, with every problem found.

A folder holds `<topic>/<id>.md`, and at its top `sources.yaml`, `disclaimer.md`, `subject.md` and
`trial-questions.jsonl`; other files there are for editors. A JSON Lines file may have the same four beside it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from chatbot.corpus.files import DISCLAIMER, SOURCES, SUBJECT, TRIALS, FileState, file_names, folder_of
from chatbot.corpus.parsing import decode, read_json_lines, read_markdown
from chatbot.corpus.trial_questions import read_labelled_questions
from chatbot.corpus.validation import EntryValidator, ParsedEntry, Report, suggestion
from chatbot.corpus.yaml_nodes import Mapping as YamlMapping
from chatbot.corpus.yaml_nodes import Scalar, Sequence, YamlError, load
from chatbot.errors import CorpusError, StorageError
from chatbot.records import Entry, LabelledQuestion, Problem, Severity, Source
from chatbot.text.cleaning import normalise, strip_control

DEFAULT_DISCLAIMER = (
    "The answers come from various sources and may offer differing or opposing points of view. They are not for"
    " medical advice, diagnosis or treatment. Consult your healthcare provider about your own needs."
)
_SOURCE_FIELDS = {"id", "title", "authors", "year", "container", "doi", "url", "type", "finding", "verified"}
_SOURCE_NOTES = {"note", "doi_seen", "url_seen"}


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
            more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
            raise CorpusError(f"{errors[0]}{more}; `flexbot check` lists them all", self.problems)
        return self


def _problem(folder: Path, file: str, line: int, message: str, severity: Severity) -> Problem:
    return Problem(strip_control(str(folder / file)).replace("\n", " "), line, message, severity)


def read_corpus(path: Path) -> Corpus:
    """Read the corpus at `path`, a folder or a `.jsonl` file.

    Raises `CorpusError` when there is no corpus there and `StorageError` when it cannot be read. Problems inside it
    do not raise: they are in the result.
    """
    reader = _Reader(path)
    return reader.read()


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
        self.parsed: dict[str, ParsedEntry] = {}
        self.sources: dict[str, Source] = {}
        self.source_lines: dict[str, int] = {}
        self.entries: dict[str, Entry] = {}

    def read(self) -> Corpus:
        if not self.path.exists():
            raise CorpusError(f"no corpus at {self.path}; name a folder of entries or a .jsonl file with --corpus")
        names = file_names(self.path)
        self._read_sources(SOURCES in names)
        disclaimer = self._disclaimer(DISCLAIMER in names)
        subject = self._one_line(SUBJECT) if SUBJECT in names else ""
        for parsed in self._parsed_entries(names):
            self._add(parsed)
        self._check_related()
        self._check_phrasings()
        self._check_sources()
        trials = self._trials(TRIALS in names)
        if not self.entries and not self.problems:
            raise CorpusError(f"no entries in {self.path}; an entry is a file <topic>/<id>.md (see corpus/README.md)")
        problems = tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.line)))
        entries = tuple(self.entries.values())
        return Corpus(
            self.path,
            entries,
            self.sources,
            disclaimer,
            problems,
            self.files,
            self.parsed,
            self.source_lines,
            trials,
            subject,
        )

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
            report = self._reporter(self.path.name)
            yield from read_json_lines(self._load(self.path.name), self.path.name, report)
            return
        for name in names:
            topic, _, file = name.rpartition("/")
            if not topic:
                continue
            report = self._reporter(name)
            data = self._load(name)
            text = decode(data, report) if name in self.files else None
            parsed = read_markdown(text, name, file.removesuffix(".md"), topic, report) if text is not None else None
            if parsed:
                yield parsed

    def _add(self, parsed: ParsedEntry) -> None:
        report = self._reporter(parsed.file)
        entry = EntryValidator(parsed, self.sources, report).entry()
        if entry is None:
            return
        if other := self.parsed.get(entry.id):
            message = f"the id {entry.id!r} is taken by {other.file}:{other.line}; rename one of them"
            report(parsed.line, message, "error")
            return
        self.entries[entry.id] = entry
        self.parsed[entry.id] = parsed

    def _check_related(self) -> None:
        for entry in self.entries.values():
            line = self.parsed[entry.id].line
            report = self._reporter(self.parsed[entry.id].file)
            for related in entry.related:
                target = self.entries.get(related)
                if target is None:
                    hint = suggestion(related, self.entries) or "; remove it or write that entry"
                    report(line, f"'related' names the unknown entry {related!r}{hint}", "error")
                elif target is entry:
                    report(line, "'related' names the entry itself; remove it", "error")
                elif target.kind != "answer":
                    report(line, f"'related' names {related!r}, which is {target.kind}; name an answer entry", "error")

    def _check_phrasings(self) -> None:
        owners: dict[str, str] = {}
        for entry in self.entries.values():
            parsed = self.parsed[entry.id]
            for phrasing in entry.phrasings:
                owner = owners.setdefault(normalise(phrasing) or phrasing, entry.id)
                if owner != entry.id:
                    message = f"the phrasing {phrasing!r} also stands in {owner!r}; keep it where it is answered best"
                    self._reporter(parsed.file)(parsed.line, message, "warning")

    def _check_sources(self) -> None:
        cited = {source.id for entry in self.entries.values() for answer in entry.answers for source in answer.sources}
        for source_id, line in self.source_lines.items():
            if source_id not in cited:
                message = f"the source {source_id!r} is never cited; cite or remove it"
                self._reporter(SOURCES)(line, message, "warning")

    def _one_line(self, name: str) -> str:
        """The text of a file, on one line."""
        return " ".join(strip_control(decode(self._load(name), self._reporter(name)) or "").split())

    def _disclaimer(self, present: bool) -> str:
        if not present:
            return DEFAULT_DISCLAIMER
        text = self._one_line(DISCLAIMER)
        if not text:
            message = "the disclaimer is empty; every reply carries it: write it, or remove the file"
            self._reporter(DISCLAIMER)(1, message, "error")
        return text or DEFAULT_DISCLAIMER

    def _trials(self, present: bool) -> tuple[LabelledQuestion, ...]:
        if not present:
            return ()
        report = self._reporter(TRIALS)
        return tuple(read_labelled_questions(decode(self._load(TRIALS), report) or "", self.entries, report))

    def _read_sources(self, present: bool) -> None:
        if not present:
            return
        report = self._reporter(SOURCES)
        text = decode(self._load(SOURCES), report)
        try:
            root = load(text) if text else None
        except YamlError as problem:
            report(problem.line, str(problem), "error")
            return
        listed = root.items.get("sources") if isinstance(root, YamlMapping) else None
        if not isinstance(listed, Sequence):
            report(1, "no list of sources; begin the file with `sources:` and a list below it", "error")
            return
        for node in listed.items:
            if isinstance(node, YamlMapping):
                self._add_source(node, report)
            else:
                report(node.line, "a source must have fields: `- id: …` and those below it", "error")

    def _add_source(self, node: YamlMapping, report: Report) -> None:
        fields: dict[str, str] = {}
        for name, value in node.items.items():
            if name in _SOURCE_FIELDS and isinstance(value, Scalar):
                fields[name] = value.value
            elif name not in _SOURCE_NOTES:
                report(value.line, f"{name!r} is not a field of a source{suggestion(name, _SOURCE_FIELDS)}", "error")
        verified = fields.pop("verified", "") == "true"
        if missing := [name for name in ("id", "title") if not fields.get(name)]:
            report(node.line, f"a source without {' and '.join(missing)}; add it", "error")
            return
        if fields["id"] in self.sources:
            report(node.line, f"the source {fields['id']!r} stands twice; remove one", "error")
        self.sources[fields["id"]] = Source(**fields, verified=verified)
        self.source_lines[fields["id"]] = node.line
