"""What the bot says, as data, JSON, HTML, Markdown and text. How it looks in a terminal is `render`'s business."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chatbot.answering.explain import Reading, explain
from chatbot.answering.forms import Markdown, Plain
from chatbot.answering.reply_parts import (
    SCHEMA,
    ReplyKind,
    answer_to_dict,
    fields_of_reply,
    match_to_dict,
    unsuited_to_dict,
)
from chatbot.records import Answer, Care, Caution, Figure, Match, RelatedQuestion, Source, Thresholds, Unsuited
from chatbot.text.language import reads_english

CARE_WORDS: Mapping[Care, str] = {
    "emergency": "EMERGENCY: call your local emergency number or go to an emergency department now",
    "same-day": "URGENT: get medical help today",
    "routine": "SEE A PROFESSIONAL: book a visit with your doctor or physiotherapist",
}
CARE_FIRST = "CARE COMES FIRST."
ONCE_SEEN_TO = (
    'Once someone has looked at it, tell me: "I have had it checked".'
    ' If you never had any of it, tell me: "None of that is true of me".'
)
TAKE_CARE = "Take care:"
NOTHING_ELSE = "I am not offering anything else for this."
_SURE, _FAIRLY_SURE = 0.85, 0.6
BELOW_SURE = 0.84  # what a confidence is lowered to that must not be called sure
_TOPICS_NAMED = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to one question: data that cannot change.

    - `kind`: "answer", "urgent" and "small-talk" show an entry; "clarify" asks which of the `suggestions` was meant;
      "no-answer" names the `topics`, and in `suggestions` the nearest questions when there are near ones; `several`:
      each of the `suggestions` answers something that was asked
    - `query`: what was asked; `read_as`: the text that was matched instead, where its spelling was corrected;
      `language`: that of the query (ISO 639-1) where it is not English and nothing was answered
    - `not_said`: numbers and names of the query that the answers do not say, for which the bot is less sure of them
    - `confidence`: the probability, in [0, 1], that the first match is right; 1 for an entry that was opened
    - `id`, `question`, `topic`, `care` (with urgent), `answers`, `reviewed` (a day, 2026-11-22): of the entry shown
    - `caution`: a warning sign that the message may be about, None when there is none; it stands before the rest
    - `unsuited`: the answer that was asked for and is not for someone who said what was said: the entry shown is for
      these people instead, or none is
    - `related`: entries to go on with; `about`: the question of the entry before, when this one leans on it, or when
      its warning sign comes first still
    - `again`: this entry was shown before; `part`: what the part of it is called that was asked about, and shown
    - `figures`: what shows the movements of the answer; `Chatbot.drawing` gives the pictures
    - `subject`: what the corpus is about, where no entry is shown; `disclaimer`: never empty; `short_disclaimer`: for
      where the whole was shown before, if it has one
    - `matches`: the entries that match best, best first; `thresholds`: what the decision compared them with

    As data, each of `answers` has `viewpoint`, `text` (Markdown with `[@id]` citations as written), `avoid_if` and
    `sources`, each with `id`, `title`, `authors`, `year`, `container`, `link` and `verified`; `caution` has `id`,
    `question`, `care` and `text`; each of `figures` `id`, `title`, `alt`; each of `related` and `suggestions` `id`,
    `question`, `viewpoint`, `preview`, `topic`, `hint` and `label`, what a list shows; each of `matches` `id`,
    `question`, `kind`, `score`, `confidence`, `in_scope`, `phrasing` and `evidence`, by name.
    """

    kind: ReplyKind
    query: str
    disclaimer: str
    confidence: float
    read_as: str | None = None
    not_said: tuple[str, ...] = ()
    language: str | None = None
    id: str | None = None
    question: str | None = None
    topic: str = ""
    care: Care | None = None
    caution: Caution | None = None
    unsuited: Unsuited | None = None
    answers: tuple[Answer, ...] = ()
    reviewed: str | None = None
    related: tuple[RelatedQuestion, ...] = ()
    suggestions: tuple[RelatedQuestion, ...] = ()
    several: bool = False
    topics: tuple[str, ...] = ()
    subject: str = ""
    about: str | None = None
    again: bool = False
    part: str | None = None
    figures: tuple[Figure, ...] = ()
    short_disclaimer: str | None = None
    matches: tuple[Match, ...] = field(default=(), repr=False)
    thresholds: Thresholds | None = field(default=None, repr=False)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source cited, in the order of first citation; a citation's number is its place here, from 1."""
        cited = {source.id: source for answer in self.answers for source in answer.sources}
        return tuple(cited.values())

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each cited source, by its id."""
        return {source.id: number for number, source in enumerate(self.sources, start=1)}

    @property
    def certainty(self) -> str:
        """`confidence` in words."""
        if self.confidence >= _SURE:
            return "sure"
        return "fairly sure" if self.confidence >= _FAIRLY_SURE else "not sure"

    @property
    def lead(self) -> str:
        """The bot's own words before what the corpus says; empty for an answer and for small talk."""
        return f"{reads_english(self.language)} {self._lead()}" if self.language else self._lead()

    def _lead(self) -> str:
        if self.kind == "clarify":
            return "You asked more than one thing. Which one first?" if self.several else "Did you mean"
        if self.kind == "urgent" and self.care:
            words = CARE_WORDS[self.care]
            return f"{CARE_FIRST} {words}. {ONCE_SEEN_TO}" if self.about else words
        if self.unsuited:
            return self._not_for_them(self.unsuited)
        if self.part:
            return f"From the answer above: {self.part}."
        if self.again:
            return "This is the answer from above."
        if self.kind == "no-answer":
            return f"I have no answer to that. {self._coverage()}".strip()
        return ""

    def _not_for_them(self, unsuited: Unsuited) -> str:
        own, others = " and ".join(unsuited.because), " and ".join(unsuited.another)
        whom = [*(["you"] if own else []), *([f"people who {others}"] if others else [])]
        told = f"“{unsuited.question}” is not for {' and not for '.join(whom)}"
        if own:
            told = f"You said that you {own}. {told}{'' if others else ' then'}"
        if self.id:
            return f"{told}; this is:"
        return f"{told}. Ask whoever treats {'you' if own else 'them'} what is. If I got that wrong, say so."

    def _coverage(self) -> str:
        if self.subject:
            return f"I cover {self.subject}."
        if not self.topics:
            return ""
        named = [topic.replace("-", " ") for topic in self.topics[:_TOPICS_NAMED]]
        more = len(self.topics) - len(named)
        return f"I know about {', '.join(named)}" + (f" and {more} more topics." if more > 0 else ".")

    def to_dict(self) -> dict[str, Any]:
        """The reply as plain data, in schema 5: every field by its name, absent values as null or an empty list, and
        besides them `schema`, and `message`: the bot's own words before what the corpus says."""
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "query": self.query,
            "read_as": self.read_as,
            "not_said": list(self.not_said),
            "language": self.language,
            "id": self.id,
            "question": self.question,
            "topic": self.topic,
            "care": self.care,
            "caution": asdict(self.caution) if self.caution else None,
            "unsuited": unsuited_to_dict(self.unsuited) if self.unsuited else None,
            "message": self.lead,
            "answers": [answer_to_dict(answer) for answer in self.answers],
            "reviewed": self.reviewed,
            "confidence": round(self.confidence, 4),
            "about": self.about,
            "again": self.again,
            "part": self.part,
            "figures": [asdict(figure) for figure in self.figures],
            "related": [related.to_dict() for related in self.related],
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
            "several": self.several,
            "topics": list(self.topics),
            "subject": self.subject,
            "disclaimer": self.disclaimer,
            "short_disclaimer": self.short_disclaimer,
            "matches": [match_to_dict(match) for match in self.matches],
            "thresholds": asdict(self.thresholds) if self.thresholds else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Reply":
        """The reply that `to_dict` gave, but for the digits it left out.

        Raises `ValueError` for another schema, and with the place for what is missing, unknown or of another type.
        """
        return cls(**fields_of_reply(data))

    def to_json(self) -> str:
        """`to_dict()` as JSON on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def explain(self) -> str:
        """Why the bot replied so, in words: the first matches, their evidence, the confidence and the thresholds."""
        reading = Reading(self.about, self.read_as, self.not_said, self.several)
        return explain(self.kind, self.confidence, self.matches, self.thresholds, reading)

    def to_markdown(self, figures: str | None = None) -> str:
        """The whole reply as Markdown, without HTML. `figures`: the folder or address in which the pictures of figures
        lie, as `<id>.svg`; without it they are told in words."""
        return self._written(Markdown(figures))

    def to_html(self, figures: Callable[[str], str] | None = None) -> str:
        """The whole reply as an HTML `article` that loads nothing, with every word escaped. `figures`: gives the SVG of
        a figure's id, as `Chatbot.drawing` does, which stands in it, with its words; without it they are told in words.

        Raises what `figures` raises, and `ValueError` where it gives no SVG.
        """
        from chatbot.answering.html_form import Html

        return self._written(Html(figures))

    def __str__(self) -> str:
        """The whole reply as plain text, without wrapping."""
        return self._written(Plain())

    def _written(self, form: Plain) -> str:
        return form.whole(self._blocks(form))

    def _blocks(self, form: Plain) -> Iterator[str]:
        if self.caution:
            said = (form.words(text) for text in (self.caution.text, self.caution.see))
            yield form.paragraph(form.strong(TAKE_CARE), *said)
        if self.lead:
            yield form.paragraph(form.strong(self.lead))
        if self.question:
            yield form.heading(self.question, 2)
        if self.about and self.about != self.question:
            yield form.paragraph(form.words(f"(about: {self.about})"))
        if self.read_as:
            yield form.paragraph(form.words(f"(read as: {self.read_as})"))
        if self.not_said:
            yield form.paragraph(form.words(f"(this answer does not mention: {', '.join(self.not_said)})"))
        yield from (form.figure(figure) for figure in self.figures)
        for answer in self.answers:
            yield form.heading(answer.viewpoint, 3)
            yield form.answer(answer.text, self.numbers)
        if self.kind == "urgent":
            yield form.paragraph(form.words(NOTHING_ELSE))
        if self.answers and self.answers[0].avoid_if:
            who = form.words(" · ".join(self.answers[0].avoid_if))
            yield form.paragraph(form.strong("Not for you if:"), who)
        if self.sources:
            yield form.heading("Sources", 3)
            yield form.numbered(form.words(source_line(source)) for source in self.sources)
        yield from self._offers(form)
        yield form.quote(self.disclaimer)

    def _offers(self, form: Plain) -> Iterator[str]:
        if self.suggestions:
            if self.kind == "no-answer":
                yield form.paragraph(form.words("Nearest, if it helps:"))
            yield form.numbered(form.words(offer.label) for offer in self.suggestions)
        if self.related:
            yield form.heading("Continue with", 3)
            yield form.numbered(
                f"{form.strong(offer.label)} {form.words(f'{offer.viewpoint} · {offer.preview}')}"
                for offer in self.related
            )


def source_line(source: Source) -> str:
    """A source in one line, as a reference list shows it."""
    parts = [
        source.authors,
        f"({source.year})" if source.year else "",
        f"{source.title.rstrip('.')}.",
        source.container,
    ]
    return " ".join(part for part in [*parts, source.link] if part)
