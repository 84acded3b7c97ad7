"""Query -> reply: which decision the matches call for, and what goes with it. The core of the read path."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from chatbot import settings
from chatbot.answering.followup import is_follow_up
from chatbot.answering.reply import Reply, ReplyKind
from chatbot.index.index import Index
from chatbot.matching.matcher import Candidate
from chatbot.matching.scorer import Comparison
from chatbot.records import Entry, Match, RelatedQuestion
from chatbot.text.citations import plain
from chatbot.text.cleaning import shorten, words
from chatbot.text.message import Message, clean_question, read_message

_CANDIDATES = 10
_TOGETHER = 1024  # questions of many worked on at a time, to bound memory
# An offer beside "no answer" is at least this share as likely to cover the question as one that the bot asks about.
_NEAR = 0.4

Compared = Mapping[str, Comparison]


class Responder:
    """Answers questions from one opened index. Holds no state of its own, so that any thread may use it."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def reply(self, question: str, about: Entry | None = None) -> Reply:
        """The reply to one question; `about` is the entry of the reply before it, when it may lean on that."""
        message = read_message(question, self.index.corrector)
        compared = self._compare(message.texts)
        return (
            self._urgent(message, compared)
            or self._follow_up(message, compared, about)
            or self._decide(message, compared)
        )

    def replies(self, questions: Sequence[str]) -> Iterator[Reply]:
        """A reply to each question, in order. Raises `QuestionError` before the first when one cannot be read."""
        messages = [read_message(question, self.index.corrector) for question in questions]
        for start in range(0, len(messages), _TOGETHER):
            together = messages[start : start + _TOGETHER]
            compared = self._compare([text for message in together for text in message.texts])
            for message in together:
                yield self._urgent(message, compared) or self._decide(message, compared)

    def matches(self, question: str, k: int) -> list[Match]:
        """The `k` entries that match best, whatever the decision would be."""
        text = self.index.corrector.correct(clean_question(question))
        return [self._match(candidate) for candidate in self.index.matcher.rank(self._compare([text])[text], k)]

    def entry_reply(
        self, entry: Entry, query: str, confidence: float, about: Entry | None = None, matches: Sequence[Match] = ()
    ) -> Reply:
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
            related=self._related(entry),
            about=about.question if about else None,
            matches=tuple(matches),
            thresholds=self.index.thresholds,
        )

    def _compare(self, texts: Sequence[str]) -> dict[str, Comparison]:
        different = list(dict.fromkeys(texts))
        vectors = self.index.encoder.encode(different)
        return dict(zip(different, self.index.matcher.scorer.compare_all(different, vectors), strict=True))

    def _urgent(self, message: Message, compared: Compared) -> Reply | None:
        """The reply to the most urgent statement of a message, when one describes a warning sign."""
        signs = [self.index.matcher.red_flag(compared[text]) for text in message.stated]
        worst = max((sign for sign in signs if sign), key=lambda sign: sign.confidence, default=None)
        # Each further sentence is one more chance to look like a sign by accident.
        threshold = self.index.thresholds["urgent"] * math.sqrt(len(signs))
        if worst is None or worst.confidence < threshold:
            return None
        match = self._match(worst)
        return self.entry_reply(match.entry, message.typed, match.confidence, matches=[match])

    def _follow_up(self, message: Message, compared: Compared, about: Entry | None) -> Reply | None:
        """The reply to a message that leans on the entry before it, when it does."""
        if about is None or about.kind != "answer":
            return None
        matcher, alone = self.index.matcher, compared[message.meant]
        ranked = matcher.rank(alone, 1)
        sure = ranked[0].confidence if ranked else 0.0
        if not is_follow_up(message.meant, sure, self._introduces_rare_word(message.meant, about)):
            return None
        asked = f"{about.question} {message.meant}"
        related = [self.index.rows[other] for other in about.related]
        candidates = matcher.follow_up(
            alone, self._compare([asked])[asked], self.index.rows[about.id], related, _CANDIDATES
        )
        matches = [match for candidate in candidates if (match := self._match(candidate)).entry.kind == "answer"]
        first = matches[0]
        return self.entry_reply(first.entry, message.typed, first.confidence, about, matches)

    def _introduces_rare_word(self, message: str, about: Entry) -> bool:
        """Whether a message uses a rare word, in any number, that the entry before it does not use."""
        said = words(" ".join((*about.phrasings, *(answer.text for answer in about.answers))))
        known = {word.removesuffix("s") for word in said}
        return any(word.removesuffix("s") not in known for word in self.index.matcher.rare_words(message))

    def _decide(self, message: Message, compared: Compared) -> Reply:
        parts = [compared[sentence] for sentence in message.sentences]
        ranked = self.index.matcher.rank(compared[message.meant], _CANDIDATES, parts)
        matches = [self._match(candidate) for candidate in ranked]
        sure = matches[0].confidence if matches else 0.0
        thresholds = self.index.thresholds
        if sure >= thresholds["answer"]:
            return self.entry_reply(matches[0].entry, message.typed, sure, matches=matches)
        in_scope = matches[0].in_scope if matches else 0.0
        kind: ReplyKind = "clarify" if in_scope >= thresholds["clarify"] else "no-answer"
        least = 0.0 if kind == "clarify" else _NEAR * thresholds["clarify"]
        near = [match.entry for match in matches if match.entry.kind == "answer" and match.in_scope >= least]
        kind = kind if near else "no-answer"
        return Reply(
            kind=kind,
            query=message.typed,
            disclaimer=self.index.disclaimer,
            confidence=sure,
            suggestions=tuple(map(offer, near[: settings.MAX_SUGGESTIONS])),
            topics=self.index.topics if kind == "no-answer" else (),
            subject=self.index.subject,
            matches=tuple(matches),
            thresholds=thresholds,
        )

    def _match(self, candidate: Candidate) -> Match:
        return Match(
            entry=self.index.entry(candidate.entry),
            score=candidate.score,
            confidence=candidate.confidence,
            phrasing=self.index.phrasings[candidate.phrasing],
            evidence=candidate.evidence,
            in_scope=candidate.in_scope,
        )

    def _related(self, entry: Entry) -> tuple[RelatedQuestion, ...]:
        """The entry's own list first, then the nearest others by meaning; never itself, urgent or small talk. With
        a warning sign there is nothing to go on with, and small talk offers only what it lists itself."""
        if entry.kind == "urgent":
            return ()
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
        if entry.kind == "small-talk":
            return
        yield from (index.entry(row) for row in index.nearest_entries(index.rows[entry.id]))


def offer(entry: Entry) -> RelatedQuestion:
    """`entry` as it is offered with a reply."""
    first = entry.answers[0]
    return RelatedQuestion(entry.id, entry.question, first.viewpoint, _preview(first.text))


@lru_cache(512)
def _preview(answer: str) -> str:
    # Marks and citations take some of what is cut before they are dropped.
    return shorten(plain(answer[: 4 * settings.PREVIEW_CHARACTERS]), settings.PREVIEW_CHARACTERS)
