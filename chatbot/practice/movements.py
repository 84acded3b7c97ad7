"""What there is to practise: of each entry on a list its movement, as its corpus tells it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.answering.answer_parts import answer_part
from chatbot.index.index import Index
from chatbot.practice.kept import Kept
from chatbot.records import Answer, Dose, Entry, Figure, Part, Source

# How the ids of figures begin that show a place and no movement; corpus/README.md tells why.
_PLACE = "where-"


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of a routine: its entry's `id` and question (`title`), how much of it (None: the corpus does not say),
    what shows it, how it is done (Markdown, with what that cites), when to stop (likewise, or None), who should leave
    it out, how high above the floor the pelvis is at its beginning, in metres, and all that the answers cite of which
    steps and warning are parts: what shows that it helps is seldom cited within a step."""

    id: str
    title: str
    dose: Dose | None
    figures: tuple[Figure, ...]
    steps: Answer
    stop: Answer | None
    avoid_if: tuple[str, ...]
    height: float | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """What was kept and is no longer in the corpus, by the id and the question that it had."""

    id: str
    title: str


def teaches_movement(entry: Entry) -> bool:
    """Whether an entry is something to practise: it has a dose, or a figure shows a movement of it."""
    return entry.dose is not None or any(not figure.startswith(_PLACE) for figure in entry.figures)


def movements(index: Index, kept: Iterable[Kept]) -> list[Movement | Gone]:
    """What each entry of a list is now, in its order."""
    return [_movement(index, each) for each in kept]


def _movement(index: Index, kept: Kept) -> Movement | Gone:
    row = index.rows.get(kept.id)
    entry = None if row is None else index.entry(row)
    if entry is None or not teaches_movement(entry):
        return Gone(kept.id, kept.title)
    figures = tuple(index.figures[name] for name in entry.figures if not name.startswith(_PLACE))
    steps, stop = _told(entry, index.parts)
    sources = {source.id: source for answer in entry.answers for source in answer.sources}
    return Movement(
        entry.id,
        entry.question,
        entry.dose,
        figures,
        steps,
        stop,
        entry.avoid_if,
        entry.height,
        tuple(sources.values()),
    )


def _told(entry: Entry, parts: Sequence[Part]) -> tuple[Answer, Answer | None]:
    """How the movement is done, by the first answer that has steps, and when to stop, by that one or else another.
    Where no part of an answer is known for its steps, all of it tells how."""
    for answer in entry.answers:
        if steps := _part(answer, [part for part in parts if part.numbered], parts):
            others = (answer, *entry.answers)
            break
    else:
        steps, others = entry.answers[0], entry.answers
    warning = [part for part in parts if part.warns]
    return steps, next(filter(None, (_part(answer, warning, parts) for answer in others)), None)


def _part(answer: Answer, wanted: Sequence[Part], parts: Sequence[Part]) -> Answer | None:
    return next(filter(None, (answer_part(answer, part, parts) for part in wanted)), None)
