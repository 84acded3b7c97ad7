"""A reply as a fragment of HTML for a web page, without anything that a strict Content-Security-Policy refuses.

Pictures are loaded from where `figures` says, or told in words; a button names the entry that it opens (`data-entry`)
or what it says in place of the user (`data-say`), and prints the reply (`data-print`): what it then does is the page's
business.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from chatbot.answering.forms import PICTURE
from chatbot.answering.reply import NOTHING_ELSE, TAKE_CARE, Reply
from chatbot.records import Answer, Caution, Figure, RelatedQuestion, Source
from chatbot.text.cleaning import one_line
from chatbot.text.html import to_html

_AT_FIRST = 3  # related questions that are not folded
_ALIGNED = re.compile(r' style="text-align:(left|center|right)"')  # of cells; in words a quotation mark is escaped


def reply_html(reply: Reply, figures: str | None, kept: Mapping[str, Any] | None = None) -> str:
    """The whole reply as an `article` with a heading of level 2; `figures` is the address where the pictures lie, as
    `<id>.svg`; without it they are told in words. With `kept`, a button holds that as JSON (`data-keep`). Every word is
    escaped."""
    return "\n".join((f'<article class="reply {reply.kind}">', *_parts(reply, figures, kept), "</article>"))


def opening_button(entry_id: str, label: str) -> str:
    """A button that opens an entry."""
    return f'<button type="button" data-entry="{escape(entry_id)}">{_words(label)}</button>'


def caution_html(caution: Caution) -> str:
    """What would make a message a warning sign, with a button that opens its entry."""
    told = f"<p><strong>{_words(TAKE_CARE)}</strong> {_words(caution.text)}</p>"
    return f'<div class="caution" role="alert">{told}{opening_button(caution.id, caution.see)}</div>'


def picture(figure: Figure, figures: str) -> str:
    """The picture of a figure, from below the address `figures`."""
    address = escape(f"{figures}/{quote(figure.id, safe='')}.svg")
    return f'<img src="{address}" alt="{_words(figure.alt)}">'


def without_styles(html: str) -> str:
    """HTML that `to_html` wrote, aligned by classes: a strict policy refuses styles."""
    return _ALIGNED.sub(r' class="\1"', html)


def _parts(reply: Reply, figures: str | None, kept: Mapping[str, Any] | None) -> Iterator[str]:
    if reply.caution:
        yield caution_html(reply.caution)
    if reply.kind == "urgent":
        yield f'<p class="care" role="alert">{_words(reply.lead)}</p>'
    elif reply.lead and reply.question:
        yield f'<p class="note">{_words(reply.lead)}</p>'
    yield f'<h2 tabindex="-1">{_words(reply.question or reply.lead)}</h2>'
    yield from (f'<p class="note">{_words(note)}</p>' for note in _notes(reply))
    if reply.figures and not reply.part:  # a part stands below the whole, which shows them
        yield f'<div class="figures">{"".join(_figure(each, figures) for each in reply.figures)}</div>'
    for answer in reply.answers:
        yield from _answer(answer, reply)
    if reply.kind == "urgent":
        yield f'<p class="nothing-else">{_words(NOTHING_ELSE)}</p>'
    if reply.answers and reply.answers[0].avoid_if:
        items = "".join(f"<li>{_words(item)}</li>" for item in reply.answers[0].avoid_if)
        yield f'<section class="avoid"><h3>Not for you if</h3><ul>{items}</ul></section>'
    yield from _offers(reply)
    yield from _foot(reply, kept)


def _notes(reply: Reply) -> Iterator[str]:
    if reply.about and reply.about != reply.question:
        yield f"About: {reply.about}"
    if reply.read_as:
        yield f"Read as: {reply.read_as}"
    if reply.not_said:
        yield f"This answer does not mention: {', '.join(reply.not_said)}"


def _figure(figure: Figure, figures: str | None) -> str:
    if figures is None:
        return f'<p class="note">{PICTURE} {_words(figure.alt)}</p>'
    return f"<figure>{picture(figure, figures)}<figcaption>{_words(figure.title)}</figcaption></figure>"


def _answer(answer: Answer, reply: Reply) -> Iterator[str]:
    if answer.viewpoint and reply.kind != "small-talk":
        yield f'<h3 class="viewpoint">{_words(answer.viewpoint)}</h3>'
    yield f'<div class="text">{without_styles(to_html(answer.text, reply.numbers))}</div>'


def _offers(reply: Reply) -> Iterator[str]:
    if reply.suggestions:
        if reply.kind == "no-answer":
            yield "<p>Nearest, if it helps:</p>"
        none = '<li><button type="button" data-say="none of these">None of these</button></li>'
        asks_which = reply.kind == "clarify" and not reply.several
        items = "".join(f"<li>{opening_button(each.id, each.label)}</li>" for each in reply.suggestions)
        yield f'<ul class="choices">{items}{none if asks_which else ""}</ul>'
    if reply.related:
        shown, folded = reply.related[:_AT_FIRST], reply.related[_AT_FIRST:]
        more = f"<details><summary>More like this</summary>{_related(folded)}</details>" if folded else ""
        yield f'<section class="related"><h3>Continue with</h3>{_related(shown)}{more}</section>'


def _related(offers: tuple[RelatedQuestion, ...]) -> str:
    items = (f"<li>{opening_button(each.id, each.label)}</li>" for each in offers)
    return f'<ul class="choices">{"".join(items)}</ul>'


def _foot(reply: Reply, kept: Mapping[str, Any] | None) -> Iterator[str]:
    yield '<footer class="foot">'
    if reply.sources:
        items = "".join(f"<li>{_source(source)}</li>" for source in reply.sources)
        yield f'<details class="sources"><summary>Sources ({len(reply.sources)})</summary><ol>{items}</ol></details>'
    checked = f" Last checked on {_day(reply.reviewed)}." if reply.reviewed and reply.kind != "small-talk" else ""
    yield f'<details class="advice"><summary>About this advice</summary><p>{_words(reply.disclaimer)}{checked}</p>'
    yield "</details>"
    if kept:
        data = escape(json.dumps(kept, ensure_ascii=False))
        yield f'<button type="button" class="keep" aria-pressed="false" data-keep="{data}">Keep in my routine</button>'
    if reply.kind in ("answer", "urgent"):
        yield '<button type="button" class="print" data-print>Print this answer</button>'
    yield "</footer>"


def _source(source: Source) -> str:
    year = f"({source.year})" if source.year else ""
    parts = (source.authors, year, f"{source.title.rstrip('.')}.", source.container)
    told = " ".join(_words(part) for part in parts if part)
    if not source.link.lower().startswith(("https://", "http://")):
        return f"{told} {_words(source.link)}".rstrip()
    link = _words(source.link)
    return f'{told} <a href="{link}" rel="noreferrer noopener" target="_blank">{link}</a>'


def _day(reviewed: str) -> str:
    """A day as people write it: 2026-11-30 -> 30 November 2026."""
    day = date.fromisoformat(reviewed)
    return f"{day.day} {day:%B %Y}"


def _words(text: str) -> str:
    return escape(one_line(text))
