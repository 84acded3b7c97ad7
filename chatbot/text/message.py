"""A question as it was typed -> what is matched and what is screened for warning signs."""

from dataclasses import dataclass

from chatbot import settings
from chatbot.errors import QuestionError
from chatbot.text.cleaning import one_line, without_joiners
from chatbot.text.courtesies import without_courtesies
from chatbot.text.sentences import passages, sentences
from chatbot.text.spelling import SpellingCorrector

SHORT = 8  # words; a longer message says itself what it is about


@dataclass(frozen=True, slots=True)
class Message:
    """What was asked: as typed; without courtesies and with its spelling corrected; the same but for words that are
    only guessed; its sentences where it has several; and the passages that are screened for warning signs."""

    raw: str
    corrected: str
    unguessed: str
    sentences: tuple[str, ...]
    passages: tuple[str, ...]
    read_as: str | None  # the text that is matched, where its spelling was corrected
    changed_names: tuple[str, ...]  # words of it as typed that were read as names

    @property
    def texts(self) -> tuple[str, ...]:
        """What is compared with the corpus."""
        return (self.corrected, self.unguessed, *self.sentences)


def read_message(question: str, corrector: SpellingCorrector) -> Message:
    """Read a question. Raises `QuestionError` when nothing is left of it or it is too long."""
    raw = clean_question(question)
    asked = without_courtesies(raw)
    correction = corrector.correct(asked)
    corrected = correction.text
    parts = tuple(part for part in sentences(corrected) if part != corrected)
    read_as = corrected if corrected.casefold() != asked.casefold() else None
    return Message(raw, corrected, correction.sure, parts, tuple(passages(corrected)), read_as, correction.names)


def in_context(question: str, message: str) -> list[str]:
    """A short message together with the question whose answer stands before it: "it's swollen and warm" after the
    calves. None of a longer one, which says itself what it is about."""
    return [f"{question} {message}"] if len(message.split()) <= SHORT else []


def clean_question(text: str) -> str:
    """`text` as a question on one line. Raises `QuestionError` when nothing is left of it or it is too long."""
    limit = settings.MAX_QUESTION_CHARACTERS
    if len(text) > limit:
        raise QuestionError(f"the question has {len(text):,} characters; {limit:,} is the most: ask it shorter")
    question = without_joiners(one_line(text))
    if not question:
        raise QuestionError("the question is empty; type a few words")
    return question
