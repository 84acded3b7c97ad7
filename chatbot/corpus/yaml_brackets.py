"""What may be done to a line of YAML whose list or fields stand in brackets, and not as they should."""

import re
from collections.abc import Collection

_OPENED = {"]": "[", "}": "{"}
_CLOSED = {"[": "]", "{": "}"}
_IN_BRACKETS = re.compile(r"\s*(?:- +)*(?:([\w.-]+):[ \t]+[\[{]|\{[\w.-]+: )")
_PIECES = re.compile(r"([\[\]{}]|(?<=, )[\w.-]+: )")
_NEXT_FIELD = re.compile(r"(?<=[^\s,{\[]) +(?=[\w.-]+: )")


def in_brackets(line: str, prose: Collection[str]) -> bool:
    """Whether what the line says begins with a bracket, and is no sentence: of a field that `prose` does not name."""
    opened = _IN_BRACKETS.match(line)
    return opened is not None and opened[1] not in prose


def balanced(line: str) -> str:
    """The line with the brackets closed that are not, and without those that were not opened."""
    written, opened = "", ""
    for piece in _PIECES.split(line):
        if _ended(piece, opened) and written.endswith(", "):
            written, opened = f"{written[:-2]}{_CLOSED[opened[-1]]}, ", opened[:-1]
        if piece in _CLOSED:
            opened += piece
        elif piece in _OPENED:
            within, found, inside = opened.rpartition(_OPENED[piece])
            if not found:
                continue
            written, opened = written + _closing(inside), within
        written += piece
    return written.rstrip() + _closing(opened) if opened else written


def _ended(piece: str, opened: str) -> bool:
    """Whether what was opened last should have ended before a piece of a line: within braces are fields, each with a
    name; a list within them ends before the name of the next."""
    return opened.endswith("{") if piece == "{" else opened.endswith("{[") and piece.endswith(": ")


def separated(line: str) -> str:
    """The line with a comma before each name of a field that has none."""
    start = min(line.index(sign) for sign in _CLOSED if sign in line)
    return line[:start] + _NEXT_FIELD.sub(", ", line[start:])


def _closing(opened: str) -> str:
    return "".join(_CLOSED[sign] for sign in reversed(opened))
