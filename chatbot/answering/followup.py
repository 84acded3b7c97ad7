"""Whether a message leans on the reply before it, by its words and by how well it stands alone."""

import re

from chatbot.text.message import SHORT

_OPENING = re.compile(r"\s*(?:and|but|so|ok(?:ay)?|also|what about|how about|why|more|then|or)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:it|this|that|these|those|them|they|ones?|there|same|both|other side|instead)\b", re.IGNORECASE
)
_REACTION = re.compile(
    r"\W*(?:not really|(?:yes|yeah|yep|no|nope|ok(?:ay)?|sure|fine|right|oh|hm+)(?:\W+(?:please|thanks|really))?)\W*",
    re.IGNORECASE,
)
_FEW = 3
# From this confidence in its best match on, a message stands alone: one that points back, and one that does not.
_POINTS_BACK_FROM, _PLAIN_FROM = 0.8, 0.6


def is_follow_up(message: str, confidence: float, introduces_rare_word: bool) -> bool:
    """Whether `message` needs the reply before it.

    `confidence` is that in its best match when it is read alone; `introduces_rare_word` says that it uses a rare word
    which the reply before it does not: then it is about something else, unless it points back.
    """
    words = len(message.split())
    if words > SHORT or confidence >= _POINTS_BACK_FROM or _REACTION.fullmatch(message):
        return False
    if _OPENING.match(message) or _POINTING.search(message):
        return True
    return not introduces_rare_word and (words <= _FEW or confidence < _PLAIN_FROM)
