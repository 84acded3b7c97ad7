"""What a question names that the entry which would answer it never says: a number, a version, a name.

Vectors put "Python 3.12" beside "Python 3.11", so whoever asks for one and gets the other must not be told that it is
sure.
"""

import re
from collections.abc import Iterable

from chatbot.records import Entry
from chatbot.text.cleaning import words

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


def numbers_unsaid(question: str, entry: Entry) -> tuple[str, ...]:
    """The numbers in `question` that no text of `entry` has, each once and in order."""
    known = set(_NUMBER.findall(_text(entry)))
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(question) if number not in known))


def words_unsaid(asked: Iterable[str], entry: Entry) -> tuple[str, ...]:
    """Those of some words, in lower case, that no text of `entry` has, in the singular or the plural; each once."""
    known = {word.removesuffix("s") for word in words(_text(entry))}
    return tuple(dict.fromkeys(word for word in asked if word.removesuffix("s") not in known))


def _text(entry: Entry) -> str:
    return " ".join((*entry.phrasings, *(answer.text for answer in entry.answers)))
