"""What the answers claim, and what is known of each claim: `claims.jsonl`, an object a line.

Only `chatbot.checking.claims` and people read it.
"""

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass

from chatbot.corpus.validation import Report
from chatbot.text.cleaning import one_line

VERDICTS = ("supported", "overstated", "wrong", "not-found")
_FORM = (
    '{"entry": "id", "claim": "the sentence", "sources": ["id"], "studied": "whom, what, how much",'
    ' "verdict": "supported", "change": ""}'
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an entry that cites something, as it stands there (empty: it was taken out), in the line `line`."""

    entry: str
    claim: str
    line: int


def read_claims(text: str, known: Container[str], report: Report) -> Iterator[Claim]:
    """The claims in the text of a file; `known` are the ids of the entries. What is wrong with a line is reported, and
    the line left out."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            entry, claim, verdict = record["entry"], record["claim"], record["verdict"]
            if not all(isinstance(each, str) for each in (entry, claim, verdict, record["studied"], record["change"])):
                raise TypeError(record)
        except (ValueError, TypeError, KeyError, RecursionError):
            report(number, f"not a claim; write {_FORM}", "error")
            continue
        if entry not in known:
            report(number, f"'entry' names the unknown entry {entry!r}; correct it or remove the line", "error")
        elif verdict not in VERDICTS:
            report(number, f"'verdict' is {verdict!r}; it must be one of {', '.join(VERDICTS)}", "error")
        else:
            yield Claim(entry, one_line(claim), number)
