"""A corpus in numbers: a table of its topics, and totals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from chatbot.checking.readability import count_words, grade
from chatbot.checking.style import EASY_GRADE
from chatbot.corpus.corpus import Corpus
from chatbot.records import KINDS, Entry

_HEADS = ("topic", "entries", "answers", "words", "grade", "worst", "phrasings")


def overview(corpus: Corpus) -> str:
    """The table and the totals of what stands in `corpus`: words and grade are the medians of a topic's answers."""
    topics = sorted({entry.topic for entry in corpus.entries})
    rows = [_row(topic or "(none)", [entry for entry in corpus.entries if entry.topic == topic]) for topic in topics]
    if len(topics) > 1:
        rows.append(_row("all", corpus.entries))
    table = [_HEADS, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join([*(_line(row, widths) for row in table), "", *_totals(corpus)])


def counted(errors: int, warnings: int) -> str:
    """How many errors and warnings there are, in words."""
    numbers = ((errors, "error"), (warnings, "warning"))
    return ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in numbers)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([cells[0].ljust(widths[0]), *numbers])


def _row(name: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    texts = [answer.text for entry in entries for answer in entry.answers]
    grades = [grade(text) for text in texts]
    return (
        name,
        f"{len(entries):,}",
        f"{len(texts):,}",
        f"{median(map(count_words, texts)):.0f}",
        f"{median(grades):.1f}",
        f"{max(grades):.1f}",
        f"{sum(len(entry.phrasings) for entry in entries):,}",
    )


def _totals(corpus: Corpus) -> Iterable[str]:
    kinds = Counter(entry.kind for entry in corpus.entries)
    answers = [answer for entry in corpus.entries for answer in entry.answers]
    easy = sum(grade(answer.text) <= EASY_GRADE for answer in answers)
    cited = {source.id for answer in answers for source in answer.sources}
    yield "entries by kind: " + ", ".join(f"{kinds[kind]:,} {kind}" for kind in KINDS)
    yield f"entries with two or more viewpoints: {sum(len(entry.answers) > 1 for entry in corpus.entries):,}"
    yield f"sources cited: {len(cited):,} of {len(corpus.sources):,}"
    yield f"answers at grade {EASY_GRADE:g} or below: {easy:,} of {len(answers):,} ({easy / max(1, len(answers)):.0%})"
    look_alikes = sum(len(entry.look_alikes) for entry in corpus.entries)
    yield f"urgent signs: {kinds['urgent']:,}, with {look_alikes:,} look-alikes"
    if corpus.trials:
        answered = sum(bool(trial.expected) for trial in corpus.trials)
        yield f"trial questions: {answered:,} with an answer, {len(corpus.trials) - answered:,} without"
