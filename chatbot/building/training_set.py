"""Corpus -> what a matcher is made of: the texts that a query is compared with, and what is held out beside them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE, Flags, Rows, StoredVectors, Vectors
from chatbot.building.exchanges import EXCHANGE_ARRAYS, Exchanges, Texts, Vectorise, exchanges, follow_ups
from chatbot.corpus.corpus import Corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.matching.matcher import MATCHER_VERSION
from chatbot.matching.points import ALL_CLEAR, ANSWER, CAUTION, LOOK_ALIKE, NOT_CLEAR, PLAIN, SIGN
from chatbot.records import Entry, Kind, LabelledQuestion
from chatbot.text.message import read_message
from chatbot.text.reading import plain_text
from chatbot.text.spelling import SpellingCorrector

# An entry with fewer phrasings than this also matches by the text of its answers.
_FEW_PHRASINGS = 3
# And so does one whose answer is so short, in words, that it rather names the entry than explains it.
_SHORT_ANSWER = 12
# Of the messages of an entry so many are points, and of those held out so many of all say how sure the bot may be.
_MESSAGES, _MOST_HELD_OUT = 96, 800
_SIGNS, _LOOK_ALIKES, _NOT_CLEAR = 96, 72, 1000
# So many messages in which people plainly tell what they have, without a warning sign, and of so many words at most.
_PLAIN, _PLAIN_WORDS = 3000, 20
_KINDS: Mapping[Kind, int] = {"answer": ANSWER, "urgent": SIGN, "small-talk": ANSWER, "all-clear": ALL_CLEAR}


@dataclass(frozen=True)
class PointTexts:
    """The texts of `points.Points`, in its order, with the row of each one's entry and what it is, both of the shape
    (texts,)."""

    texts: Sequence[str]
    entry_of: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int8]
    phrasings: int


@dataclass(frozen=True)
class LabelledMessage:
    """A labelled question as it is read: the whole and then its sentences where there are several, and the rows of the
    entries that answer it (none: the bot should not answer)."""

    parts: Texts
    expected: frozenset[int]


@dataclass(frozen=True)
class TrainingSet:
    """What a matcher is fitted on: the points' texts, which entries are urgent, the topic of each answer as a number
    (`NONE` for other entries, shape (entries,)), which points the encoder was not tuned on (`held_out`), out-of-scope
    questions, labelled ones (trial questions, and messages that are no points), and the trial messages of conversations
    (`exchanges`)."""

    points: PointTexts
    vectors: StoredVectors
    urgent: Flags
    topics: Rows
    held_out: Flags
    out_of_scope: Texts
    labelled: Sequence[LabelledMessage]
    exchanges: Exchanges


# The arrays that vectors are written to, beside those of the points: of out-of-scope questions, and of trial messages.
OUT_OF_SCOPE_ARRAY = "out-of-scope-vectors"
TRIAL_ARRAYS = ("labelled-vectors", *EXCHANGE_ARRAYS)


def fingerprint(corpus: Corpus, points: PointTexts) -> str:
    """What tells whether a fit would come out as one before: a hash of all that it rests on."""
    kinds = (f"{entry.id} {entry.kind} {entry.topic} {entry.related}" for entry in corpus.entries)
    content = _hashed([questions_fingerprint(corpus)], points.texts, kinds)
    content.update(points.entry_of.tobytes() + points.kinds.tobytes())
    return content.hexdigest()


def questions_fingerprint(corpus: Corpus) -> str:
    """What tells whether a calibration would rest on the same questions: a hash of these, and of all else but points.

    All but the spelling of labelled questions, which is corrected towards the words of the corpus: an edit of an answer
    may change how one of them reads, and is not worth another fit.
    """
    chosen = [MATCHER_VERSION, asdict(settings.COSTS), asdict(settings.FALSE_ALARMS), settings.PROMISE]
    asked = [*labelled_questions(corpus), *follow_ups(corpus)]
    named = [replace(row, avoid_if=()) for row in corpus.conditions.rows]  # what entries say is not what people say
    tables = [*asked, *named, *corpus.conditions.messages, *corpus.parts]
    return _hashed([json.dumps(chosen), *_out_of_scope(corpus)], map(repr, tables)).hexdigest()


def _hashed(*lists: Iterable[str]) -> "hashlib._Hash":
    content = hashlib.sha256()
    for texts in lists:
        for text in texts:
            content.update(text.encode("utf-8", "replace") + b"\0")
        content.update(b"\0")
    return content


def _out_of_scope(corpus: Corpus) -> list[str]:
    far = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    near = (text for entry in corpus.entries for text in entry.messages.unanswered)
    return [*far, *(text for text in near if not is_held_out(text))]


def out_of_scope_texts(corpus: Corpus, vectorise: Vectorise) -> Texts:
    """The out-of-scope questions: those of any corpus, and what sounds like the questions of this one."""
    texts = _out_of_scope(corpus)
    return Texts(texts, vectorise(OUT_OF_SCOPE_ARRAY, "out-of-scope", texts))


def training_set(
    corpus: Corpus,
    points: PointTexts,
    vectors: StoredVectors,
    out_of_scope: Texts,
    corrector: SpellingCorrector,
    vectorise: Vectorise,
    *,
    tuned: bool = False,
) -> TrainingSet:
    """Everything that a matcher of `corpus` is fitted on; `vectors` are those of the points, and `tuned` says whether
    the encoder that made them was tuned on the phrasings."""
    labelled_array, *_ = TRIAL_ARRAYS
    return TrainingSet(
        points=points,
        vectors=vectors,
        urgent=np.array([entry.kind == "urgent" for entry in corpus.entries]),
        topics=topics_of_answers(corpus.entries),
        held_out=np.array([not tuned or is_held_out(text) for text in points.texts]),
        out_of_scope=out_of_scope,
        labelled=_labelled(corpus, corrector, partial(vectorise, labelled_array, "phrasings")),
        exchanges=exchanges(corpus, corrector, vectorise),
    )


def _labelled(
    corpus: Corpus, corrector: SpellingCorrector, vectorise: Callable[[Sequence[str]], Vectors]
) -> list[LabelledMessage]:
    rows = {entry.id: row for row, entry in enumerate(corpus.entries)}
    questions = labelled_questions(corpus)
    messages = [read_message(each.query, corrector) for each in questions]
    parts_of = [(message.corrected, *message.sentences) for message in messages]
    texts = list(dict.fromkeys(text for parts in parts_of for text in parts))
    vectors = vectorise(texts)
    row_of = {text: row for row, text in enumerate(texts)}

    def read(parts: Sequence[str]) -> Texts:
        return Texts(parts, vectors[[row_of[part] for part in parts]])

    return [
        LabelledMessage(
            parts=read(parts),
            expected=frozenset(rows[expected] for expected in each.expected),
        )
        for parts, each in zip(parts_of, questions, strict=True)
    ]


def labelled_questions(corpus: Corpus) -> list[LabelledQuestion]:
    """The trial questions, and the messages beside answers that neither are points nor teach the encoder."""
    answers = [entry for entry in corpus.entries if entry.kind == "answer"]
    held_out = [
        LabelledQuestion(text, (entry.id,))
        for entry in answers
        for text in entry.messages.phrasings
        if is_held_out(text)
    ]
    unanswered = [
        LabelledQuestion(text, ()) for entry in answers for text in entry.messages.unanswered if is_held_out(text)
    ]
    alone = [each for each in corpus.trials if not each.after]
    return [*alone, *held_out[:: len(held_out) // _MOST_HELD_OUT + 1], *unanswered]


def topics_of_answers(entries: Sequence[Entry]) -> Rows:
    """The topic of each answer as a number, and `NONE` for other entries, shape (entries,)."""
    topics = {topic: number for number, topic in enumerate(dict.fromkeys(entry.topic for entry in entries))}
    return np.array([topics[entry.topic] if entry.kind == "answer" else NONE for entry in entries])


def corpus_points(corpus: Corpus) -> PointTexts:
    """The points of a corpus."""
    said = [each.text for each in corpus.conditions.messages if each.said and _is_plain(each.text)]
    return point_texts(corpus.entries, _some(said, _PLAIN))


def _is_plain(message: str) -> bool:
    """Whether a message only tells something."""
    return "?" not in message and len(message.split()) <= _PLAIN_WORDS


def point_texts(entries: Sequence[Entry], plain: Sequence[str] = ()) -> PointTexts:
    """The phrasings and the helpful answers of `entries`, and what helps to tell warning signs; `plain` are messages
    in which people tell what they have, and no warning sign."""
    phrasings = [(text, row, _KINDS[entry.kind]) for row, entry in enumerate(entries) for text in _phrasings(entry)]
    answers = [(text, row, _KINDS[entry.kind]) for row, entry in enumerate(entries) for text in _helpful_answers(entry)]
    harmless = [(text, NONE, PLAIN) for text in plain]
    texts, owners, kinds = zip(*phrasings, *answers, *_beside_signs(entries), *harmless, strict=True)
    return PointTexts(texts, np.array(owners, dtype=np.int32), np.array(kinds, dtype=np.int8), len(phrasings))


def _phrasings(entry: Entry) -> list[str]:
    """The phrasings of an entry that are points. Of the messages for an answer some are held out, and of the others so
    many are enough: with all of them other people's messages are matched no better, and each makes a search longer."""
    messages = list(entry.messages.phrasings)
    if entry.kind == "answer":
        messages = _some([text for text in messages if not is_held_out(text)], _MESSAGES)
    elif entry.kind == "urgent":
        messages = _some(messages, _SIGNS)
    return [entry.question, *entry.alternate_questions, *messages]


def _some(texts: Sequence[str], most: int) -> list[str]:
    """At most so many of some texts, from all over their list."""
    return [texts[place] for place in np.linspace(0, len(texts) - 1, min(len(texts), most)).astype(int)]


def _beside_signs(entries: Sequence[Entry]) -> Iterator[tuple[str, int, int]]:
    """What sounds like a warning sign or an all-clear and is none, and what may be a sign."""
    for row, entry in enumerate(entries):
        kind, most = (NOT_CLEAR, _NOT_CLEAR) if entry.kind == "all-clear" else (LOOK_ALIKE, _LOOK_ALIKES)
        yield from ((text, NONE, kind) for text in (*entry.look_alikes, *_some(entry.messages.look_alikes, most)))
        yield from ((text, row, CAUTION) for text in entry.messages.cautions)


def _helpful_answers(entry: Entry) -> list[str]:
    answers = [plain_text(answer.text) for answer in entry.answers]
    few = len(entry.phrasings) < _FEW_PHRASINGS
    return [answer for answer in answers if few or len(answer.split()) <= _SHORT_ANSWER]
