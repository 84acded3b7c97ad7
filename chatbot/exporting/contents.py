"""What the page shows, as HTML that is written beforehand: the same as that of the served page."""

import base64
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote

from chatbot.answering.reply import CARE_FIRST, Reply
from chatbot.answering.reply_parts import REPLY_KIND_OF, ReplyKind
from chatbot.bot import Chatbot
from chatbot.page.html import caution_html, opening_button, reply_html
from chatbot.records import CARES, Caution, Entry

_FIGURES = "figures"  # where the pictures of replies seem to lie; the page has them within
_ONLY_LISTS = "This page is not sure enough to answer by itself: choose what fits."
_SIGN_STAYS = "A warning sign that you named comes first until someone has looked at it. Then open this page anew."


class Contents:
    """The parts of a page that show what a bot knows; with its pictures, or with what they show in words."""

    def __init__(self, bot: Chatbot, *, figures: bool) -> None:
        self._bot, self._index = bot, bot.index
        self._figures = _FIGURES if figures else None
        self._entries = list(self._index.entries())

    def replies(self, *, answers: bool) -> dict[str, Any]:
        """Every reply that the page can give, by what it is for: those that show an `entries`, the `list` and `none`
        without their choices, `cautions` and `signs` (of an urgent entry) that stand before another one and `cares`,
        their places by how soon it must be, the `kinds` and `labels` of entries, the `figures` by their address, and
        why the page `only` lists, if it does."""
        urgent = [entry for entry in self._entries if entry.kind == "urgent"]
        return {
            "entries": {entry.id: self._reply(self._bot.entry(entry.id)) for entry in self._entries},
            "kinds": {entry.id: REPLY_KIND_OF[entry.kind] for entry in self._entries},
            "labels": {entry.id: entry.question for entry in self._entries},
            "list": self._reply(self._without_entry("clarify")),
            "none": self._reply(self._without_entry("no-answer")),
            "cautions": {entry.id: caution_html(_caution(entry)) for entry in urgent if entry.caution},
            "signs": {entry.id: _sign(entry) for entry in urgent},
            "cares": {entry.id: CARES.index(entry.care or "emergency") for entry in urgent},
            "figures": dict(self._pictures()),
            "only": "" if answers else _ONLY_LISTS,
        }

    @property
    def all_name_sources(self) -> bool:
        """Whether each entry that answers has a source."""
        return all(self._bot.entry(entry.id).sources for entry in self._entries if entry.kind == "answer")

    def topics(self) -> str:
        """The questions of each topic, folded."""
        return "\n".join(
            f'<details class="topics"><summary>{_title(topic)} ({len(rows)})</summary>{self._choices(rows)}</details>'
            for topic, rows in self._index.answers.items()
        )

    def emergencies(self) -> str:
        """What stands beside the question box: the signs of an emergency, folded; empty where the corpus has none."""
        rows = [row for row, entry in enumerate(self._entries) if entry.care == "emergency"]
        if not rows:
            return ""
        told = f"This page can miss an emergency: see the signs ({len(rows)}), and call your local emergency number."
        return f'<details class="help"><summary>{told}</summary>{self._choices(rows)}</details>'

    def _choices(self, rows: list[int]) -> str:
        offers = map(self._index.offer, rows)
        return (
            f'<ul class="choices">{"".join(f"<li>{opening_button(each.id, each.label)}</li>" for each in offers)}</ul>'
        )

    def _reply(self, reply: Reply) -> str:
        return reply_html(reply, self._figures)

    def _without_entry(self, kind: ReplyKind) -> Reply:
        index = self._index
        return Reply(kind, "", index.disclaimer, 0.0, topics=index.topics, subject=index.subject)

    def _pictures(self) -> Iterator[tuple[str, str]]:
        shown = dict.fromkeys(figure for entry in self._entries for figure in entry.figures) if self._figures else ()
        for figure in shown:
            drawn = base64.b64encode(self._bot.drawing(figure).encode()).decode()
            yield f"{_FIGURES}/{quote(figure, safe='')}.svg", f"data:image/svg+xml;base64,{drawn}"


def _title(topic: str) -> str:
    words = topic.replace("-", " ") or "other"
    return escape(words[0].upper() + words[1:])


def _caution(entry: Entry) -> Caution:
    return Caution(entry.id, entry.question, entry.care or "emergency", entry.caution)


def _sign(entry: Entry) -> str:
    """What stands before every other reply, once the sign was named."""
    button = opening_button(entry.id, f"See: {entry.question}")
    return f'<div class="caution" role="alert"><p><strong>{CARE_FIRST}</strong> {_SIGN_STAYS}</p>{button}</div>'
