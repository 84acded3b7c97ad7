"""Whether a message leans on the reply before it, by its words and by how well it stands alone."""

import re

_OPENING = re.compile(r"\s*(?:and|but|so|ok(?:ay)?|also|what about|how about|why|more|then|or)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:it|this|that|these|those|them|they|ones?|there|same|both|other side|instead)\b", re.IGNORECASE
)
_LONGEST = 8  # words; a longer message says itself what it is about
_FEW = 3
# From these scores on, a message stands alone: one that points back, and one that does not.
_POINTS_BACK_FROM, _PLAIN_FROM = 0.5, 0.2


def leans_on_context(message: str, score: float) -> bool:
    """Whether `message` needs the reply before it; `score` is what its best entry scores when it is read alone."""
    words = len(message.split())
    if words > _LONGEST or score >= _POINTS_BACK_FROM:
        return False
    points_back = _OPENING.match(message) or _POINTING.search(message) or words <= _FEW
    return bool(points_back) or score < _PLAIN_FROM
