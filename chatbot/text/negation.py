"""What a message states is so, once what it denies, or tells of long ago, is taken out."""

import re

from chatbot.text.sentences import MIN_WORDS, sentences

# "no numbness", "without any weakness", "never had a fall": up to the next comma, contrast or end. Not "no feeling",
# "no control", "no pulse": there the denial is the sign.
_SIGN_ITSELF = (
    "feeling sensation control pulse power strength longer idea push movement warning use way reason sense energy"
    " memory appetite improvement better one where trying"
)
_DENIAL = re.compile(
    r"\b(?:no(?!\s+(?:but|or)\b)|nor|without(?:\s+any)?|not\s+(?:any|after|from|because\s+of)|never(?:\s+(?:had|have))?(?:\s+(?:any|an?))?"
    r"|(?:do|does|did|have|has|had)(?:n['’]?t|\s+not)\s+(?:have|had|got|get|any)(?:\s+(?:any|an?))?)\s+"
    rf"(?!(?:{'|'.join(_SIGN_ITSELF.split())})\b)"
    r"[^,.;!?]*?(?=\s+(?:but|however|though|although|just|only|yet|until|since)\b|[,.;!?]|$)",
    re.IGNORECASE,
)
# Where a clause begins.
_START = r"(?:(?<=[,.;!?])|^|(?<=\band)|(?<=\bbut))\s*"
# "bladder fine", "breathing is normal", "pee is a normal colour": a clause that says that something is well.
_WELL = re.compile(
    _START + r"(?:(?!\b(?:not|n['’]t|isn|wasn|is\s+it|am\s+i)\b)[^,.;!?]){0,40}?"
    r"\b(?:fine|normal|normally|all\s+clear|intact)\b(?:\s+(?:colou?r|now|too|as\s+usual))?"
    r"(?=\s*(?:[,.;!?]|$|and\b|but\b))",
    re.IGNORECASE,
)
# No clause is longer. Without an end, the time for "and and and …" grows with the third power of its length.
_WITHIN = r"[^,.;!?]{0,200}?"
_CLAUSE = _START + _WITHIN
_CLAUSE_REST = r"[^,.;!?]*?(?=[,.;!?]|$|\s+(?:and|but)\b)"
# "ten years ago", "as a teenager", "back in 1998": long over, but for a cancer, which may come back. "Two weeks ago"
# is not long.
_LONG_AGO = re.compile(
    _START
    + r"(?:(?!\b(?:cancer|tumou?r|melanoma|lymphoma)\b)[^,.;!?]){0,200}?"
    + r"\b(?:years\s+(?:ago|back)|decades?\s+ago|(?:back\s+)?in\s+(?:19|20)\d\d|as\s+a\s+(?:kid|child|teen\w*|student)"
    r"|aged\s+\w+|(?:was|when\s+i\s+was)\s+(?:a\s+kid|little|young|\d+)|at\s+(?:uni|school|college))\b" + _CLAUSE_REST,
    re.IGNORECASE,
)
# "the surgeon is happy with it", "X-ray clear", "physio discharged me": someone looked, and it was well.
_CLEARED = re.compile(
    _CLAUSE
    + r"\b(?:doc(?:tor)?|gp|surgeon|physio|hospital|midwife|consultant|cardiologist|nurse|a&e|er|scans?|x-?rays?"
    r"|tests?|mri)\b"
    + _WITHIN
    + r"\b(?:happy|pleased|clear(?:ed)?|heal(?:ed|ing)|fine|normal|well|ok(?:ay)?|discharged"
    r"|signed\s+(?:me|it)\s+off|no\s+break|nothing|(?:not|isn['’]?t|wasn['’]?t)\s+worried)\b" + _CLAUSE_REST,
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    _CLAUSE + r"\b(?:gone\s+now|goes\s+away\s+when|all\s+good|fully\s+recovered"
    r"|nothing\s+(?:swollen|broken|alarming|new|red|hot))\b" + _CLAUSE_REST,
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:what|how|when|why|which|any|is|are|should|could|would|can|does|do|will)\b.*\?", re.IGNORECASE)
_ASIDE_WORDS = 8
_GAPS = re.compile(r"\s*(?:[,;]\s*)+(?=[,.;!?]|$)|\s{2,}")


def without_denials(sentence: str) -> str:
    """`sentence` without what it says is not so, or is well: "tight, no numbness, bladder fine" becomes "tight"."""
    kept = sentence
    for denial in (_LONG_AGO, _CLEARED, _RESOLVED, _DENIAL, _WELL):
        kept = denial.sub("", kept)
    return _GAPS.sub(" ", kept).strip(" ,;.")


def assertions(message: str) -> list[str]:
    """What `message` states is so: the whole and its sentences, without denials, and without short questions after
    the rest ("Any idea why?"), which say nothing by themselves."""
    parts = sentences(message)
    telling = [part for part in parts if not (_ASIDE.fullmatch(part) and len(part.split()) <= _ASIDE_WORDS)]
    stated = (without_denials(part) for part in [message, *telling])
    return list(dict.fromkeys(part for part in stated if len(part.split()) >= MIN_WORDS))
