"""Corpus -> what a matcher is made of: the texts that a query is compared with, and what is held out beside them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE, Flags, StoredVectors, Vectors
from chatbot.corpus.reader import Corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.matching.matcher import MATCHER_VERSION
from chatbot.records import Entry
from chatbot.text.message import read_message
from chatbot.text.reading import plain_text
from chatbot.text.sentences import sentences
from chatbot.text.spelling import SpellingCorrector

# (name of the array, stage of the build, texts) -> their vectors
Vectorise = Callable[[str, str, Sequence[str]], Vectors]

# An entry with fewer phrasings than this also matches by the text of its answers.
_FEW_PHRASINGS = 3
# And so does one whose answer is so short, in words, that it rather names the entry than explains it.
_SHORT_ANSWER = 12
# So many sentences tell how ordinary ones look.
_MOST_FRAGMENTS = 2000


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
    """A labelled question as it is read: the whole and then its sentences where there are several, what it asserts, and
    the rows of the entries that answer it (none: the bot should not answer)."""

    parts: Texts
    assertions: Texts
    expected: frozenset[int]


@dataclass(frozen=True)
class TrainingSet:
    """What a matcher is fitted on: the points' texts, which entries are urgent, which phrasings the encoder was not
    tuned on (`held_out`), sentences out of longer harmless phrasings, out-of-scope questions, and labelled ones."""

    points: PointTexts
    vectors: StoredVectors
    urgent: Flags
    held_out: Flags
    fragments: Texts
    out_of_scope: Texts
    labelled: Sequence[LabelledMessage]


# The arrays that `training_set` has vectors written to, beside those of the points.
TRAINING_ARRAYS = ("fragment-vectors", "out-of-scope-vectors", "labelled-vectors")


def fingerprint(corpus: Corpus, points: PointTexts) -> str:
    """What tells whether a fit would come out as one before: a hash of all that it rests on.

    All but the spelling of labelled questions, which is corrected towards the words of the corpus: an edit of an answer
    may change how one of them reads, and is not worth another fit.
    """
    content = hashlib.sha256(json.dumps([MATCHER_VERSION, asdict(settings.COSTS)]).encode())
    content.update(settings.out_of_scope_path().read_bytes())
    labelled = [json.dumps([trial.query, trial.expected]) for trial in corpus.trials]
    kinds = [f"{entry.id} {entry.kind}" for entry in corpus.entries]
    for texts in (points.texts, labelled, kinds):
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

    fragment_array, out_of_scope_array, labelled_array = TRAINING_ARRAYS
    out_of_scope = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    return TrainingSet(
        points=points,
        vectors=vectors,
        urgent=np.array([entry.kind == "urgent" for entry in corpus.entries]),
        held_out=np.array([not tuned or is_held_out(text) for text in points.texts[: points.phrasings]]),
        fragments=texts(fragment_array, "phrasings", fragments(corpus.entries)),
        out_of_scope=texts(out_of_scope_array, "out-of-scope", out_of_scope),
        labelled=_labelled(corpus, corrector, partial(vectorise, labelled_array, "phrasings")),
    )


def _labelled(
    corpus: Corpus, corrector: SpellingCorrector, vectorise: Callable[[Sequence[str]], Vectors]
) -> list[LabelledMessage]:
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    messages = [read_message(trial.query, corrector) for trial in corpus.trials]
    texts = list(dict.fromkeys(text for message in messages for text in message.texts))
    vectors = vectorise(texts)
    row_of = {text: row for row, text in enumerate(texts)}

    def read(parts: Sequence[str]) -> Texts:
        return Texts(parts, vectors[[row_of[part] for part in parts]])

    return [
        LabelledMessage(
            parts=read((message.corrected, *message.sentences)),
            assertions=read(message.assertions),
            expected=frozenset(rows[expected] for expected in trial.expected),
        )
        for message, trial in zip(messages, corpus.trials, strict=True)
    ]


def point_texts(entries: Sequence[Entry]) -> PointTexts:
    """The phrasings, the helpful answers and the look-alikes of `entries`."""
    phrasings = [(text, row) for row, entry in enumerate(entries) for text in entry.phrasings]
    answers = [(text, row) for row, entry in enumerate(entries) for text in _helpful_answers(entry)]
    look_alikes = [(text, NONE) for entry in entries for text in (*entry.look_alikes, *entry.messages.look_alikes)]
    texts, owners = zip(*phrasings, *answers, *look_alikes, strict=True)
    return PointTexts(texts, np.array(owners, dtype=np.int32), len(phrasings))


def _helpful_answers(entry: Entry) -> list[str]:
    answers = [plain_text(answer.text) for answer in entry.answers]
    few = len(entry.phrasings) < _FEW_PHRASINGS
    return [answer for answer in answers if few or len(answer.split()) <= _SHORT_ANSWER]


def fragments(entries: Sequence[Entry]) -> list[str]:
    """Sentences of harmless phrasings that have several, where there are warning signs to tell them from."""
    if not any(entry.kind == "urgent" for entry in entries):
        return []
    harmless = (text for entry in entries if entry.kind != "urgent" for text in entry.phrasings)
    split = (sentences(text) for text in harmless)
    every = list(dict.fromkeys(part for parts in split if len(parts) > 1 for part in parts))
    return every[:: len(every) // _MOST_FRAGMENTS + 1]
