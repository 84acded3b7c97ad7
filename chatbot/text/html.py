"""A text in Markdown as HTML, its citations numbered: nothing of it is taken for HTML that its author wrote."""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from chatbot.text.cleaning import strip_control
from chatbot.text.markdown import tokens
from chatbot.text.writing import citation

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from chatbot.text.markdown import Token


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>:root{{color-scheme:light dark}}
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def whole_page(title: str, style: str, body: str) -> str:
    """A page of HTML that loads nothing, light or dark as the reader has it: a title in plain text, CSS, and HTML."""
    return _PAGE.format(title=escape(title), style=style, body=body.strip("\n"))


def to_html(markdown: str, numbers: Mapping[str, int]) -> str:
    """`markdown` as HTML without scripts, images or anything else that would be loaded. A citation is `[1]` or `[2; 3]`
    by the numbers of its ids, and an id without one is dropped; an image is its text."""
    writer = _writer()
    written: str = writer.renderer.render(tokens(markdown)[0], writer.options, {"numbers": numbers})
    return written.strip()


@cache
def _writer() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from markdown_it.common.utils import escapeHtml

    def cited(_renderer: Any, line: "Sequence[Token]", place: int, _options: Any, environment: Any) -> str:
        text = citation(line[place], environment["numbers"])
        return f" {text}" if text and place else text

    def special(_renderer: Any, line: "Sequence[Token]", place: int, _options: Any, _environment: Any) -> str:
        return escapeHtml(strip_control(line[place].content))

    def image(renderer: Any, line: "Sequence[Token]", place: int, options: Any, environment: Any) -> str:
        return escapeHtml(renderer.renderInlineAsText(line[place].children or [], options, environment))

    def nothing(*_: Any) -> str:
        return ""

    writer = MarkdownIt("commonmark")
    rules = {"citation": cited, "text_special": special, "image": image, "html_inline": nothing, "html_block": nothing}
    for name, rule in rules.items():
        writer.add_render_rule(name, rule)
    return writer
