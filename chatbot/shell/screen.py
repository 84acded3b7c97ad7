"""The end that text leaves by: how wide and high it is, how it is painted, and pages when a text is higher."""

from collections.abc import Callable
from dataclasses import dataclass

from chatbot.terminal.markdown import Paint
from chatbot.terminal.render import plain_text, uncoloured

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
        return self.show("\n" + plain_text(text, self.width, self.paint))

    def show(self, text: str) -> bool:
        """Write `text` and an empty line, page by page when it is higher than the screen.

        Returns whether all of it was written: someone may have had enough.
        """
        rows = self.size()[1]
        if self.more is None or len(text.strip("\n").split("\n")) <= rows - _FOOT:
            self.write(text + "\n")
            return True
        lines, page = text.split("\n"), max(rows - 2, 1)
        for start in range(0, len(lines), page):
            if start and not self.more():
                self.write("\n")
                return False
            self.write("\n".join(lines[start : start + page]) + "\n")
        return True
