"""Corpus -> what a matcher is made of: the texts that a query is compared with, and what is held out beside them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import Flags, StoredVectors, Vectors
from chatbot.corpus.reader import Corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.matching.matcher import MATCHER_VERSION
from chatbot.records import Entry, Kind
from chatbot.text.message import read_message
from chatbot.text.reading import plain_text
from chatbot.text.spelling import SpellingCorrector

# (name of the array, stage of the build, texts) -> their vectors
Vectorise = Callable[[str, str, Sequence[str]], Vectors]

# An entry with fewer phrasings than this also matches by the text of its answers.
_FEW_PHRASINGS = 3
# And so does one whose answer is so short, in words, that it rather names the entry than explains it.
_SHORT_ANSWER = 12


@dataclass(frozen=True)
class PointTexts:
    """The texts of `scorer.Points`, in its order, with the row of each one's entry, shape (texts,)."""

    texts: Sequence[str]
    entry_of: npt.NDArray[np.int32]
    phrasings: int


@dataclass(frozen=True)
class Texts:
    """Some texts with their unit vectors, shape (texts, dimension)."""

    texts: Sequence[str]
    vectors: Vectors


@dataclass(frozen=True)
class LabelledMessage:
    """A labelled question as it is read: the whole and then its sentences where there are several, and the rows of the
    entries that answer it (none: the bot should not answer)."""

    parts: Texts
    expected: frozenset[int]


@dataclass(frozen=True)
class TrainingSet:
    """What a matcher is fitted on: the points' texts, which entries are urgent and which say that a warning sign was seen
    to (`all_clear`), which phrasings the encoder was not tuned on (`held_out`), out-of-scope questions, and labelled
    ones; what sounds like a warning sign and is none, what may be one, with the row of each one's entry in
    `caution_entries`, shape (cautions,), and what sounds like an all-clear and is none."""

    points: PointTexts
    vectors: StoredVectors
    urgent: Flags
    held_out: Flags
    out_of_scope: Texts
    labelled: Sequence[LabelledMessage]
    look_alikes: Texts
    cautions: Texts
    caution_entries: npt.NDArray[np.int32]
    all_clear: Flags
    not_clear: Texts
    tuned: bool = False

    def unseen(self, texts: Texts) -> Flags:
        """Which of some texts of the corpus the encoder was not tuned on."""
        return np.array([not self.tuned or is_held_out(text) for text in texts.texts], dtype=bool)


# The arrays that `training_set` has vectors written to, beside those of the points.
TRAINING_ARRAYS = (
    "out-of-scope-vectors",
    "labelled-vectors",
    "look-alike-vectors",
    "caution-vectors",
    "not-clear-vectors",
)


def fingerprint(corpus: Corpus, points: PointTexts) -> str:
    """What tells whether a fit would come out as one before: a hash of all that it rests on.

    All but the spelling of labelled questions, which is corrected towards the words of the corpus: an edit of an answer
    may change how one of them reads, and is not worth another fit.
    """
    chosen = [MATCHER_VERSION, asdict(settings.COSTS), asdict(settings.FALSE_ALARMS)]
    content = hashlib.sha256(json.dumps(chosen).encode())
    content.update(settings.out_of_scope_path().read_bytes())
    labelled = [json.dumps([trial.query, trial.expected]) for trial in corpus.trials]
    kinds = [f"{entry.id} {entry.kind}" for entry in corpus.entries]
    cautions = [f"{row} {text}" for text, row in _cautions(corpus.entries)]
    look_alikes = [_look_alikes(corpus.entries, kind) for kind in ("urgent", "all-clear")]
    for texts in (points.texts, labelled, kinds, *look_alikes, cautions):
        for text in texts:
            content.update(text.encode("utf-8", "replace") + b"\0")
        content.update(b"\0")
    content.update(points.entry_of.tobytes())
    return content.hexdigest()


def training_set(
    corpus: Corpus,
    points: PointTexts,
    vectors: StoredVectors,
    corrector: SpellingCorrector,
    vectorise: Vectorise,
    *,
    tuned: bool = False,
) -> TrainingSet:
    """Everything that a matcher of `corpus` is fitted on; `vectors` are those of the points, and `tuned` says whether
    the encoder that made them was tuned on the phrasings."""

    def texts(name: str, stage: str, listed: Sequence[str]) -> Texts:
        return Texts(listed, vectorise(name, stage, listed))

    out_of_scope_array, labelled_array, look_alike_array, caution_array, not_clear_array = TRAINING_ARRAYS
    cautions = _cautions(corpus.entries)
    out_of_scope = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    return TrainingSet(
        points=points,
        vectors=vectors,
        urgent=np.array([entry.kind == "urgent" for entry in corpus.entries]),
        held_out=np.array([not tuned or is_held_out(text) for text in points.texts[: points.phrasings]]),
        out_of_scope=texts(out_of_scope_array, "out-of-scope", out_of_scope),
        labelled=_labelled(corpus, corrector, partial(vectorise, labelled_array, "phrasings")),
        look_alikes=texts(look_alike_array, "phrasings", _look_alikes(corpus.entries, "urgent")),
        cautions=texts(caution_array, "phrasings", [text for text, _ in cautions]),
        caution_entries=np.array([row for _, row in cautions], dtype=np.int32),
        all_clear=np.array([entry.kind == "all-clear" for entry in corpus.entries]),
        not_clear=texts(not_clear_array, "phrasings", _look_alikes(corpus.entries, "all-clear")),
        tuned=tuned,
    )


def _labelled(
    corpus: Corpus, corrector: SpellingCorrector, vectorise: Callable[[Sequence[str]], Vectors]
) -> list[LabelledMessage]:
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    messages = [read_message(trial.query, corrector) for trial in corpus.trials]
    parts_of = [(message.corrected, *message.sentences) for message in messages]
    texts = list(dict.fromkeys(text for parts in parts_of for text in parts))
    vectors = vectorise(texts)
    row_of = {text: row for row, text in enumerate(texts)}

    def read(parts: Sequence[str]) -> Texts:
        return Texts(parts, vectors[[row_of[part] for part in parts]])

    return [
        LabelledMessage(
            parts=read(parts),
            expected=frozenset(rows[expected] for expected in trial.expected),
        )
        for parts, trial in zip(parts_of, corpus.trials, strict=True)
    ]


def point_texts(entries: Sequence[Entry]) -> PointTexts:
    """The phrasings and the helpful answers of `entries`."""
    phrasings = [(text, row) for row, entry in enumerate(entries) for text in entry.phrasings]
    answers = [(text, row) for row, entry in enumerate(entries) for text in _helpful_answers(entry)]
    texts, owners = zip(*phrasings, *answers, strict=True)
    return PointTexts(texts, np.array(owners, dtype=np.int32), len(phrasings))


def _helpful_answers(entry: Entry) -> list[str]:
    answers = [plain_text(answer.text) for answer in entry.answers]
    few = len(entry.phrasings) < _FEW_PHRASINGS
    return [answer for answer in answers if few or len(answer.split()) <= _SHORT_ANSWER]


def _look_alikes(entries: Sequence[Entry], kind: Kind) -> list[str]:
    of_kind = [entry for entry in entries if entry.kind == kind]
    return [text for entry in of_kind for text in (*entry.look_alikes, *entry.messages.look_alikes)]


def _cautions(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    return [(text, row) for row, entry in enumerate(entries) for text in entry.messages.cautions]
