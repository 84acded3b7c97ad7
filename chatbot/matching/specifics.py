"""What a question names that the entry which would answer it never says: a number, a version, a name.

Vectors put "Python 3.12" beside "Python 3.11", so whoever asks for one and gets the other must not be told that it is
sure.
"""

import re
from collections.abc import Callable, Iterable

from chatbot.records import Entry
from chatbot.text.cleaning import words

_MUCH, _MOST_NAMED = 0.3, 3
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


def numbers_unsaid(question: str, entry: Entry) -> tuple[str, ...]:
    """The numbers in `question` that no text of `entry` has, each once and in order."""
    known = set(_NUMBER.findall(_text(entry)))
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(question) if number not in known))


def words_unsaid(asked: Iterable[str], entry: Entry) -> tuple[str, ...]:
    """Those of some words, in lower case, that no text of `entry` has, in the singular or the plural; each once."""
    different = dict.fromkeys(asked)
    if not different:  # as mostly, and an entry has many words
        return ()
    known = {word.removesuffix("s") for word in words(_text(entry))}
    return tuple(word for word in different if word.removesuffix("s") not in known)


def much_unsaid(asked: Iterable[str], weight: Callable[[str], float], entry: Entry, phrasing: str) -> tuple[str, ...]:
    """The heaviest of some words that no text of `entry` has, nor the `phrasing` by which it was found, when all of
    those weigh much of the whole; else none.

    `weight` tells how rare a word is. In "opening hours Hamburg" the town is nearly half of what is asked.
    """
    weights = {word: weight(word) for word in asked}
    said = set(words(phrasing))
    unsaid = [word for word in words_unsaid(weights, entry) if word not in said]
    if sum(weights[word] for word in unsaid) < _MUCH * sum(weights.values()):
        return ()
    heaviest = sorted(unsaid, key=lambda word: -weights[word])[:_MOST_NAMED]
    return tuple(word for word in heaviest if weights[word] >= weights[heaviest[0]] / 2)


def _text(entry: Entry) -> str:
    return " ".join((*entry.phrasings, *(answer.text for answer in entry.answers)))
