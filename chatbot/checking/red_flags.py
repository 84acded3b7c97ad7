"""Red flags: no answer is milder about a warning sign than the corpus's table, and each caution is short and timed.

The table, `red-flags.yaml`, says how answers name a sign and which words of time must stand with it. Whoever reads an
answer to its stop line must know whether to call someone now, today or this week.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatbot.checking.readability import grade, sentences_of, split_sentences
from chatbot.checking.style import EASY_GRADE
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import RED_FLAGS, SOURCES
from chatbot.corpus.red_flags import RedFlag
from chatbot.records import Care, Entry, Problem
from chatbot.text.reading import read_answer

MOST_SENTENCES = 2  # of a caution
_SHOWN_WORDS = 3
# What a caution says: when it is this sign, whom to turn to then, and how soon, which depends on how urgent it is.
_IF = re.compile(r"\b(?:if|when|with|after)\b", re.IGNORECASE)
_WHERE_TO = re.compile(
    r"\b(?:ambulance|clinic|dentist|doctor|emergency|help|hospital|line|midwife|nurse|pharmacist|physio(?:therapist)?"
    r"|surgeon|team|someone)\b",
    re.IGNORECASE,
)
_LATER = re.compile(r"\b(?:tomorrow|weeks?|months?|later|soon|whenever)\b", re.IGNORECASE)
_SOON: Mapping[Care, str] = {"emergency": "now", "same-day": "now or today", "routine": "now, today or this week"}


def check_red_flags(corpus: Corpus) -> Iterator[Problem]:
    """Rows with a time later than their care, answers that name a sign of the table without its time, and urgent
    entries that the table lacks; in corpora with sources also urgent entries whose caution is missing, long, hard to
    read, or does not say when it is this sign, whom to turn to then and how soon."""
    flags = [_Flag(flag, _any_of(flag.says), _any_of(flag.time)) for flag in corpus.red_flags]
    signs = {flag.sign for flag in corpus.red_flags}
    yield from _late_times(corpus)
    for entry in corpus.entries:
        if entry.kind == "answer":
            yield from _untimed(corpus, entry, flags)
        elif entry.kind == "urgent":
            if signs and entry.id not in signs:
                message = f"no row for the urgent entry {entry.id!r}; add one that says how answers name its sign"
                yield corpus.problem(RED_FLAGS, 1, message, "warning")
            if SOURCES in corpus.files:
                line = corpus.parsed[entry.id].field_line("caution")
                for message in _caution_problems(entry):
                    yield corpus.problem(corpus.parsed[entry.id].file, line, message, "warning")


def _late_times(corpus: Corpus) -> Iterator[Problem]:
    """Rows whose words of time are later than their care allows."""
    for row in corpus.red_flags:
        late = [words for words in row.time if _LATER.search(words)]
        if late and row.care != "routine":
            message = f"'time' of {row.sign!r} has {late[0]!r}, but its care is {row.care}; leave out what is later"
            yield corpus.problem(RED_FLAGS, row.line, message, "warning")


@dataclass(frozen=True, slots=True)
class _Flag:
    row: RedFlag
    says: re.Pattern[str]
    time: re.Pattern[str]


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds the phrases as whole words; of two that begin at one place, the longer."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _untimed(corpus: Corpus, entry: Entry, flags: Iterable[_Flag]) -> Iterator[Problem]:
    parsed = corpus.parsed[entry.id]
    for answer in parsed.answers:
        for block in read_answer(answer.text).blocks:
            for named, row in _named_without_time(block, flags):
                message = (
                    f"the answer of {answer.viewpoint!r} names {named!r} ({row.sign}) without its time; write one of"
                    f" {_shown(row.time)} in that sentence or the next: its care is {row.care}"
                )
                yield corpus.problem(parsed.file, answer.line, message, "warning")


def _named_without_time(block: str, flags: Iterable[_Flag]) -> Iterator[tuple[str, RedFlag]]:
    """The red flags that a paragraph or an item names where neither the sentence nor the next one says how soon."""
    here = [flag for flag in flags if flag.says.search(block)]
    sentences = list(sentences_of(block)) if here else []
    for place, sentence in enumerate(sentences):
        nearby = " ".join(sentences[place : place + 2])
        for flag in here:
            if (named := flag.says.search(sentence)) and not flag.time.search(nearby):
                yield named[0], flag.row


def _shown(words: tuple[str, ...]) -> str:
    return ", ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")


def _caution_problems(entry: Entry) -> Iterator[str]:
    """What is wrong with an urgent entry's caution, which stands before the answer to someone who may have its sign."""
    caution = entry.caution
    if not caution:
        yield "no 'caution'; write in one or two sentences what makes it this sign, and what to do then and how soon"
        return
    if (number := len(split_sentences(caution))) > MOST_SENTENCES:
        yield f"'caution' has {number} sentences; write {MOST_SENTENCES} at most"
    if (found := grade(caution)) > EASY_GRADE:
        yield f"'caution' reads at grade {found:.1f}; shorten sentences and words, to {EASY_GRADE:g} or below"
    if not _IF.search(caution):
        yield "'caution' does not say what makes it this sign; write it after 'if', 'when', 'with' or 'after'"
    if not _WHERE_TO.search(caution):
        yield "'caution' does not say whom to turn to, as an ambulance, a doctor or help; write it"
    soon = _SOON[entry.care] if entry.care else ""
    if soon and not _any_of(re.split(", | or ", soon)).search(caution):
        yield f"'caution' does not say how soon; write {soon}"
