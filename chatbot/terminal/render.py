"""Reply -> text for a terminal of some width, with or without colour. Meaning never hangs on colour alone."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wcwidth import ljust
from wcwidth import width as cells
from wcwidth import wrap as wrap_cells

from chatbot.answering.reply import NOTHING_ELSE, TAKE_CARE, Reply, source_line
from chatbot.records import Answer
from chatbot.terminal.hints import hints
from chatbot.terminal.wrapping import terminal_lines, wrap
from chatbot.text.cleaning import normalise, one_line, strip_control
from chatbot.text.layout import Paint

MAX_WIDTH = 88
MIN_WIDTH = 16
NONE_OF_THESE = "none of these"
PICTURE = "\ue001"  # of private use: the line in whose place an image is drawn
_RELATED_AT_FIRST = 3
_MANY = 15
_NUMBER_CELLS = 5
_HANGING = re.compile(r" *\S.*? {2,}(?=\S)")

# Bold, dim and those of the eight basic colours that can be read on white and on black: cyan, green and yellow cannot
# on white, nor blue on black.
_STYLES: Mapping[str, str] = {
    "question": "1",
    "viewpoint": "35",
    "strong": "1",
    "emphasis": "3",
    "urgent": "1;31",
    "caution": "1;35",
    "number": "35",
    "quiet": "2",
}


def coloured(role: str, text: str) -> str:
    """`text` painted for `role` with escape sequences."""
    style = _STYLES.get(role)
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text


def uncoloured(_role: str, text: str) -> str:
    """`text` as it is."""
    return text


def to_text(
    reply: Reply,
    width: int,
    paint: Paint = uncoloured,
    *,
    all_answers: bool = True,
    hints: bool = False,
    full_disclaimer: bool | None = None,
    drawn: bool = False,
) -> str:
    """The reply as lines of at most `width` cells.

    `all_answers` shows every viewpoint and the list of sources, rather than the first viewpoint; `hints` names the
    shell's commands that show the rest. Where the first figure is `drawn`, the line `PICTURE` stands in its place. The
    disclaimer is full, unless hints or small talk call for its short form or `full_disclaimer` decides.
    """
    if full_disclaimer is None:
        full_disclaimer = not hints and reply.kind != "small-talk"
    page = _Page(width, paint, drawn)
    return _joined((*page.reply(reply, all_answers, hints), *page.disclaimer(reply, full_disclaimer)))


def more_text(reply: Reply, width: int, paint: Paint = uncoloured) -> str:
    """What `to_text` with hints left out: the other viewpoints and the other related questions. May be empty."""
    return _joined(_Page(width, paint).rest(reply))


def sources_text(reply: Reply, width: int) -> str:
    """The list of sources that a reply's citations number, or a line that says there are none."""
    return _joined(_Page(width, uncoloured).sources(reply)) if reply.sources else "No sources are cited here.\n"


