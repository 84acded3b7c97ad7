"""What a routine is told with, wherever it is shown."""

from collections.abc import Iterator, Sequence

from chatbot.practice.movements import Gone, Movement
from chatbot.practice.stages import seconds_of
from chatbot.text.cleaning import one_line
from chatbot.text.layout import plain_lines
from chatbot.text.reading import plain_text

NOT_FOR_YOU = "Not for you if"
GONE = "This is no longer in the corpus; take it off the list."
BY_HAND = "Counted by hand: the answer has no single count"


def amount(movement: Movement) -> str:
    """How much of a movement, or that nobody says."""
    said = ", ".join(movement.dose.written) if movement.dose else BY_HAND
    return f"{said[:1].upper()}{said[1:]}."


def how(movement: Movement) -> str:
    """How a movement is done, a paragraph or a step a line, where nothing else tells what to count; else empty."""
    return plain_lines(movement.steps.text, {}) if movement.dose is None else ""


def about_minutes(seconds: int) -> str:
    """A length of time as people say it, in whole minutes, rounded up."""
    minutes = max(-(-seconds // 60), 1)
    return f"about {minutes} minute{'' if minutes == 1 else 's'}"


def summary(routine: Sequence[Movement | Gone]) -> str:
    """How many movements a routine has and how long it takes, but for those of which nobody says how much."""
    there = [each for each in routine if isinstance(each, Movement)]
    known = [each for each in there if each.dose]
    parts = [f"{len(there)} movement{'' if len(there) == 1 else 's'}"]
    if known:
        parts.append(about_minutes(seconds_of(known)))
    if len(there) > len(known):
        parts.append(f"{len(there) - len(known)} counted by hand")
    return f"{', '.join(parts)}."


def warnings(routine: Sequence[Movement | Gone], disclaimer: str) -> Iterator[str]:
    """What is said before a routine begins, a line each: whom a movement is not for, when to stop, the disclaimer."""
    there = [each for each in routine if isinstance(each, Movement)]
    for each in there:
        if each.avoid_if:
            yield f"{NOT_FOR_YOU} ({one_line(each.title)}): {'; '.join(map(one_line, each.avoid_if))}."
    yield from dict.fromkeys(one_line(plain_text(each.stop.text)) for each in there if each.stop)
    yield one_line(disclaimer)
