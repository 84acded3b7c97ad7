"""The end that text and pictures leave by: how wide and high it is, what it can draw, and pages of what is higher."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.terminal.graphics import IMAGES, Graphics
from chatbot.terminal.render import PICTURE, plain_text, uncoloured
from chatbot.text.layout import Paint

if TYPE_CHECKING:
    from chatbot.terminal.pictures import Painted

_FOOT = 3  # rows that stand below a reply: an empty one, the prompt and the toolbar


@dataclass(frozen=True)
class Screen:
    """`write` takes text; `size` gives columns and rows now; `more` asks whether to go on with the next page.

    Without `more` nothing is paged. `graphics` is how a picture is shown; `draw` takes one in colour as it is.
    """

    write: Callable[[str], None]
    size: Callable[[], tuple[int, int]]
    paint: Paint = uncoloured
    more: Callable[[], bool] | None = None
    graphics: Graphics = "nothing"
    draw: Callable[[str], None] = lambda _text: None

    @property
    def width(self) -> int:
        """The columns there are now."""
        return self.size()[0]

    def say(self, text: str, role: str = "quiet") -> None:
        """Write the shell's own words and an empty line."""
        self.write(plain_text(text, self.width, self.paint, role) + "\n")

    def page(self, text: str) -> None:
        """Show lines of the shell's own, wrapped, after an empty line."""
        self.show(lambda width: "\n" + plain_text(text, width, self.paint))

    @property
    def draws_images(self) -> bool:
        """Whether pictures are shown in pixels."""
        return self.graphics in IMAGES

    def picture(self, svg: str, rows: int) -> "Painted":
        """The picture of an SVG as this screen shows it now; an image is at most `rows` high."""
        from chatbot.terminal.pictures import painted

        return painted(svg, self.graphics, self.width, rows)

    def show(self, lay_out: Callable[[int], str], image: "Painted | None" = None) -> bool:
        """Write what `lay_out` makes for a width, and an empty line, page by page when it is higher than the screen.

        An `image` is drawn in place of the line `PICTURE`, within the first page. When the terminal was resized between
        two pages, the rest is laid out anew, from the paragraph that was under way. Returns whether all of it was
        written: someone may have had enough.
        """
        width, rows = self.size()
        head, text = _parted(lay_out(width))
        above = self._begin(head, image)
        if self.more is None or above + len(text.strip("\n").split("\n")) <= rows - _FOOT:
            self.write(text + "\n")
            return True
        lines, start = text.split("\n"), 0
        while True:
            end = start + max(self.size()[1] - 2 - above, 1)
            above = 0
            self.write("\n".join(lines[start:end]) + "\n")
            if end >= len(lines):
                return True
            if not self.more():
                self.write("\n")
                return False
            start = end
            if self.width != width:
                width = self.width
                anew = _parted(lay_out(width))[1].split("\n")
                start, lines = _same_paragraph(lines, end, anew), anew

    def _begin(self, head: str, image: "Painted | None") -> int:
        """Write what stands above the rest of a text, and an image. Returns how many rows that takes."""
        if head:
            self.write(head)
        if image:
            self.draw(image.text)
        return head.count("\n") + (image.rows if image else 0)


def _parted(text: str) -> tuple[str, str]:
    """What stands above the place of an image, and the rest."""
    head, place, rest = text.partition(f"{PICTURE}\n")
    return (head, rest) if place else ("", text)


def _same_paragraph(lines: Sequence[str], place: int, anew: Sequence[str]) -> int:
    """Where the paragraph that stands at `place` in `lines` begins in the same text when it is laid out `anew`."""
    paragraph = sum(not line.strip() for line in lines[: place + 1])
    starts = [0, *(number for number, line in enumerate(anew, start=1) if not line.strip())]
    return starts[min(paragraph, len(starts) - 1)]
