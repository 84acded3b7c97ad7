"""A routine in a terminal: the list, and a countdown in plain lines, for pipes and terminals that do no more."""

from collections.abc import Callable, Sequence

from chatbot.practice.countdown import Countdown
from chatbot.practice.movements import Gone, Movement
from chatbot.practice.stages import Stage
from chatbot.practice.words import GONE, amount, how, summary, warnings
from chatbot.terminal.render import plain_text, uncoloured
from chatbot.text.cleaning import one_line
from chatbot.text.layout import Paint

NOTHING_KEPT = "Nothing is on your list yet: /keep in the shell puts the movement that it shows there."
_LONGEST_NAP = 1.0  # seconds


def routine_text(routine: Sequence[Movement | Gone], width: int, paint: Paint = uncoloured) -> str:
    """The list with its numbers, how much of each, and how long all of it takes."""
    lines = []
    for number, each in enumerate(routine, start=1):
        lines.append(plain_text(f"{number:3}  {one_line(each.title)}", width, paint))
        told = GONE if isinstance(each, Gone) else amount(each)
        lines.append(plain_text(f"     {told}", width, paint, "quiet"))
    return "".join((*lines, "\n", plain_text(summary(routine), width, paint)))


def warnings_text(routine: Sequence[Movement | Gone], disclaimer: str, width: int, paint: Paint = uncoloured) -> str:
    """What is said before a routine begins."""
    return "".join(plain_text(line, width, paint) for line in warnings(routine, disclaimer)) + "\n"


def clock_time(seconds: float) -> str:
    """Seconds as minutes and seconds, those begun counted: 61.2 -> 1:02."""
    whole = max(-int(-seconds // 1), 0)
    return f"{whole // 60}:{whole % 60:02}"


def stage_words(stage: Stage) -> str:
    """What a stage is, and how long."""
    return f"{stage.words} ({'about ' if stage.by_hand else ''}{clock_time(stage.seconds)})"


def count_plainly(
    countdown: Countdown,
    routine: Sequence[Movement | Gone],
    write: Callable[[str], None],
    sleep: Callable[[float], None],
    confirm: Callable[[], None],
    width: int,
) -> None:
    """Tell each stage in a line when it begins, to the end, in lines of `width` columns at most. `confirm`
    waits until someone says that it is done."""
    told: Stage | None = None
    while stage := countdown.stage:
        if stage is not told:
            if told is None or told.place != stage.place:
                write(_heading(stage.place + 1, routine[stage.place], width))
            write(f"   {stage_words(stage)}\n")
            told = stage
        if countdown.waits:
            write("   Press Enter when it is done.\n")
            confirm()
            countdown.done()
        elif not countdown.tick():
            sleep(min(max(countdown.left, 0.0), _LONGEST_NAP))
    write("\nDone.\n")


def _heading(number: int, movement: Movement | Gone, width: int) -> str:
    """What a movement is, what its first figure shows, and its steps where they tell what to count."""
    lines = [f"{number}. {one_line(movement.title)}"]
    if isinstance(movement, Movement):
        lines += [f"   {one_line(figure.alt)}" for figure in movement.figures[:1]]
        lines += [f"   {line}" for line in how(movement).splitlines() if line]
    return "\n" + "".join(plain_text(line, width) for line in lines)
