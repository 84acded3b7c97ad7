"""A message as the sentences a person wrote, and as passages that are read together."""

import re
from bisect import bisect

_END = re.compile(r"(?<=[.!?;])\s+|\s+[-–—]\s+")
_ASKING = r"(?:what|how|when|why|which|where|is|are|should|could|would|can|do|does|did|will)(?:s|'s)?\b"
_ASKS = re.compile(rf"(?:and |also |but |so |plus )*{_ASKING}", re.IGNORECASE)
# Where another question begins without a mark: "… and how long …", "…, which one …".
_ANOTHER = re.compile(rf"(?:,\s+|\s+(?=and|also|plus|but))(?:(?:and|also|plus|but|so)\s+)*(?={_ASKING})", re.IGNORECASE)
MIN_WORDS = 3
MAX_SENTENCES = 12
_PASSAGE_WORDS = 70  # what comes before and after a sentence tells what it means; more drowns it


def sentences(message: str) -> list[str]:
    """The sentences of `message` that say something by themselves, at most `MAX_SENTENCES`; one is the whole. A
    question that is joined to what comes before it is a sentence of its own."""
    parts = [part.strip() for sentence in _END.split(message) for part in _ANOTHER.split(sentence)]
    telling = [part for part in parts if len(part.split()) >= MIN_WORDS]
    return telling[:MAX_SENTENCES] if len(telling) > 1 else [message]


def split_sentences(message: str) -> list[str]:
    """All sentences of `message`, however short."""
    return [part for part in _END.split(message) if part.strip()]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks something, by its mark or its first word."""
    return sentence.endswith("?") or bool(_ASKS.match(sentence))


def questions(message: str) -> str:
    """Those sentences of a message that ask something."""
    return " ".join(sentence for sentence in sentences(message) if is_question(sentence))


def passages(message: str) -> list[str]:
    """`message`, or where it is long, all of it in overlapping passages of whole sentences, as far as these fit."""
    words = message.split()
    if len(words) <= _PASSAGE_WORDS:
        return [message]
    ends = _sentence_ends(message)
    found, start = [], 0
    while start < len(words):
        fitting = ends[bisect(ends, start) : bisect(ends, start + _PASSAGE_WORDS)]
        end = fitting[-1] if fitting else min(start + _PASSAGE_WORDS, len(words))
        found.append(" ".join(words[start:end]))
        # The last sentence of a passage is the first of the next one, where it is not the whole passage.
        start = fitting[-2] if len(fitting) > 1 and end < len(words) else end
    return found


def _sentence_ends(message: str) -> list[int]:
    """After how many words each sentence of `message` ends."""
    ends, seen, start = [], 0, 0
    for end in [*(each.end() for each in _END.finditer(message)), len(message)]:
        seen += len(message[start:end].split())
        start = end
        ends.append(seen)
    return ends
