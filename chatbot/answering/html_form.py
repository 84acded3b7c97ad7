"""The form in which the parts of a reply are written as HTML."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Literal

from chatbot.answering.forms import Plain
from chatbot.records import Figure
from chatbot.text.cleaning import one_line
from chatbot.text.html import to_html
from chatbot.text.inline_svg import inline_svg


class Html(Plain):
    """A reply as an `article` of HTML that loads nothing; `drawing` gives the SVG of a figure by its id."""

    def __init__(self, drawing: Callable[[str], str] | None) -> None:
        self._drawing = drawing

    def words(self, text: str) -> str:
        return escape(one_line(text))

    def strong(self, text: str) -> str:
        return f"<strong>{self.words(text)}</strong>"

    def emphasis(self, text: str) -> str:
        return f"<em>{self.words(text)}</em>"

    def paragraph(self, *written: str) -> str:
        return f"<p>{' '.join(written)}</p>"

    def heading(self, text: str, level: Literal[2, 3]) -> str:
        return f"<h{level}>{self.words(text)}</h{level}>"

    def quote(self, text: str) -> str:
        return f"<footer><p>{self.words(text)}</p></footer>"

    def numbered(self, written: Iterable[str]) -> str:
        items = "\n".join(f"<li>{line}</li>" for line in written)
        return f"<ol>\n{items}\n</ol>"

    def figure(self, figure: Figure) -> str:
        if self._drawing is None:
            return super().figure(figure)
        # A page may show the same reply twice, and an id once.
        name = f"figure-{secrets.token_hex(6)}"
        picture = inline_svg(self._drawing(figure.id), one_line(figure.alt), name)
        return f"<figure>\n{picture}\n<figcaption>{self.words(figure.title)}</figcaption>\n</figure>"

    def answer(self, text: str, numbers: Mapping[str, int]) -> str:
        return to_html(text, numbers)

    def whole(self, blocks: Iterable[str]) -> str:
        return "\n".join(("<article>", *blocks, "</article>\n"))
