"""A routine as a sheet of HTML, to be looked at and printed: pictures, steps, when to stop, who should not, sources."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from html import escape

from chatbot.answering.reply import source_line
from chatbot.practice.movements import Gone, Movement
from chatbot.practice.words import GONE, NOT_FOR_YOU, amount, summary
from chatbot.records import Answer, Figure
from chatbot.text.cleaning import one_line
from chatbot.text.html import to_html, whole_page
from chatbot.text.inline_svg import inline_svg

TITLE = "My routine"
_STYLE = """body{max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}
body{font:1rem/1.5 system-ui,sans-serif}
h1,h2,h3{line-height:1.25;break-after:avoid}
h3{font-size:1rem;margin-bottom:0}
section{margin-top:2rem;padding-top:.5rem;border-top:1px solid}
figure{display:inline-block;width:12rem;max-width:45%;margin:0 1rem 1rem 0;vertical-align:top;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
figcaption,.sources,footer{font-size:.85rem}
.amount{font-weight:700}
li,.avoid{break-inside:avoid}
@page{margin:16mm}
@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}figure{width:38mm}}"""


def sheet(routine: Sequence[Movement | Gone], disclaimer: str, drawing: Callable[[str], str]) -> str:
    """A page that loads nothing, with every word escaped. `drawing` gives the SVG of a figure by its id.

    Raises what `drawing` raises, and `ValueError` where it gives no SVG.
    """

    def picture(figure: Figure) -> str:
        return inline_svg(drawing(figure.id), one_line(figure.alt), f"figure-{secrets.token_hex(6)}")

    cards = [
        f"<section>\n<h2>{number}. {_words(each.title)}</h2>\n{card(each, picture)}\n</section>"
        for number, each in enumerate(routine, start=1)
    ]
    foot = f"<footer><p>{_words(disclaimer)}</p></footer>"
    body = "\n".join((f"<h1>{TITLE}</h1>", f"<p>{_words(summary(routine))}</p>", *cards, foot))
    return whole_page(TITLE, _STYLE, body)


def card(movement: Movement | Gone, picture: Callable[[Figure], str]) -> str:
    """What stands below the title of a movement, as HTML with every word escaped; `picture` gives that of a figure."""
    return "\n".join(_parts(movement, picture))


def _parts(movement: Movement | Gone, picture: Callable[[Figure], str]) -> Iterator[str]:
    if isinstance(movement, Gone):
        yield f"<p>{_words(GONE)}</p>"
        return
    yield f'<p class="amount">{_words(amount(movement))}</p>'
    for figure in movement.figures:
        yield f"<figure>{picture(figure)}<figcaption>{_words(figure.title)}</figcaption></figure>"
    told = [each for each in (movement.steps, movement.stop) if each]
    cited = [source for answer in told for source in answer.sources]
    sources = {source.id: source for source in (*cited, *movement.sources)}  # numbered from what is seen to be cited
    numbers = {source: number for number, source in enumerate(sources, start=1)}
    yield from (_text(answer, numbers) for answer in told)
    if movement.avoid_if:
        items = "".join(f"<li>{_words(item)}</li>" for item in movement.avoid_if)
        yield f'<div class="avoid"><h3>{NOT_FOR_YOU}</h3><ul>{items}</ul></div>'
    if sources:
        items = "".join(f"<li>{_words(source_line(source))}</li>" for source in sources.values())
        yield f'<ol class="sources">{items}</ol>'


def _text(answer: Answer, numbers: dict[str, int]) -> str:
    return f'<div class="text">{to_html(answer.text, numbers)}</div>'


def _words(text: str) -> str:
    return escape(one_line(text))
