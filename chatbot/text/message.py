"""A question as it was typed -> what is matched and what is screened for warning signs."""

from dataclasses import dataclass

from chatbot import settings
from chatbot.errors import QuestionError
from chatbot.text.cleaning import one_line, without_joiners
from chatbot.text.negation import assertions
from chatbot.text.sentences import sentences
from chatbot.text.spelling import SpellingCorrector


@dataclass(frozen=True, slots=True)
class Message:
    """What was asked: as typed, with its spelling corrected, its sentences where it has several, and what it states
    once denials are out."""

    raw: str
    corrected: str
    sentences: tuple[str, ...]
    assertions: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that needs a vector."""
        return (self.corrected, *self.sentences, *self.assertions)


def read_message(question: str, corrector: SpellingCorrector) -> Message:
    """Read a question. Raises `QuestionError` when nothing is left of it or it is too long."""
    raw = clean_question(question)
    corrected = corrector.correct(raw)
    parts = tuple(part for part in sentences(corrected) if part != corrected)
    return Message(raw, corrected, parts, tuple(assertions(corrected)))


def clean_question(text: str) -> str:
    """`text` as a question on one line. Raises `QuestionError` when nothing is left of it or it is too long."""
    limit = settings.MAX_QUESTION_CHARACTERS
    if len(text) > limit:
        raise QuestionError(f"the question has {len(text):,} characters; {limit:,} is the most: ask it shorter")
    question = without_joiners(one_line(text))
    if not question:
        raise QuestionError("the question is empty; type a few words")
    return question
