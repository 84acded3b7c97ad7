"""The forms in which the parts of a reply are written: plain text and Markdown."""

from collections.abc import Iterable, Mapping
from typing import Literal

from chatbot.records import Figure
from chatbot.text.cleaning import one_line
from chatbot.text.layout import plain_lines
from chatbot.text.writing import escape_html, to_markdown

PICTURE = "Picture:"


class Plain:
    """A reply as plain text, each part a block. What other forms write in another way is a method."""

    def words(self, text: str) -> str:
        """Words of a line, as they are."""
        return one_line(text)

    def strong(self, text: str) -> str:
        """Words of a line that stand out."""
        return self.words(text)

    def emphasis(self, text: str) -> str:
        """Words of a line in another voice."""
        return self.words(text)

    def paragraph(self, *written: str) -> str:
        """A block of one line, of parts that are written already."""
        return " ".join(written)

    def heading(self, text: str, _level: Literal[2, 3]) -> str:
        return self.words(text)

    def quote(self, text: str) -> str:
        """A block that is not the answer's own."""
        return self.words(text)

    def numbered(self, written: Iterable[str]) -> str:
        """A list of lines that are written already, from 1."""
        return "\n".join(f"{number}. {line}" for number, line in enumerate(written, start=1))

    def figure(self, figure: Figure) -> str:
        """A picture, or what it shows in words."""
        return self.paragraph(self.emphasis(PICTURE), self.words(figure.alt))

    def answer(self, text: str, numbers: Mapping[str, int]) -> str:
        """An answer's Markdown, citations by their numbers."""
        return plain_lines(text, numbers)

    def whole(self, blocks: Iterable[str]) -> str:
        return "\n\n".join(blocks)


class Markdown(Plain):
    """A reply as Markdown without HTML; pictures lie as `<id>.svg` in `folder`, or are told in words."""

    def __init__(self, folder: str | None) -> None:
        self._folder = None if folder is None else folder.rstrip("/")

    def words(self, text: str) -> str:
        return escape_html(one_line(text))

    def strong(self, text: str) -> str:
        return f"**{self.words(text)}**"

    def emphasis(self, text: str) -> str:
        return f"*{self.words(text)}*"

    def heading(self, text: str, level: Literal[2, 3]) -> str:
        return f"{'#' * level} {self.words(text)}"

    def quote(self, text: str) -> str:
        return f"> {self.words(text)}"

    def figure(self, figure: Figure) -> str:
        if self._folder is None:
            return super().figure(figure)
        return f"![{self.words(figure.alt)}]({self._folder}/{figure.id}.svg)"

    def answer(self, text: str, numbers: Mapping[str, int]) -> str:
        return to_markdown(text, numbers)

    def whole(self, blocks: Iterable[str]) -> str:
        return f"{super().whole(blocks)}\n"
