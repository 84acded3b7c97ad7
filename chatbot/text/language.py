"""In which language a text is written, where it plainly is not English: to tell whoever wrote it what is read here.

By its script, or by its words: the small ones that every sentence needs, and those for complaints and parts of the
body that English does not have, listed for each language in `settings.languages_path`. A name or a foreign word in an
English text decides nothing.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chatbot import settings

_ENGLISH = "en"
# Different function words that tell a language: where most other words are unknown to English, and where they are not.
_FEW_BESIDE_UNKNOWN, _FEW = 2, 3
_TIMES_ENGLISH = 2
_COMPLAINT = 2  # function words that a word for a complaint counts for
# An elided word keeps its apostrophe: "l'étirement" are "l'" and "étirement", "don't" are "don'" and "t".
_WORD = re.compile(r"[^\W\d_]+'?")
_ABBREVIATION = re.compile(r"\b[^\W\d_]/[^\W\d_]?\b")  # "w/o" is no word of two letters


@dataclass(frozen=True, slots=True)
class _Language:
    """What tells a language: its function words and those for complaints, or its scripts and letters of which one must
    be there, if any are named. `reads_english` says in it that questions are read in English."""

    reads_english: str = ""
    words: frozenset[str] = frozenset()
    complaints: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()


def foreign_language(text: str, is_english: Callable[[str], bool]) -> str | None:
    """The language of `text` (a code of ISO 639-1) when it plainly is another than English, else None.

    That is the language in whose script most of its letters are, else the one that most of its function words belong
    to: two different ones or more, more than are English, and most of its other words are unknown to `is_english`.
    Where no word is English alone, one for a complaint counts for two, and three in all are enough.
    """
    return _by_script(text) or _by_words(_words(text), is_english)


def reads_english(language: str) -> str:
    """The line that says, in a language that `foreign_language` gives, that questions are read in English."""
    return _languages()[language].reads_english


def is_told_apart(language: str) -> bool:
    """Whether `language` is a code that `foreign_language` gives, so that `reads_english` knows it."""
    return language in _languages() and language != _ENGLISH


def _by_script(text: str) -> str | None:
    letters = [letter for letter in text if letter.isalpha()]
    if text.isascii():
        return None
    scripts = Counter(map(_script, letters))
    for code, language in _languages().items():
        written = sum(scripts[script] for script in language.scripts)
        if written > len(letters) / 2 and (not language.letters or not language.letters.isdisjoint(letters)):
            return code
    return None


def _script(letter: str) -> str:
    """The script of a letter, as the first word of its name in Unicode says: LATIN, CYRILLIC, CJK."""
    return re.split("[ -]", unicodedata.name(letter, ""))[0]


def _by_words(words: set[str], is_english: Callable[[str], bool]) -> str | None:
    english = words & _languages()[_ENGLISH].words
    small = {code: (words - english) & language.words for code, language in _languages().items()}
    complaints = {
        code: words & language.complaints for code, language in _languages().items() if english <= language.words
    }
    counts = {code: len(small[code]) + _COMPLAINT * len(complaints.get(code, ())) for code in small}
    best = max(counts, key=lambda code: counts[code])
    others = words - english - small[best]
    unknown = sum(not is_english(word.rstrip("'")) for word in others)
    enough = _FEW if complaints.get(best) or unknown <= len(others) / 2 else _FEW_BESIDE_UNKNOWN
    return best if counts[best] >= max(enough, _TIMES_ENGLISH * len(english)) else None


def _words(text: str) -> set[str]:
    """The different words of a text, in small letters and without accents, which many leave out."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return set(_WORD.findall(_ABBREVIATION.sub(" ", bare)))


@cache
def _languages() -> dict[str, _Language]:
    listed = json.loads(settings.languages_path().read_text(encoding="utf-8"))
    return {
        code: _Language(
            fields.get("reads_english", ""),
            frozenset(_words(fields.get("words", ""))),
            frozenset(_words(fields.get("complaints", ""))),
            frozenset(fields.get("scripts", "").split()),
            frozenset(fields.get("letters", "")),
        )
        for code, fields in listed.items()
    }
