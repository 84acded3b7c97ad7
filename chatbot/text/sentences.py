"""A message as the sentences a person wrote, and what a sentence says once its denials are taken out."""

import re

_END = re.compile(r"(?<=[.!?;])\s+|\s+[-–—]\s+")
MIN_WORDS = 3
MAX_SENTENCES = 12


def sentences(message: str) -> list[str]:
    """The sentences of `message` that say something by themselves, at most `MAX_SENTENCES`; one is the whole."""
    parts = [part.strip() for part in _END.split(message)]
    telling = [part for part in parts if len(part.split()) >= MIN_WORDS]
    return telling[:MAX_SENTENCES] if len(telling) > 1 else [message]
