"""Everything that was read from a corpus."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.corpus.claims import Claim
from chatbot.corpus.conditions import NO_CONDITION, Conditions
from chatbot.corpus.drawings import Drawing
from chatbot.corpus.fields import ParsedEntry
from chatbot.corpus.file_states import FileState, folder_of
from chatbot.corpus.red_flags import RedFlag
from chatbot.errors import CorpusError
from chatbot.records import Entry, LabelledQuestion, Part, Problem, Severity, Source
from chatbot.text.cleaning import strip_control


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
    parts: tuple[Part, ...] = ()  # those that answers have; none where there is no table
    conditions: Conditions = NO_CONDITION  # what people have who ask
    claims: tuple[Claim, ...] = ()  # what is known of what the answers claim
    drawings: Mapping[str, Drawing] = field(default_factory=dict)  # of figures, by id
    adapter: str = ""  # the SHA-256 of what the default encoder learnt for it; empty: it has none
    exchanges: tuple[LabelledQuestion, ...] = ()  # what taught the encoder how people go on; no build rests on it

    @property
    def locations(self) -> dict[str, tuple[str, int]]:
        """The file and the line in which each entry begins, by id."""
        return {entry_id: (parsed.file, parsed.line) for entry_id, parsed in self.parsed.items()}

    def problem(self, file: str, line: int, message: str, severity: Severity) -> Problem:
        """A problem in one of the corpus's files."""
        return problem_in(folder_of(self.root), file, line, message, severity)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which no index is built from this corpus."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def checked(self) -> "Corpus":
        """This corpus. Raises `CorpusError` with all problems when one of them is an error."""
        if errors := self.errors:
            others = len(errors) - 1
            more = f" (and {others:,} more error{'s' if others > 1 else ''})" if others else ""
            raise CorpusError(f"{errors[0]}{more}", self.problems, str(self.root))
        return self


def problem_in(folder: Path, file: str, line: int, message: str, severity: Severity) -> Problem:
    """A problem in a file of the folder of a corpus."""
    return Problem(strip_control(str(folder / file)).replace("\n", " "), line, message, severity)
