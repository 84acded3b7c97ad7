"""The end that text leaves by: how wide and high it is, how it is painted, and pages when a text is higher."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.terminal.render import plain_text, uncoloured
from chatbot.text.layout import Paint

_FOOT = 3  # rows that stand below a reply: an empty one, the prompt and the toolbar


@dataclass(frozen=True)
class Screen:
    """`write` takes text; `size` gives columns and rows now; `more` asks whether to go on with the next page.

    Without `more` nothing is paged.
    """

    write: Callable[[str], None]
    size: Callable[[], tuple[int, int]]
    paint: Paint = uncoloured
    more: Callable[[], bool] | None = None

    @property
    def width(self) -> int:
        """The columns there are now."""
        return self.size()[0]

    def say(self, text: str, role: str = "quiet") -> None:
        """Write the shell's own words and an empty line."""
        self.write(plain_text(text, self.width, self.paint, role) + "\n")

    def page(self, text: str) -> bool:
        """Show lines of the shell's own, wrapped, after an empty line."""
        return self.show(lambda width: "\n" + plain_text(text, width, self.paint))

    def show(self, lay_out: Callable[[int], str]) -> bool:
        """Write what `lay_out` makes for a width, and an empty line, page by page when it is higher than the screen.

        When the terminal was resized between two pages, the rest is laid out anew, from the paragraph that was under
        way. Returns whether all of it was written: someone may have had enough.
        """
        width, rows = self.size()
        text = lay_out(width)
        if self.more is None or len(text.strip("\n").split("\n")) <= rows - _FOOT:
            self.write(text + "\n")
            return True
        lines, start = text.split("\n"), 0
        while True:
            end = start + max(self.size()[1] - 2, 1)
            self.write("\n".join(lines[start:end]) + "\n")
            if end >= len(lines):
                return True
            if not self.more():
                self.write("\n")
                return False
            start = end
            if self.width != width:
                width = self.width
                anew = lay_out(width).split("\n")
                start, lines = _same_paragraph(lines, end, anew), anew


def _same_paragraph(lines: Sequence[str], place: int, anew: Sequence[str]) -> int:
    """Where the paragraph that stands at `place` in `lines` begins in the same text when it is laid out `anew`."""
    paragraph = sum(not line.strip() for line in lines[: place + 1])
    starts = [0, *(number for number, line in enumerate(anew, start=1) if not line.strip())]
    return starts[min(paragraph, len(starts) - 1)]
