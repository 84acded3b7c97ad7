"""A choice from a list that a reply offered, as people put it: "2", "the second one please", "1 and 3", "both"."""

import re
from collections.abc import Callable, Iterable, Sequence

from chatbot.text.cleaning import words

_NUMBERS = {
    word: number
    for number, names in enumerate(
        ("one first 1st", "two second 2nd", "three third 3rd", "four fourth 4th", "five fifth 5th", "six sixth 6th"),
        start=1,
    )
    for word in names.split()
}
_NUMBER = rf"\b(?:\d\d?|{'|'.join(_NUMBERS)}|last|middle)\b"
_COUNTED = rf"({_NUMBER})(?: one| option)?"
_ONE = rf"(?:the |number |option |no\.? |#)*{_COUNTED}"
_POLITE = r"(?:\W+(?:please|pls|plz|thanks|thank you|then))*\W*"
_LEAD = r"(?:(?:yes|ok|okay|hm+|no|nah)\W+)?"
_SOME = rf"{_ONE}(?:(?:\s*,\s*| and | & | or ){_ONE})*"
_BUT = rf"(?:not {_SOME}\W+(?:but )?)?"  # what is not wanted, before what is
_CHOICE = re.compile(rf"{_LEAD}{_BUT}(?P<wanted>{_SOME})(?:\W+(?:and )?not {_SOME})?{_POLITE}", re.IGNORECASE)
_EACH = re.compile(_COUNTED, re.IGNORECASE)
_RUN = re.compile(rf"{_LEAD}(?:the )?(?P<end>first|last) (?P<count>two|three|2|3)(?: ones?)?{_POLITE}", re.IGNORECASE)
_BOTH = re.compile(rf"(?:yes\W+)?(?:both|either|1-2)(?: one)?(?: of (?:them|these|those))?{_POLITE}", re.IGNORECASE)
_ALL = re.compile(rf"(?:yes\W+)?all(?: of them| three)?{_POLITE}", re.IGNORECASE)
_YES = re.compile(rf"(?:yes|yeah|yep|yup|ja|correct|exactly|that one|this one){_POLITE}", re.IGNORECASE)
_NONE = re.compile(
    rf"(?:no\W+)?(?:no|nope|none|neither|not (?:any|one) of (?:them|these|those)|none (?:of )?(?:them|these|those))"
    rf"(?: of (?:them|these|those))?{_POLITE}",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(
    r"(?:yes|yeah|yep|yup)\b(?!\W*(?:please|pls|thanks|the|number|option|both|all|#?\d))[^?]*"
    r"|(?:it|he|she|they) (?:does|do|is|are|has|have)\W*|i (?:do|am)\W*"
    r"|i(?: have|'ve got|ve got| do have) (?:that|it|this|both|all of (?:it|that))\W*",
    re.IGNORECASE,
)
_AT_FIRST = 3  # of more offers than that, lists show these first: the middle one of an even number is among them
_LONGEST = 6  # words of what names an offer by what it is about
_NAMED = 0.5  # the share of what those words tell that the label of the offer has


def chosen_places(text: str, count: int) -> list[int]:
    """The places of the offers that a message names by number, from 0, in its order; empty when it names none, or one
    that is not among `count` offers."""
    if _ALL.fullmatch(text):
        return list(range(count))
    if _BOTH.fullmatch(text):
        return [0, 1][:count]
    if run := _RUN.fullmatch(text):
        many = min(_number_of(run["count"].lower(), count), count)
        return list(range(many) if run["end"].lower() == "first" else range(count - many, count))
    if not (choice := _CHOICE.fullmatch(text)):
        return []
    numbers = [_number_of(word.lower(), count) for word in _EACH.findall(choice["wanted"])]
    return [number - 1 for number in dict.fromkeys(numbers)] if all(1 <= n <= count for n in numbers) else []


def _number_of(word: str, count: int) -> int:
    if word == "last":
        return count
    if word == "middle":
        return (count + 1) // 2 if count % 2 else 2 if count > _AT_FIRST else 0
    return int(word) if word.isdecimal() else _NUMBERS[word]


def is_yes(text: str) -> bool:
    """Whether a message only says yes."""
    return bool(_YES.fullmatch(text))


def is_none(text: str) -> bool:
    """Whether a message wants none of what was offered."""
    return bool(_NONE.fullmatch(text))


def confirms(text: str) -> bool:
    """Whether a message confirms what was asked of its writer, whatever it adds: "it does", "yes, to my jaw"."""
    return bool(_CONFIRMS.fullmatch(text))


def named_place(text: str, labels: Sequence[str], weight: Callable[[str], float]) -> int | None:
    """The place of the one offer whose label has most of what a short message says ("the one about surgery"), from 0;
    None when none stands out. `weight` tells how much a word says."""
    asked = set(words(text))
    if not asked or len(text.split()) > _LONGEST:
        return None
    total = sum(map(weight, asked))
    shares = [sum(map(weight, asked & _forms(words(label)))) / total for label in labels]
    best = max(range(len(labels)), key=shares.__getitem__)
    alone = sum(share >= shares[best] for share in shares) == 1
    return best if alone and shares[best] >= _NAMED else None


def _forms(said: Iterable[str]) -> set[str]:
    """Words in the singular and the plural."""
    return {form for word in said for form in (word, word.removesuffix("s"), f"{word}s")}
