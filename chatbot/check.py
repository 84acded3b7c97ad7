"""Everything that `flexbot check` reports: all problems of a corpus, whoever finds them, and what was not looked at."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chatbot.build import Progress, build
from chatbot.corpus import Corpus, read_corpus
from chatbot.encoder import Encoder
from chatbot.index import Index
from chatbot.likeness import check_vectors
from chatbot.lint import check_texts
from chatbot.records import Problem


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The problems of `corpus` by file and line. `compared` is false when its questions were not, for its errors."""

    corpus: Corpus
    problems: tuple[Problem, ...]
    compared: bool

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)


def check(
    corpus_path: Path,
    index_path: Path,
    today: date,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> CheckReport:
    """Check the corpus as of `today`; its index is brought up to date for it, unless the corpus has errors of form.

    See `chatbot.build.build` for `encoder`, `progress` and the errors.
    """
    corpus = read_corpus(corpus_path)
    problems = [*corpus.problems, *check_texts(corpus, today)]
    compared = not corpus.errors
    if compared:
        build(corpus_path, index_path, encoder=encoder, progress=progress)
        problems += check_vectors(corpus, Index.open(index_path, encoder))
    return CheckReport(corpus, tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))), compared)
