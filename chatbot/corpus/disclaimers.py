"""The disclaimer, and its short form for where the whole was shown before, read from `disclaimer.md`."""

import re
from typing import NamedTuple

from chatbot.corpus.validation import Report
from chatbot.text.cleaning import one_line


class Disclaimers(NamedTuple):
    """What every reply carries; `short` is None where it has no short form."""

    whole: str
    short: str | None


DEFAULT_DISCLAIMERS = Disclaimers(
    "The answers come from various sources and may offer differing or opposing points of view. They are not for"
    " medical advice, diagnosis or treatment. Consult your healthcare provider about your own needs.",
    "Not medical advice: consult your healthcare provider about your own needs.",
)
_RULE = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)


def read_disclaimers(text: str, report: Report) -> Disclaimers:
    """The disclaimer in the text of a file, and its short form where there is one: what stands below a line of dashes.
    What is wrong is reported."""
    whole, *short = _RULE.split(text, maxsplit=1)
    if not one_line(whole):
        report(1, "the disclaimer is empty; every reply carries it: write it, or remove the file", "error")
        return DEFAULT_DISCLAIMERS
    if short and not one_line(short[0]):
        line = whole.count("\n") + 1
        report(line, "no short form below the dashes; write it, or remove them", "error")
    return Disclaimers(one_line(whole), one_line(short[0]) or None if short else None)
