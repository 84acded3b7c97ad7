"""Query -> reply: which decision the matches call for, and what goes with it. The core of the read path."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatbot import settings
from chatbot.errors import QuestionError
from chatbot.index import Index
from chatbot.matcher import Candidate, Comparison
from chatbot.records import Answer, Entry, Match, RelatedQuestion
from chatbot.reply import Reply, ReplyKind
from chatbot.sentences import sentences, statements
from chatbot.text import one_line, plain, shorten
from chatbot.vectors import nearest

_CANDIDATES = 10


def clean_question(text: str) -> str:
    """`text` as a question on one line. Raises `QuestionError` when nothing is left or it is too long."""
    limit = settings.MAX_QUESTION_CHARACTERS
    if len(text) > limit:
        raise QuestionError(f"the question has {len(text):,} characters; {limit:,} is the most: ask it shorter")
    question = one_line(text)
    if not question:
        raise QuestionError("the question is empty; type a few words")
    return question


@dataclass(frozen=True, slots=True)
class _Message:
    """What was asked: as typed, with its spelling mended, its sentences where it has several, and what it states
    once denials are out."""

    query: str
    meant: str
    sentences: tuple[str, ...]
    stated: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.meant, *self.sentences, *self.stated)


class Responder:
    """Answers questions from one opened index. Holds no state of its own, so that any thread may use it."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def reply(self, question: str, about: Entry | None = None) -> Reply:
        return next(self.replies([question], about))

    def replies(self, questions: Sequence[str], about: Entry | None = None) -> Iterator[Reply]:
        """A reply to each question, in order. Raises `QuestionError` before the first when one cannot be read."""
        messages = [self._read(question) for question in questions]
        texts = list(dict.fromkeys(text for message in messages for text in message.texts))
        vectors = dict(zip(texts, self.index.encoder.encode(texts), strict=True))
        for message in messages:
            compared = {text: self.index.matcher.compare(text, vectors[text]) for text in message.texts}
            yield self._urgent_reply(message, compared) or self._decide(message, compared, about)

    def _read(self, question: str) -> "_Message":
        query = clean_question(question)
        meant = self.index.speller.correct(query)
        return _Message(query, meant, tuple(part for part in sentences(meant) if part != meant), tuple(statements(meant)))

    def _urgent_reply(self, message: "_Message", compared: Mapping[str, Comparison]) -> Reply | None:
        """The reply to the most urgent sentence of a message, when one puts a warning sign."""
        signs = [self.index.matcher.urgent_candidate(compared[text]) for text in message.stated]
        worst = max((sign for sign in signs if sign), key=lambda sign: sign.confidence, default=None)
        # Each further sentence is one more chance to look like a sign by accident.
        threshold = self.index.thresholds["urgent"] * math.sqrt(len(signs))
        if worst is None or worst.confidence < threshold:
            return None
        match = self._match(worst)
        return self.entry_reply(match.entry, message.query, match.confidence, matches=(match,))

    def matches(self, question: str, k: int) -> list[Match]:
        """The `k` entries that match best, whatever the decision would be."""
        text = self.index.speller.correct(clean_question(question))
        compared = self.index.matcher.compare(text, self.index.encoder.encode([text])[0])
        return [self._match(candidate) for candidate in self.index.matcher.rank(compared, k)]

    def entry_reply(self, entry: Entry, query: str, confidence: float = 1.0, about: Entry | None = None, matches: tuple[Match, ...] = ()) -> Reply:
        """The reply that shows `entry`."""
        return Reply(
            kind=entry.kind,
            query=query,
            disclaimer=self.index.disclaimer,
            confidence=confidence,
            id=entry.id,
            question=entry.question,
            topic=entry.topic,
            care=entry.care,
            answers=entry.answers,
            reviewed=entry.reviewed.isoformat() if entry.reviewed else None,
            related=() if entry.kind == "urgent" else self._related(entry),
            about=about.question if about else None,
            matches=matches,
            thresholds=self.index.thresholds,
        )

    def _decide(self, message: "_Message", compared: Mapping[str, Comparison], about: Entry | None) -> Reply:
        query = message.query
        parts = [compared[sentence] for sentence in message.sentences]
        ranked = self.index.matcher.rank(compared[message.meant], _CANDIDATES, parts)
        matches = tuple(self._match(candidate) for candidate in ranked)
        first = matches[0]
        if first.confidence >= self.index.thresholds["answer"]:
            return self.entry_reply(first.entry, query, first.confidence, about, matches)
        kind: ReplyKind = "clarify" if first.confidence >= self.index.thresholds["clarify"] else "no-answer"
        offered = [match.entry for match in matches if match.entry.kind == "answer"][: settings.MAX_SUGGESTIONS]
        return Reply(
            kind=kind if offered else "no-answer",
            query=query,
            disclaimer=self.index.disclaimer,
            confidence=first.confidence,
            suggestions=tuple(map(offer, offered)),
            topics=self.index.topics if kind == "no-answer" else (),
            matches=matches,
            thresholds=self.index.thresholds,
        )

    def _match(self, candidate: Candidate) -> Match:
        return Match(
            entry=self.index.entry(candidate.entry),
            score=candidate.score,
            confidence=candidate.confidence,
            phrasing=self.index.phrasings[candidate.phrasing],
            evidence=candidate.evidence,
        )

    def _related(self, entry: Entry) -> tuple[RelatedQuestion, ...]:
        """The entry's own list first, then the nearest others by meaning; never itself, urgent or small talk."""
        chosen: dict[str, Entry] = {}
        for other in self._related_entries(entry):
            if other.kind == "answer" and other.id != entry.id:
                chosen.setdefault(other.id, other)
            if len(chosen) == settings.MAX_RELATED:
                break
        return tuple(map(offer, chosen.values()))

    def _related_entries(self, entry: Entry) -> Iterator[Entry]:
        index = self.index
        yield from (index.entry(index.rows[related]) for related in entry.related)
        question = int(index.first_phrasing[index.rows[entry.id]])
        _, rows = nearest(index.vectors, index.vectors[question : question + 1], k=100)
        yield from (index.entry(row) for row in dict.fromkeys(index.phrasing_entry[rows[0]].tolist()))


def offer(entry: Entry) -> RelatedQuestion:
    """`entry` as it is offered with a reply."""
    first: Answer = entry.answers[0]
    return RelatedQuestion(entry.id, entry.question, first.viewpoint, shorten(plain(first.text), settings.PREVIEW_CHARACTERS))
