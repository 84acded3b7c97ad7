"""Everything that `flexbot check` reports: all problems of a corpus, whoever finds them, and what was not looked at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from chatbot.building.build import build
from chatbot.checking.avoid_if import check_avoid_if
from chatbot.checking.claims import check_claims
from chatbot.checking.doses import check_doses
from chatbot.checking.duplicates import check_vectors
from chatbot.checking.figures import check_figures
from chatbot.checking.red_flags import check_red_flags
from chatbot.checking.style import check_texts
from chatbot.checking.torn_items import check_lists
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.encoder import Encoder
from chatbot.errors import IndexFolderError
from chatbot.index.index import Index
from chatbot.records import Problem, StageProgress


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

    @property
    def warnings(self) -> int:
        """How many are not."""
        return len(self.problems) - self.errors


def check(
    corpus_path: Path,
    index_path: Path,
    today: date,
    *,
    encoder: Encoder | None = None,
    progress: StageProgress | None = None,
) -> CheckReport:
    """Check the corpus as of `today`; its index is brought up to date for it, unless the corpus has errors of form.

    An index of another corpus stays as it is: then one is built aside, with that one's encoder. See
    `chatbot.building.build.build` for `encoder`, `progress` and the errors.
    """
    corpus = read_corpus(corpus_path)
    written = [*check_texts(corpus, today), *check_lists(corpus), *check_red_flags(corpus)]
    written += [*check_claims(corpus), *check_avoid_if(corpus), *check_figures(corpus), *check_doses(corpus)]
    problems = [*corpus.problems, *_not_following(corpus, written)]
    compared = not corpus.errors
    if compared:
        with _index_of(corpus_path, index_path, encoder, progress) as index:
            problems += check_vectors(corpus, index)
    return CheckReport(corpus, tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))), compared)


def _not_following(corpus: Corpus, problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems of entries whose form has no error: others may only follow from that."""
    places = {(problem.file, problem.line) for problem in corpus.errors}
    files = {file for file, _ in places} if corpus.root.is_dir() else set()
    yield from (each for each in problems if each.file not in files and (each.file, each.line) not in places)


@contextmanager
def _index_of(corpus: Path, folder: Path, encoder: Encoder | None, progress: StageProgress | None) -> Iterator[Index]:
    try:
        there = Index.open(folder, encoder)
    except IndexFolderError:
        there = None
    if there is None or there.built_from(corpus):
        build(corpus, folder, encoder=encoder, progress=progress)
        yield Index.open(folder, encoder)
        return
    with TemporaryDirectory() as aside:
        build(corpus, Path(aside), encoder=there.encoder, progress=progress)
        yield Index.open(Path(aside), there.encoder)
