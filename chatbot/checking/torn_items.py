"""Items of a list in brackets that a comma of the text has torn from the item before: `[a calf that is swollen, warm]`.

YAML divides a list in brackets at every comma, and nobody can tell for certain which of them were the text's. This
finds what reads as the end of the item before. Torn on purpose at their commas, 19 of 20 of the packaged corpus's
items are found; of pairs of whole items in brackets, one in five looks the same. A list with an item a line, or items
in quotes, has nothing to find.
"""

import re
from collections.abc import Iterator

from chatbot.corpus.corpus import Corpus
from chatbot.records import Problem

_ARTICLE = r"(?:an?|the|any|one|no|your)\b"
_GOES_ON = re.compile(r"(?:and|or|but|nor|unless|until)\b", re.IGNORECASE)
# Of those who should not follow an answer: a qualification, the last of a series, or an adjective by itself.
_QUALIFIES = re.compile(
    r"(?:for|if|even|especially|including|such|which|who|whose|because|although|except|with|without|as|than|so)\b",
    re.IGNORECASE,
)
_ENDS_A_SERIES = re.compile(rf"(?!{_ARTICLE})(?:[\w'’-]+ ){{1,3}}(?:and|or)\b", re.IGNORECASE)
_ADJECTIVE = re.compile(rf"{_ARTICLE} [\w-]+", re.IGNORECASE)


def check_lists(corpus: Corpus) -> Iterator[Problem]:
    """Items that read as the end of the one before, by what their entry's file has in brackets."""
    for parsed in corpus.parsed.values():
        for name, field in parsed.values.items():
            for before, item, line in field.divided:
                if _GOES_ON.match(item) or (name == "avoid_if" and _is_torn(before, item)):
                    message = (
                        f"{item!r} reads as the end of {before!r}: in brackets each comma begins an item;"
                        " write an item a line, with `- ` before it"
                    )
                    yield corpus.problem(parsed.file, line, message, "warning")


def _is_torn(before: str, item: str) -> bool:
    if _QUALIFIES.match(item) or _ENDS_A_SERIES.match(item):
        return True
    return bool(_ADJECTIVE.fullmatch(before)) and not re.match(_ARTICLE, item, re.IGNORECASE)
