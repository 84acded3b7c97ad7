"""A message as the sentences a person wrote, and what a sentence says once its denials are taken out."""

import re

_END = re.compile(r"(?<=[.!?;])\s+|\s+[-–—]\s+")
_MIN_WORDS = 3
MAX_SENTENCES = 12

# "no numbness", "without any weakness", "never had a fall": up to the next comma, contrast or end. Not "no feeling",
# "no control", "no pulse": there the denial is the sign.
_SIGN_ITSELF = (
    "feeling sensation control pulse power strength longer idea push movement warning use way reason sense energy"
    " memory appetite improvement better one where trying"
)
_DENIAL = re.compile(
    r"\b(?:no|nor|without(?:\s+any)?|not\s+(?:any|after|from|because\s+of)|never(?:\s+(?:had|have))?(?:\s+(?:any|an?))?"
    r"|(?:do|does|did|have|has|had)(?:n['’]?t|\s+not)\s+(?:have|had|got|get|any)(?:\s+(?:any|an?))?)\s+"
    rf"(?!(?:{'|'.join(_SIGN_ITSELF.split())})\b)"
    r"[^,.;!?]*?(?=\s+(?:but|however|though|although|just|only|yet|until|since)\b|[,.;!?]|$)",
    re.IGNORECASE,
)
# "bladder fine", "breathing is normal", "pee is a normal colour": a clause that says that something is well.
_WELL = re.compile(
    r"(?:(?<=[,.;!?])|^|(?<=\band)|(?<=\bbut))\s*(?:(?!\b(?:not|n['’]t|isn|wasn|is\s+it|am\s+i)\b)[^,.;!?]){0,40}?"
    r"\b(?:fine|normal|normally|all\s+clear|intact)\b(?:\s+(?:colou?r|now|too|as\s+usual))?"
    r"(?=\s*(?:[,.;!?]|$|and\b|but\b))",
    re.IGNORECASE,
)
_GAPS = re.compile(r"\s*(?:[,;]\s*)+(?=[,.;!?]|$)|\s{2,}")


def sentences(message: str) -> list[str]:
    """The sentences of `message` that say something by themselves, at most `MAX_SENTENCES`; one is the whole."""
    parts = [part.strip() for part in _END.split(message)]
    telling = [part for part in parts if len(part.split()) >= _MIN_WORDS]
    return telling[:MAX_SENTENCES] if len(telling) > 1 else [message]


def without_denials(sentence: str) -> str:
    """`sentence` without what it says is not so, or is well: "tight, no numbness, bladder fine" becomes "tight"."""
    kept = _WELL.sub("", _DENIAL.sub("", sentence))
    return _GAPS.sub(" ", kept).strip(" ,;")
