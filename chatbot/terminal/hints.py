"""The shell's commands that go on from a reply, named below it."""

from collections.abc import Iterable, Iterator

from chatbot.answering.reply import Reply

_BETWEEN = "   "


def hints(reply: Reply, hidden: int, drawn: bool, width: int) -> list[str]:
    """Lines that name them, as many on a line of `width` as fit, never one broken in two.

    `hidden` other answers are not shown; the first picture is not named where it is `drawn`.
    """
    return _filled(_hints(reply, hidden, drawn), width)


def _hints(reply: Reply, hidden: int, drawn: bool) -> Iterator[str]:
    if hidden:
        yield f"{hidden} more view{'s' if hidden > 1 else ''}: /more"
    count = len(reply.figures)
    if drawn and count > 1:
        yield f"picture 2 of {count}: /show 2"
    elif count and not drawn:
        yield "as a picture: /show" if count == 1 else f"as {count} pictures: /show"
    if reply.sources:
        yield "where this comes from: /sources"
    if reply.kind in ("answer", "urgent"):
        yield "why this: /why"
    if reply.kind == "no-answer":
        yield "what I know: /topics"


def _filled(items: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for item in items:
        joined = f"{lines[-1]}{_BETWEEN}{item}" if lines else item
        if lines and len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(item)
    return lines
