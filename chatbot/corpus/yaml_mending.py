"""YAML that people wrote, read as far as it can be, with each mistake by its line and what to do about it.

A parser stops where it can go no further, which is often below the mistake, and says so in its own terms. Here the
lines around that place are mended one by one, as a person would mend them; the mistake is in the line whose mending
lets the text be read furthest, and the mending is what to do about it. Then the rest is read the same way.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence

from chatbot.corpus.yaml_brackets import balanced, in_brackets, separated
from chatbot.corpus.yaml_nodes import OTHER_BULLETS, Node, YamlError, load
from chatbot.text.cleaning import spaced

Mending = tuple[Callable[[str, str], str], str]  # what may be done to a line, given the one above, and how to say so
# A text is parsed again for each mending that is tried: that many characters in all.
_PARSED_IN_ALL = 10_000_000
_END = (sys.maxsize, sys.maxsize)
_QUOTED = re.compile(r"""^(\s*(?:- +)*(?:[\w-]+:[ \t]+)?)"(.*)"\s*$""")
_ITEM = re.compile(r"^(\s*(?:- +)+)(\S.*)")
_FIELD = re.compile(r"^(\s*(?:- +)*[\w-]+:[ \t]+)(\S.*)")
_COLON = re.compile(r"^(\s*(?:- +)*[\w-]+)[ \t]*[:：][\u00a0\u3000]*(?=\S)")
_NO_COLON = re.compile(r"^([\w-]+)[ \t]+(?=\S)")
_NAME = re.compile(r"^([\w-]+)$")
_HYPHEN = re.compile(r"^(\s*-)(?=[^\s-])")
_OTHER_BULLET = re.compile(rf"^\s*[{OTHER_BULLETS}](?=\s)")
_ABOVE = re.compile(r"^(\s*)- ")
_CONTINUED = re.compile(r"^\s+(?!- )\S.*")
_SIGNS = re.compile(r":(?=\s|$)|(?<=\s)#")
_MARKER = re.compile(r"^(?:(?:---|\.\.\.)(?=\s|$)|%).*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read(text: str, prose: Collection[str] = ()) -> tuple[Node | None, list[YamlError]]:
    """The document in `text`, and what is wrong in it, by line. It is None when it is empty, or cannot be read even so.

    `prose` names the fields that hold sentences; see `load`.
    """
    lines = spaced(text).split("\n")  # YAML ends a line at some separators of lines; editors do not
    problems: list[YamlError] = []
    trials = iter(range(_PARSED_IN_ALL // (len(text) + 1)))
    while True:
        try:
            return load("\n".join(lines), prose), problems
        except YamlError as error:
            line, advice = _mend(lines, error, prose, trials)
            problems.append(YamlError(line, f"{error}; {advice or 'correct this line'}"))
            if not advice:
                return None, problems


def _mend(lines: list[str], error: YamlError, prose: Collection[str], trials: Iterator[int]) -> tuple[int, str]:
    """Mends the line that gets past `error`. Returns its number and what was done to it; else the error's, and ''."""
    for mendings in (_MENDINGS, _LAST_RESORT):
        best, furthest = (error.line, "", ""), (error.read_to, error.line)
        for place in dict.fromkeys((error.line, *error.begun)):
            written = lines[place - 1]
            tried = (*_BRACKETS, *mendings) if in_brackets(written, prose) else mendings
            for mended, advice in _mended(written, lines[place - 2] if place > 1 else "", tried):
                if furthest == _END or next(trials, None) is None:
                    break
                lines[place - 1] = mended
                reached = _reached(lines, prose)
                if reached > furthest:
                    best, furthest = (place, advice, mended), reached
            lines[place - 1] = written
        place, advice, mended = best
        if advice:
            lines[place - 1] = mended
            return place, advice
    return error.line, ""


def _reached(lines: list[str], prose: Collection[str]) -> tuple[int, int]:
    """Up to which line they can be read, and in which reading fails; `_END` when it does not."""
    try:
        load("\n".join(lines), prose)
    except YamlError as error:
        return error.read_to, error.line
    return _END


def _mended(line: str, above: str, mendings: Sequence[Mending]) -> Iterator[tuple[str, str]]:
    """What may be done to a line, and how to say so."""
    for change, advice in mendings:
        mended = change(line, above)
        if mended != line:
            yield mended, advice


def _put_in_quotes(match: re.Match[str]) -> str:
    return match[1] + "'" + match[2].rstrip().replace("'", "''") + "'"


def _without_signs(match: re.Match[str]) -> str:
    return _SIGNS.sub("", match[0])


def _bulleted(line: str, above: str) -> str:
    """An item begun with another sign than YAML's, below the item above it if there is one."""
    item = _OTHER_BULLET.match(line)
    if not item:
        return line
    beside = _ABOVE.match(above)
    return (beside[1] if beside else item[0][:-1]) + "-" + line[item.end() :]


def _indented(line: str, above: str, further: str) -> str:
    if not further and above.lstrip().startswith("- ") and not line.lstrip().startswith("- "):
        return line  # beside an item stands another, or nothing
    indentation = above[: len(above) - len(above.lstrip())]
    return indentation + further + line.lstrip() if line.strip() else line


def _closed(line: str, above: str) -> str:
    opened = "[" in line or ("[" in above and "]" not in above)
    return line + "]" if line.strip() and opened and "]" not in line else line


_BRACKETS: tuple[Mending, ...] = (
    (lambda line, _: balanced(line), "let each [ have its ], and each { its }"),
    (lambda line, _: separated(line), "put a comma before each field within the braces"),
)
# Of two that help alike, the first is taken.
_MENDINGS: tuple[Mending, ...] = (
    (lambda line, _: _CONTROL.sub("", line), "remove them"),
    (lambda line, _: _MARKER.sub("", line), "remove it"),
    (_bulleted, "begin an item of a list with '- '"),
    (lambda line, _: _QUOTED.sub(_put_in_quotes, line), "use single quotes"),
    (lambda line, _: _ITEM.sub(_put_in_quotes, line), "put it in quotes"),
    (lambda line, _: _FIELD.sub(_put_in_quotes, line), "put it in quotes"),
    (lambda line, _: _COLON.sub(r"\1: ", line), "write ': ' between the field's name and its text"),
    (lambda line, _: _HYPHEN.sub(r"\1 ", line), "write a space behind the hyphen"),
    (_closed, "close the list with ]"),
    (lambda line, _: line.replace("\t", "  "), "indent with spaces, not tabs"),
    (lambda line, above: _indented(line, above, ""), "indent it like the line above"),
    (lambda line, above: _indented(line, above, "  "), "indent it further than the line above"),
    (lambda line, _: _NAME.sub(r"\1:", line), "write a colon behind the field's name"),
    (lambda line, _: _CONTINUED.sub(_without_signs, line), "put it in quotes"),
    (lambda line, _: _NO_COLON.sub(r"\1: ", line), "write ': ' between the field's name and its text"),
)
_LAST_RESORT: tuple[Mending, ...] = ((lambda _line, _above: "", "correct or remove this line"),)
