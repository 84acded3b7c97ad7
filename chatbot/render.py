"""Reply -> text for a terminal of some width, with or without colour. Meaning never hangs on colour alone."""

from collections.abc import Iterator, Mapping, Sequence

from wcwidth import width as cells

from chatbot.markdown import Paint, terminal_lines, wrap
from chatbot.records import Answer, RelatedQuestion
from chatbot.reply import NO_STRETCH, Reply, source_line
from chatbot.text import number_citations, strip_control

MAX_WIDTH = 88
MIN_WIDTH = 24
SHORT_DISCLAIMER = "Not medical advice: consult your healthcare provider about your own needs."

# Bold, dim and the eight basic colours, which every theme keeps readable on its own background.
_STYLES: Mapping[str, str] = {
    "question": "1",
    "viewpoint": "36",
    "strong": "1",
    "emphasis": "3",
    "urgent": "1;31",
    "number": "36",
    "quiet": "2",
}


def coloured(role: str, text: str) -> str:
    """`text` painted for `role` with escape sequences."""
    style = _STYLES.get(role)
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text


def uncoloured(role: str, text: str) -> str:
    """`text` as it is."""
    return text


def to_text(reply: Reply, width: int, paint: Paint = uncoloured, *, all_answers: bool = True, hints: bool = False) -> str:
    """The reply as lines of at most `width` cells.

    `all_answers` shows every viewpoint and the list of sources, rather than the first viewpoint; `hints` names the
    shell's commands that show the rest.
    """
    page = _Page(min(max(width, MIN_WIDTH), MAX_WIDTH), paint)
    return "\n".join(page.reply(reply, all_answers, hints)) + "\n"


class _Page:
    def __init__(self, width: int, paint: Paint) -> None:
        self.width = width
        self.paint = paint

    def reply(self, reply: Reply, all_answers: bool, hints: bool) -> Iterator[str]:
        shown = reply.answers if all_answers else reply.answers[:1]
        if reply.lead:
            yield from self._lead(reply)
        if reply.question and reply.kind != "small-talk":
            yield from self._heading(reply)
            yield ""
        for answer in shown:
            yield from self._answer(answer, reply)
            yield ""
        if reply.kind == "urgent":
            yield from self._wrapped(NO_STRETCH)
            yield ""
        yield from self._avoid_if(shown)
        if all_answers:
            yield from self._sources(reply)
        if hints:
            yield from self._hints(reply, len(reply.answers) - len(shown))
        yield from self._offers(reply)
        short = hints or reply.kind == "small-talk"
        yield from self._wrapped(self.paint("quiet", SHORT_DISCLAIMER if short else strip_control(reply.disclaimer)))

    def _lead(self, reply: Reply) -> Iterator[str]:
        yield from self._wrapped(self.paint("urgent" if reply.kind == "urgent" else "", reply.lead))
        if reply.kind != "clarify":
            yield ""

    def _heading(self, reply: Reply) -> Iterator[str]:
        notes = [] if reply.kind == "urgent" else [reply.certainty]
        if len(reply.answers) > 1:
            notes.append(f"{len(reply.answers)} views")
        question, note = strip_control(reply.question or ""), " · ".join(notes)
        space = self.width - cells(question) - cells(note)
        if space >= 2:
            yield self.paint("question", question) + " " * space + self.paint("quiet", note) if note else self.paint(
                "question", question
            )
        else:
            yield from self._wrapped(self.paint("question", question))
            if note:
                yield self.paint("quiet", note)
        if reply.about:
            yield from self._wrapped(self.paint("quiet", f"(about: {strip_control(reply.about)})"))

    def _answer(self, answer: Answer, reply: Reply) -> Iterator[str]:
        yield from self._wrapped(self.paint("viewpoint", strip_control(answer.viewpoint)), "  ")
        text = number_citations(strip_control(answer.text), reply.numbers)
        yield from terminal_lines(text, self.width, self.paint, "  ")

    def _avoid_if(self, answers: Sequence[Answer]) -> Iterator[str]:
        if answers and answers[0].avoid_if:
            who = strip_control(" · ".join(answers[0].avoid_if))
            yield from self._wrapped(f"{self.paint('strong', 'Not for you if:')} {who}", "  ")
            yield ""

    def _sources(self, reply: Reply) -> Iterator[str]:
        if reply.sources:
            yield "Sources"
            yield from self.sources(reply)
            yield ""

    def sources(self, reply: Reply) -> Iterator[str]:
        for number, source in enumerate(reply.sources, start=1):
            yield from wrap(strip_control(source_line(source)), self.width, f"  [{number}] ", "      ")

    def _hints(self, reply: Reply, hidden: int) -> Iterator[str]:
        hints = []
        if hidden:
            hints.append(f"{hidden} more view{'s' if hidden > 1 else ''}: /more")
        if reply.sources:
            hints.append("where this comes from: /sources")
        if reply.kind in ("answer", "urgent"):
            hints.append("why this: /why")
            yield from self._wrapped(self.paint("quiet", "     ".join(hints)), "  ")
            yield ""

    def _offers(self, reply: Reply) -> Iterator[str]:
        if reply.suggestions:
            if reply.kind == "no-answer":
                yield "Nearest, if it helps:"
            for number, offer in enumerate(reply.suggestions, start=1):
                yield from self._choice(number, offer.question)
            if reply.kind == "clarify":
                yield from self._choice(0, "none of these")
            yield ""
        if reply.related:
            yield "Continue with"
            for number, offer in enumerate(reply.related, start=1):
                yield from self._choice(number, offer.question)
                yield from self._preview(offer)
            yield ""

    def _choice(self, number: int, text: str) -> Iterator[str]:
        yield from wrap(strip_control(text), self.width, f"  {self.paint('number', str(number))}  ", "     ")

    def _preview(self, offer: RelatedQuestion) -> Iterator[str]:
        line = strip_control(f"{offer.viewpoint} · {offer.preview}")
        yield from wrap(self.paint("quiet", line), self.width, "     ", "     ")

    def _wrapped(self, text: str, indent: str = "") -> Iterator[str]:
        yield from wrap(text, self.width, indent, indent)


def sources_text(reply: Reply, width: int) -> str:
    """The list of sources that a reply's citations number, or a line that says there are none."""
    page = _Page(min(max(width, MIN_WIDTH), MAX_WIDTH), uncoloured)
    return "\n".join(page.sources(reply)) + "\n" if reply.sources else "No sources are cited here.\n"
