"""The manifest of an index: what it was built from, by what, and the files it consists of. The one reader and the one
writer of `manifest.json`; whatever does not fit is refused when it is read.

`manifest.json` is the JSON of `Manifest`, with the `format` before it and the `checksum` of all of it behind.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chatbot import settings
from chatbot.corpus.file_states import FileState
from chatbot.encoding.spec import ENCODER_FILES, EncoderSpec
from chatbot.errors import IndexDamaged, IndexIncompatible
from chatbot.index.decoding import Misfit, decoder
from chatbot.matching import follow_ups, matcher, screen
from chatbot.records import Thresholds

FORMAT = 6
MEND = settings.REBUILD_IN_FULL
_NO_MANIFEST = (ValueError, TypeError, KeyError, AttributeError, RecursionError)  # what is raised for other content
_FILE_NAME = re.compile(r"[a-z-]+-[0-9a-f]{16}\.[a-z]+")


def is_data_file(name: str) -> bool:
    """Whether a file of an index's folder has the name of a data file: what it is, and the first digits of its hash."""
    return _FILE_NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class StoredFile:
    """A data file by its name in the folder, as it was when it was written or kept; times in ns since the epoch."""

    file: str
    sha256: str
    size: int
    mtime: int
    ctime: int

    def __post_init__(self) -> None:
        if not is_data_file(self.file):
            raise ValueError(f"names a file outside the index ({self.file[:80]!r})")

    @classmethod
    def of(cls, path: Path, sha256: str) -> "StoredFile":
        """The record of the file at `path` as it is now."""
        state = path.stat()
        return cls(path.name, sha256, state.st_size, state.st_mtime_ns, state.st_ctime_ns)

    def unchanged(self, state: os.stat_result) -> bool:
        return (self.size, self.mtime, self.ctime) == (state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@dataclass(frozen=True)
class CorpusState:
    """Where the corpus lies, and the state of each of its files when the index was built, by its name there."""

    path: str
    files: Mapping[str, FileState]


@dataclass(frozen=True)
class Counts:
    """How many entries, phrasings and answers there are."""

    entries: int
    phrasings: int
    answers: int

    def __post_init__(self) -> None:
        if self.entries < 1:
            raise ValueError("has no entries")


@dataclass(frozen=True)
class SearchSpec:
    """How the nearest points are found: all of them compared (`flat`), at first in a projection (`projected`; both no
    probes), or by an inverted file, of which `probes` lists are read; with the `recall` measured against an exact
    search."""

    kind: str
    probes: int
    recall: float

    def __post_init__(self) -> None:
        if self.probes < 0:
            raise ValueError("reads nothing")


@dataclass(frozen=True)
class Calibration:
    """The questions `on` which a matcher was calibrated, and how many points have `changed` since then."""

    on: str
    changed: int

    def __post_init__(self) -> None:
        if self.changed < 0:
            raise ValueError("has changed less than nothing")


@dataclass(frozen=True)
class MatcherSpec:
    """A fitted matcher: which `MATCHER_VERSION` made it, what it was fitted on, its calibration, the weights of its
    logistic models by name (the intercept last), and what was reached on what was held out."""

    version: int
    fitted_on: str
    calibration: Calibration
    weights: Mapping[str, tuple[float, ...]]
    thresholds: Thresholds
    search: SearchSpec
    held_out: Mapping[str, float]

    def __post_init__(self) -> None:
        sizes = {name: len(weights) - 1 for name, weights in self.weights.items()}
        read = {**matcher.SIGNALS, **dict.fromkeys(screen.ALL_MODELS, screen.SIGNALS)}
        needed = {name: len(signals) for name, signals in read.items()}
        needed[follow_ups.FOLLOW_UPS] = len(follow_ups.SIGNALS) - 1  # no intercept
        # Another version may have had other signals. It is not asked any more, but what else is there may be kept.
        if self.version == matcher.MATCHER_VERSION and sizes != needed:
            raise ValueError("has weights of another size than its signals")


@dataclass(frozen=True)
class Manifest:
    """Everything that is known of an index without reading its data files.

    `created` is a time in UTC (ISO 8601), and `entries` has a key of each entry's content by its id. `files` are the
    data files by what they are.
    """

    created: str
    versions: Mapping[str, str]
    corpus: CorpusState
    encoder: EncoderSpec
    matcher: MatcherSpec
    counts: Counts
    topics: tuple[str, ...]
    disclaimer: str
    short_disclaimer: str | None
    subject: str
    entries: Mapping[str, str]
    files: Mapping[str, StoredFile] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.disclaimer.strip():
            raise ValueError("has no disclaimer")
        files = {name for name in ENCODER_FILES if name in self.files}
        if files != (set(ENCODER_FILES) if self.encoder.is_exported else set()):
            raise ValueError("names other files of an encoder than its encoder has")


@dataclass(frozen=True)
class ChosenModel:
    """The model that someone chose for an index: its name, and whether it was tuned on the corpus."""

    name: str
    tuned: bool


def to_json(manifest: Manifest) -> str:
    """A manifest as `from_json` reads it."""
    content = {"format": FORMAT, **asdict(manifest)}
    return json.dumps({**content, "checksum": _checksum(content)}, indent=1, ensure_ascii=True)


def from_json(data: bytes, path: object) -> Manifest:
    """The manifest that lies at `path`, whose content is `data`.

    Raises `IndexIncompatible` for another format, and `IndexDamaged` for what was changed or does not fit.
    """
    try:
        content = json.loads(data)
        if content["format"] != FORMAT:
            raise IndexIncompatible(f"{path} has format {content['format']!r}, this version reads {FORMAT}; {MEND}")
        if not _is_intact(content):
            raise IndexDamaged(f"{path} has been changed or cut; {MEND}")
        del content["format"], content["checksum"]
        manifest: Manifest = decoder(Manifest)(content)
    except Misfit as error:
        raise IndexDamaged(f"{path} is not a manifest ({error}); {MEND}") from error
    except _NO_MANIFEST as error:
        raise IndexDamaged(f"{path} is not a manifest; {MEND}") from error
    return manifest


def chosen_model(data: bytes) -> ChosenModel | None:
    """The model that a manifest names, be the manifest of another format, or None where it cannot be told.

    So these keep their places whatever the format becomes: `corpus.path`, and `model`, `max_tokens` and `tuned_on` of
    `encoder`.
    """
    try:
        content = json.loads(data)
        encoder = content["encoder"]
        if not (_is_intact(content) and encoder.get("max_tokens")):
            return None
        return ChosenModel(str(encoder["model"]), tuned=bool(encoder.get("tuned_on")))
    except _NO_MANIFEST:
        return None


def can_be_read(data: bytes) -> bool:
    """Whether a manifest, of whichever format, is as it was written."""
    try:
        return _is_intact(json.loads(data))
    except _NO_MANIFEST:
        return False


def corpus_path(data: bytes) -> Path | None:
    """The corpus that a manifest names, likewise of whichever format; whether it was changed is not looked at."""
    try:
        return Path(json.loads(data)["corpus"]["path"])
    except _NO_MANIFEST:
        return None


def _is_intact(content: dict[str, Any]) -> bool:
    """Whether the checksum in a manifest's JSON is that of the rest."""
    return bool(content["checksum"] == _checksum({name: each for name, each in content.items() if name != "checksum"}))


def _checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