def choices_text(labels: Sequence[str], width: int, paint: Paint = uncoloured) -> str:
    """`labels` as a numbered list to choose from; many short ones in columns, numbered downwards."""
    page = _Page(width, paint)
    column = _NUMBER_CELLS + max(map(cells, labels), default=0) + 2
    columns = max(page.width // column, 1) if len(labels) >= _MANY else 1
    rows = -(-len(labels) // columns)
    if columns == 1:
        return _joined(line for number, label in enumerate(labels, start=1) for line in page.choice(number, label))
    entries = [next(page.choice(number, label)) for number, label in enumerate(labels, start=1)]
    return _joined("".join(ljust(entry, column) for entry in entries[row::rows]).rstrip() for row in range(rows))


def plain_text(text: str, width: int, paint: Paint = uncoloured, role: str = "") -> str:
    """Lines of the bot's own words, wrapped. A line's indentation is kept; what follows two spaces hangs there."""
    width = _bounded(width)
    lines: list[str] = []
    for line in strip_control(text).split("\n"):
        match = _HANGING.match(line)
        first = match[0] if match and cells(match[0]) <= width // 2 else ""
        first = first or " " * (len(line) - len(line.lstrip(" ")))
        body = paint(role, line.removeprefix(first).strip())
        lines += wrap(body, width, first, " " * cells(first)) if body else [""]
    return _joined(lines)


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _bounded(width: int) -> int:
    return min(max(width, MIN_WIDTH), MAX_WIDTH)


class _Page:
    def __init__(self, width: int, paint: Paint, drawn: bool = False) -> None:
        self.width = _bounded(width)
        self.paint = paint
        self.drawn = drawn

    def reply(self, reply: Reply, all_answers: bool, hints: bool) -> Iterator[str]:
        shown = reply.answers if all_answers else reply.answers[:1]
        if not (reply.question or hints):
            # In a shell the question stands right above.
            yield self._asked(reply)
        if not reply.question:
            yield from self._read_as(reply)
            yield from [""] if reply.read_as or not hints else []
        yield from self._caution(reply, hints)
        yield from self._lead(reply)
        if reply.question and reply.kind != "small-talk":
            yield from self._heading(reply)
            yield ""
        yield from [PICTURE, ""] if self.drawn else []
        for answer in shown:
            yield from self._answer(answer, reply)
        if not hints:
            yield from self._figures(reply)
        if reply.kind == "urgent":
            yield from self._wrapped(NOTHING_ELSE)
            yield ""
        yield from self._avoid_if(shown)
        if all_answers:
            yield from self._sources(reply)
        if hints:
            yield from self._hints(reply, len(reply.answers) - len(shown))
        yield from self._offers(reply, _RELATED_AT_FIRST if hints else len(reply.related), hints)

    def disclaimer(self, reply: Reply, full: bool) -> Iterator[str]:
        text = reply.disclaimer if full or not reply.short_disclaimer else reply.short_disclaimer
        yield from self._wrapped(self.paint("quiet", one_line(text)))

    def rest(self, reply: Reply) -> Iterator[str]:
        for answer in reply.answers[1:]:
            yield from self._answer(answer, reply)
        if reply.related[_RELATED_AT_FIRST:]:
            yield "Continue with"
            yield from self._related(reply, _RELATED_AT_FIRST, len(reply.related))

    def _caution(self, reply: Reply, hints: bool) -> Iterator[str]:
        """A card before the rest, narrower than an urgent reply's frame."""
        if reply.caution:
            text = f"{self.paint('caution', TAKE_CARE)} {one_line(reply.caution.text)}"
            more = f"more: /open {one_line(reply.caution.id)}" if hints else one_line(reply.caution.see)
            for part in (text, self.paint("quiet", more)):
                yield from wrap(part, self.width, "┃ ", "┃ ")
            yield ""

    def _lead(self, reply: Reply) -> Iterator[str]:
        if reply.kind == "urgent":
            # A frame, so that it stands out where there is no colour.
            frame = self.paint("urgent", "━" * self.width)
            yield frame
            yield from self._wrapped(self.paint("urgent", reply.lead))
            yield frame
        elif reply.lead:
            yield from self._wrapped(strip_control(reply.lead))
        if reply.lead and reply.kind != "clarify":
            yield ""

    def _heading(self, reply: Reply) -> Iterator[str]:
        # An entry that the user opened was not matched, so there is nothing to be sure of.
        notes = [reply.certainty] if reply.matches and reply.kind != "urgent" else []
        if len(reply.answers) > 1:
            notes.append(f"{len(reply.answers)} views")
        question, note = one_line(reply.question or ""), " · ".join(notes)
        space = self.width - cells(question) - cells(note)
        if note and space >= 2:
            yield self.paint("question", question) + " " * space + self.paint("quiet", note)
        else:
            yield from self._wrapped(self.paint("question", question))
            yield from self._wrapped(self.paint("quiet", note)) if note else ()
        if reply.about and reply.about != reply.question:
            yield from self._wrapped(self.paint("quiet", f"(about: {one_line(reply.about)})"))
        if normalise(reply.query) != normalise(reply.question or ""):
            yield self._asked(reply)
        yield from self._read_as(reply)
        if reply.not_said:
            unsaid = one_line(", ".join(reply.not_said))
            yield self._cut(self.paint("quiet", f"(this answer does not mention: {unsaid})"))

    def _asked(self, reply: Reply) -> str:
        return self._cut(self.paint("quiet", f"(you asked: {one_line(reply.query)})"))

    def _read_as(self, reply: Reply) -> Iterator[str]:
        if reply.read_as:
            yield self._cut(self.paint("quiet", f"(read as: {one_line(reply.read_as)})"))

    def _answer(self, answer: Answer, reply: Reply) -> Iterator[str]:
        if reply.kind != "small-talk":
            yield from self._wrapped(self.paint("viewpoint", one_line(answer.viewpoint)), "  ")
        yield from terminal_lines(answer.text, self.width, self.paint, "  ", reply.numbers)
        yield ""

    def _figures(self, reply: Reply) -> Iterator[str]:
        """What pictures show, in words."""
        for figure in reply.figures:
            yield from self._wrapped(f"{self.paint('strong', 'Picture:')} {one_line(figure.alt)}", "  ")
        if reply.figures:
            yield ""

    def _avoid_if(self, answers: Sequence[Answer]) -> Iterator[str]:
        if answers and answers[0].avoid_if:
            who = one_line(" · ".join(answers[0].avoid_if))
            yield from self._wrapped(f"{self.paint('strong', 'Not for you if:')} {who}", "  ")
            yield ""

    def _sources(self, reply: Reply) -> Iterator[str]:
        if reply.sources:
            yield "Sources"
            yield from self.sources(reply)
            yield ""

    def sources(self, reply: Reply) -> Iterator[str]:
        for number, source in enumerate(reply.sources, start=1):
            yield from wrap(one_line(source_line(source)), self.width, f"  [{number}] ", "      ")

    def _hints(self, reply: Reply, hidden: int) -> Iterator[str]:
        lines = hints(reply, hidden, self.drawn, self.width - 2)
        for line in lines:
            yield from self._wrapped(self.paint("quiet", line), "  ")
        yield from [""] if lines else []

    def _offers(self, reply: Reply, related: int, open_to_choice: bool) -> Iterator[str]:
        if reply.suggestions:
            if reply.kind == "no-answer":
                yield "Nearest, if it helps:"
            for number, offer in enumerate(reply.suggestions, start=1):
                yield from self.choice(number, offer.label)
            if reply.kind == "clarify" and open_to_choice:
                yield from self.choice(0, NONE_OF_THESE)
            yield ""
        if reply.related[:related]:
            yield "Continue with"
            yield from self._related(reply, 0, related)

    def _related(self, reply: Reply, first: int, end: int) -> Iterator[str]:
        for number, offer in enumerate(reply.related[first:end], start=first + 1):
            yield from self.choice(number, offer.label)
            yield self._cut(self.paint("quiet", one_line(f"{offer.viewpoint} · {offer.preview}")), "     ")
        yield ""

    def choice(self, number: int, text: str) -> Iterator[str]:
        yield from wrap(one_line(text), self.width, f" {self.paint('number', f'{number:2}')}  ", "     ")

    def _cut(self, text: str, indent: str = "") -> str:
        """`text` on one line, cut where it does not fit."""
        lines: list[str] = wrap_cells(text, self.width, initial_indent=indent, max_lines=1, placeholder=" …")
        return lines[0]

    def _wrapped(self, text: str, indent: str = "") -> Iterator[str]:
        yield from wrap(text, self.width, indent, indent)
