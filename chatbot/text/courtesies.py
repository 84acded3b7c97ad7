"""A question without the courtesies around it: greetings, names, thanks and pardons, which ask nothing."""

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# A clause asks nothing when all its words are of these two sets and one of them is of the first.
_GREETINGS = ("hi", "hello", "hey", "heya", "hiya", "howdy", "greetings")
_COURTEOUS = frozenset(_GREETINGS).union(
    _WORD.findall(
        "morning afternoon evening thanks thank thx ty cheers ta please "
        "pls plz sorry pardon excuse question appreciated appreciate grateful regards wishes helped helpful "
        "tyvm xx"
    )
)
_AROUND = frozenset(
    _WORD.findall(
        "a advance again all and any anybody anyone are asking best bot bother bothering can chatbot could day "
        "dear doc doctor earlier every everybody everyone folks for friend from good great guys have help "
        "helping hope i i'd i'm if im in is it just kind lot many mate me much my newbie of on one quick "
        "reading really simple small so somebody someone team that the there this time to today very warm was "
        "well would you you're your youre"
    )
)
_GREETING = rf"(?:{'|'.join(_GREETINGS)}|good\s+(?:morning|afternoon|evening|day))"
# "hi there how do I …": a greeting with no mark behind it.
_OPENING = re.compile(
    rf"{_GREETING}(?:\s+(?:there|all|again|everyone|everybody|guys|folks|team|mate|doc|doctor|(?:chat)?bot))?\b[\s,.!:;–—-]*",
    re.I,
)
# Who asks. A second name is one by its capital letter.
_WHO_ASKS = (
    r"(?:(?i:and\s+|just\s+|i['’]?m\s+|i\s+am\s+)*"
    r"(?:(?i:my\s+name(?:['’]?s|\s+is))\s+[\w'’-]+(?:\s+[A-Z][\w'’-]*)?|(?i:asking\s+(?:this\s+)?for\s+a\s+friend)))"
)
_INTRODUCTION = re.compile(rf"\W*{_WHO_ASKS}(?:\s+(?i:here))?\W*")
# "my name is Ann and how do I …", "asking for a friend how do I …": no mark behind it either.
_INTRODUCED = re.compile(
    rf"{_WHO_ASKS}(?i:\s+and\s+|\s+(?=(?:how|what|which|why|when|where|can|could|should|do|does|is|are|will|i|my)\b))"
)
# "… for tight calves please", "… thanks a lot": the rest of the message may be of courteous words only.
_CLOSING = re.compile(r"(?<=\w)[\s,]{1,2}(?=(?:please|pls|plz|thanks|thx|ty|cheers|thank\s+you)\b)", re.I)
_CLAUSE_END = re.compile(r"(?<=[.!?,;:])\s+|\s+[-–—]+\s+")
_LONGEST_CLOSING = 80  # characters
_LEAST_WORDS = 2  # of a question from which an unmarked "please" or "thanks" is taken


def without_courtesies(message: str) -> str:
    """`message`, on one line, without the courtesies at its beginning and end; as it is when nothing else is left."""
    clauses = _clauses(message)
    while clauses and _is_courtesy(message[slice(*clauses[0])]):
        clauses.pop(0)
    while clauses and _is_courtesy(message[slice(*clauses[-1])]):
        clauses.pop()
    if not clauses:
        return message
    asked = message[clauses[0][0] : clauses[-1][1]].rstrip(" ,;:")
    opened = _without(_INTRODUCED, _without(_OPENING, asked))
    closings = _CLOSING.finditer(opened, max(0, len(opened) - _LONGEST_CLOSING))
    endings = (match.start() for match in closings if _is_courtesy(opened[match.end() :]))
    closed = opened[: next(endings, len(opened))]
    return next((text for text in (closed, opened) if len(_WORD.findall(text)) >= _LEAST_WORDS), asked)


def _without(opening: re.Pattern[str], message: str) -> str:
    found = opening.match(message)
    return message[found.end() :] if found else message


def _clauses(message: str) -> list[tuple[int, int]]:
    """Where the clauses of `message` begin and end."""
    ends = [(match.start(), match.end()) for match in _CLAUSE_END.finditer(message)]
    begins = [0, *(end for _, end in ends)]
    return list(zip(begins, [*(start for start, _ in ends), len(message)], strict=True))


def _is_courtesy(clause: str) -> bool:
    if _INTRODUCTION.fullmatch(_without(_OPENING, clause)):
        return True
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(clause)]
    return not words or (
        any(word in _COURTEOUS for word in words) and all(word in _COURTEOUS or word in _AROUND for word in words)
    )
