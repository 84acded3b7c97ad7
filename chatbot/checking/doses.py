"""Does each `dose` agree with the text of its entry?"""

import re
from collections.abc import Iterator

from chatbot.corpus.corpus import Corpus
from chatbot.records import Problem
from chatbot.text.cleaning import words
from chatbot.text.reading import plain_text

_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORDS = {str(number): {str(number), word} for number, word in enumerate(_NUMBERS, start=1)}
_WORDS["1"] |= {"once", "a", "each"}
_WORDS["2"] |= {"twice", "both"}
_HELD = re.compile(r"(?:hold|rest) (?:\d+ to )?(\d+) (s|min|breaths)")
_UNITS = {"s": "seconds? ", "min": "minutes? ", "breaths": "breaths? "}
_SAID: dict[str, tuple[str, ...]] = {
    "each side": ("side", "sides", "leg", "foot", "arm", "way", "legs"),
    "every day": ("daily", "every day", "once a day"),
    "most days": ("most days",),
}


def check_doses(corpus: Corpus) -> Iterator[Problem]:
    """The items of a `dose` of which no answer of their entry says so."""
    for entry in corpus.entries:
        if entry.dose is None:
            continue
        texts = [f" {' '.join(words(plain_text(answer.text)))} " for answer in entry.answers]
        told = [[item for item in entry.dose.written if not _says(text, item)] for text in texts]
        missing = min(told, key=len)
        if missing:
            parsed = corpus.parsed[entry.id]
            message = f"no answer says {missing[0]!r}; make 'dose' what the text recommends, or take it out"
            yield corpus.problem(parsed.file, parsed.field_line("dose"), message, "error")


def _in_words(number: str, unit: str) -> str:
    """The pattern of a number with its unit behind it, and a word between them at most ("5 slow breaths")."""
    return rf" (?:{'|'.join(_WORDS.get(number, {number}))}) (?:\w+ )?{_UNITS[unit]}"


def _says(text: str, item: str) -> bool:
    """Whether a text has each number of an item, in figures or words, or else words that say what it does."""
    if item in _SAID:
        return any(f" {phrase} " in text for phrase in _SAID[item])
    if (held := _HELD.fullmatch(item)) and not re.search(_in_words(held[1], held[2]), text):
        return False
    return all(any(f" {word} " in text for word in _WORDS.get(number, {number})) for number in re.findall(r"\d+", item))
