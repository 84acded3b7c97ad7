"""Has every number that an answer cites a line in `claims.jsonl` that says what its source studied?"""

import re
from collections.abc import Iterator

from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import CLAIMS
from chatbot.records import Problem
from chatbot.text.cleaning import one_line

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+[.)])\s)")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!vs\.)\s+(?=[A-Z*\"'(\d])")
_CITATION = re.compile(r"\[@[^\]]*\]")
_NUMBER = re.compile(r"\d")


def check_claims(corpus: Corpus) -> Iterator[Problem]:
    """The numbers cited that have no line, and the lines whose sentence is no longer there; nothing in a corpus that
    keeps no claims."""
    if CLAIMS not in corpus.files:
        return
    known = {(claim.entry, claim.claim) for claim in corpus.claims}
    written: set[tuple[str, str]] = set()
    for entry in corpus.entries:
        parsed = corpus.parsed[entry.id]
        for answer in parsed.answers:
            for sentence in cited_sentences(answer.text):
                written.add((entry.id, sentence))
                if (entry.id, sentence) not in known and _NUMBER.search(_CITATION.sub("", sentence)):
                    message = f"no line of {CLAIMS} has the cited number in “{sentence[:80]}”; check it and write one"
                    yield corpus.problem(parsed.file, answer.line, message, "warning")
    for claim in corpus.claims:
        if claim.claim and (claim.entry, claim.claim) not in written:
            message = f"{claim.entry!r} no longer says “{claim.claim[:80]}”; check it again, or remove the line"
            yield corpus.problem(CLAIMS, claim.line, message, "warning")


def cited_sentences(text: str) -> list[str]:
    """The sentences of an answer's Markdown that cite something, each on one line."""
    blocks = (one_line(block) for block in _BLOCK.split(text))
    return [sentence for block in blocks for sentence in _SENTENCE.split(block) if "[@" in sentence]
