"""Query -> reply: compares, asks `decision` what to do, and puts the reply together. The core of the read path."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress

from chatbot import settings
from chatbot.answering.again import again
from chatbot.answering.context import Context, Following, compared_together, follow, screened_together
from chatbot.answering.decision import Decision, answers_among, decide
from chatbot.answering.offers import related_offers, told_apart
from chatbot.answering.reply import BELOW_SURE, Reply
from chatbot.answering.reply_parts import REPLY_KIND_OF
from chatbot.index.index import Index
from chatbot.matching.conditions import Told
from chatbot.matching.matcher import Candidate
from chatbot.matching.points import Exclusion, Near
from chatbot.matching.scorer import Comparison
from chatbot.matching.screen import Sign
from chatbot.matching.specifics import much_unsaid, numbers_unsaid, words_unsaid
from chatbot.records import Caution, Entry, Match, RelatedQuestion
from chatbot.text.cleaning import normalise, words
from chatbot.text.language import foreign_language
from chatbot.text.message import Message, clean_question, read_message
from chatbot.text.sentences import is_question

_CANDIDATES = 10
_TOGETHER = 1024  # questions of many worked on at a time, to bound memory

Compared = Mapping[str, Comparison]


class Responder:
    """Answers questions from one opened index. Holds no state of its own, so that any thread may use it."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def reply(self, question: str, context: Context | None = None, topics: Collection[str] | None = None) -> Reply:
        """The reply to one question, in the light of what was before it, when it follows something.

        `topics`: answer from these only. Warning signs are screened for whatever they are.
        """
        message = read_message(question, self.index.corrector)
        joined = screened_together(message.corrected, context)
        together = compared_together(message.corrected, context)
        near = self._near([*message.texts, *message.passages, *joined, *together])
        sign = self._sign(message.passages, near, joined)
        if sign and sign.is_urgent:
            return self._urgent(sign, message)
        compared = self._compare(message.texts, near if topics is None else self._near(message.texts, topics))
        reply = self._decided(message, compared)
        if context and together:
            following = follow(self.index, message.corrected, near, context, _CANDIDATES)
            reply = self._follow_up(message, reply, following, context)
        return replace(reply, caution=self._card(sign))

    def replies(self, questions: Sequence[str]) -> Iterator[Reply]:
        """A reply to each question, in order. Raises `QuestionError` before the first when one cannot be read."""
        messages = [read_message(question, self.index.corrector) for question in questions]
        for start in range(0, len(messages), _TOGETHER):
            together = messages[start : start + _TOGETHER]
            near = self._near([text for message in together for text in (*message.texts, *message.passages)])
            for message in together:
                sign = self._sign(message.passages, near)
                if sign and sign.is_urgent:
                    yield self._urgent(sign, message)
                else:
                    reply = self._decided(message, self._compare(message.texts, near))
                    yield replace(reply, caution=self._card(sign))

    def all_clear(self, question: str) -> str | None:
        """The id of the entry to show when a message says that a warning sign was seen to, or was none; None when it
        does not."""
        message = read_message(question, self.index.corrector)
        near = self._near([*message.passages, *message.sentences])
        entry = self.index.all_clears.entry(list(near.values()))
        return None if entry is None else self.index.ids[entry]

    def caution(self, entry_id: str) -> Caution | None:
        """The card of an urgent entry, None where it has none. Raises `KeyError` for an unknown id."""
        entry = self.index.entry(self.index.rows[entry_id])
        if not entry.care or not entry.caution:
            return None
        return Caution(entry.id, entry.question, entry.care, entry.caution)

    def told(self, question: str) -> Told:
        """What a message tells of conditions."""
        asked = clean_question(question)  # as it was typed, too: a correction may take a rare name away
        corrected = self.index.corrector.correct(asked).text
        told = self.index.conditions.told(corrected)
        return told if corrected == asked else told.joined(self.index.conditions.told(asked))

    def listed(self, offers: Sequence[RelatedQuestion], query: str = "", *, asks_back: bool = False) -> Reply:
        """The reply that shows no entry and offers some, asking which of them was meant or not."""
        return Reply(
            kind="clarify" if asks_back and offers else "no-answer",
            query=query,
            disclaimer=self.index.disclaimer,
            short_disclaimer=self.index.short_disclaimer,
            confidence=0.0,
            suggestions=tuple(offers),
            topics=() if offers else self.index.topics,
            subject=self.index.subject,
            thresholds=self.index.thresholds,
        )

    def others(self, reply: Reply, query: str) -> Reply:
        """What else may have been meant than what `reply` offered: the next of its matches, or what the corpus is
        about."""
        offered = {offer.id for offer in reply.suggestions}
        rest = [match for match in reply.matches if match.kind == "answer" and match.id not in offered]
        offers = [self.index.offer(self.index.rows[match.id]) for match in rest[: settings.MAX_SUGGESTIONS]]
        return replace(self.listed(told_apart(offers), query, asks_back=True), matches=tuple(rest))

    def matches(self, question: str, k: int, topics: Collection[str] | None = None) -> list[Match]:
        """The `k` entries that match best, whatever the decision would be."""
        text = self.index.corrector.correct(clean_question(question)).text
        ranked = self.index.matcher.rank(self._compare([text], self._near([text], topics))[text], k)
        return [self._match(candidate) for candidate in ranked]

    def entry_reply(self, entry: Entry, query: str, confidence: float = 1.0) -> Reply:
        """The reply that shows `entry`, which was not matched but chosen unless `confidence` says how sure it is."""
        return Reply(
            kind=REPLY_KIND_OF[entry.kind],
            query=query,
            disclaimer=self.index.disclaimer,
            short_disclaimer=self.index.short_disclaimer,
            confidence=confidence,
            id=entry.id,
            question=entry.question,
            topic=entry.topic,
            care=entry.care,
            answers=entry.answers,
            figures=tuple(self.index.figures[name] for name in entry.figures),
            reviewed=entry.reviewed.isoformat() if entry.reviewed else None,
            related=related_offers(self.index, entry),
            thresholds=self.index.thresholds,
        )

    def _near(self, texts: Sequence[str], topics: Collection[str] | None = None) -> dict[str, Near]:
        """What is near some texts, by text."""
        different = list(dict.fromkeys(texts))
        outside = [] if topics is None else [Exclusion(self.index.points_outside(topics))] * len(different)
        near = self.index.points.near(different, self.index.encoder.encode(different), outside)
        return dict(zip(different, near, strict=True))

    def _compare(self, texts: Sequence[str], near: Mapping[str, Near]) -> dict[str, Comparison]:
        return {text: self.index.matcher.scorer.compare(near[text]) for text in dict.fromkeys(texts)}

    def _sign(self, passages: Sequence[str], near: Mapping[str, Near], joined: Sequence[str] = ()) -> Sign | None:
        """The warning sign that a message describes, or may describe, by its passages and joined to what was before."""
        alone, in_context = ([near[text] for text in texts] for texts in (passages, joined))
        return self.index.screen.judge(alone, self.index.thresholds, in_context)

    def _urgent(self, sign: Sign, message: Message) -> Reply:
        """The reply to a message that describes a warning sign."""
        match = self._match(Candidate(sign.entry, sign.phrasing, sign.urgent, sign.urgent, sign.urgent, {}))
        return self._answer(match, message, [match])

    def _card(self, sign: Sign | None) -> Caution | None:
        """The card of a sign that a message may describe."""
        return self.caution(self.index.ids[sign.entry]) if sign else None

    def _follow_up(self, message: Message, alone: Reply, following: Following, context: Context) -> Reply:
        """The reply to a message in the light of what was before it; `alone` is the one to the message by itself."""
        matches = [self._match(candidate) for candidate in following.candidates]
        if not matches or following.none > matches[0].confidence:
            return self._without_answer(alone, message)
        decision = decide(matches, self.index.thresholds.in_conversation)
        if not decision.shown:
            return replace(self._undecided(decision, message, matches), about=context.entry.question)
        if alone.id == decision.shown.id != context.entry.id:
            return alone
        reply = replace(self._answer(decision.shown, message, matches), about=context.entry.question)
        if context.shown and reply.id == context.entry.id:
            return again(self.index, reply, following.turn)
        return reply

    def _without_answer(self, alone: Reply, message: Message) -> Reply:
        """The reply to a message that most likely asks for nothing in its conversation: what would answer it by itself
        is only offered."""
        if alone.kind != "answer":
            return alone
        return self._undecided(Decision("clarify", suggestions=answers_among(alone.matches)), message, alone.matches)

    def _less_sure_of_guesses(
        self, ranked: Sequence[Candidate], message: Message, compared: Compared
    ) -> Sequence[Candidate]:
        """The candidates, the first one no surer than when no word of the message is guessed."""
        if not ranked or message.unguessed == message.corrected:
            return ranked
        first, *others = ranked
        unguessed = self.index.matcher.rank(compared[message.unguessed], _CANDIDATES)
        sure = next((each.confidence for each in unguessed if each.entry == first.entry), 0.0)
        return [replace(first, confidence=min(first.confidence, sure)), *others]

    def _less_sure(self, reply: Reply, message: Message) -> Reply:
        """A reply that shows an answer, below "sure" where the message names what the answer never says."""
        first, *others = reply.matches
        not_said = self._not_said(message, first)
        confidence = min(first.confidence, BELOW_SURE) if not_said else first.confidence
        matches = (replace(first, confidence=confidence), *others)
        return replace(reply, confidence=confidence, matches=matches, not_said=not_said)

    def _not_said(self, message: Message, match: Match) -> tuple[str, ...]:
        """What the message names that the entry of a match never says; nothing of what answers no question."""
        if match.kind != "answer":
            return ()
        entry = self.index.entry(self.index.rows[match.id])
        asked = [word for word in words(message.unguessed) if word.isalpha()]
        unknown = [word for word in asked if not self.index.corrector.is_english(word)]
        names = words_unsaid([*message.changed_names, *unknown], entry)
        if not names and match.confidence > BELOW_SURE:
            names = self._much_unsaid(asked, entry, match.phrasing)
        return (*numbers_unsaid(message.raw, entry), *names)

    def _much_unsaid(self, asked: Sequence[str], entry: Entry, phrasing: str) -> tuple[str, ...]:
        """See `specifics.much_unsaid`; nothing where those are everyday words, for which an answer has others."""
        lexical = self.index.lexical
        names = much_unsaid(asked, lexical.weight, entry, phrasing)
        return names if set(names) & lexical.rare_words(" ".join(names)) else ()

    def _decided(self, message: Message, compared: Compared) -> Reply:
        parts = [compared[sentence] for sentence in message.sentences]
        ranked = self.index.matcher.rank(compared[message.corrected], _CANDIDATES, parts)
        candidates = self._less_sure_of_guesses(ranked, message, compared)
        matches = _known_first(message.corrected, [self._match(candidate) for candidate in candidates])
        decision = decide(matches, self.index.thresholds, self._asked(message, compared))
        if decision.shown:
            return self._less_sure(self._answer(decision.shown, message, matches), message)
        return self._undecided(decision, message, matches)

    def _undecided(self, decision: Decision, message: Message, matches: Sequence[Match]) -> Reply:
        """The reply that shows no entry."""
        language = self._foreign_language(message.raw, matches)
        return Reply(
            kind=decision.kind,
            several=decision.several,
            query=message.raw,
            read_as=None if language else message.read_as,  # guesses at words of another language tell nothing
            language=language,
            disclaimer=self.index.disclaimer,
            short_disclaimer=self.index.short_disclaimer,
            confidence=matches[0].confidence if matches else 0.0,
            suggestions=told_apart([self.index.offer(self.index.rows[match.id]) for match in decision.suggestions]),
            topics=self.index.topics if decision.kind == "no-answer" else (),
            subject=self.index.subject,
            matches=tuple(matches),
            thresholds=self.index.thresholds,
        )

    def _asked(self, message: Message, compared: Compared) -> list[Match]:
        """The first match of each sentence of a message that asks something."""
        ranked = [self.index.matcher.rank(compared[part], 1) for part in message.sentences if is_question(part)]
        return [self._match(candidates[0]) for candidates in ranked if candidates]

    def _foreign_language(self, question: str, matches: Sequence[Match]) -> str | None:
        """The language of a question that is not English, unless most of the corpus near it is in that language."""
        is_english = self.index.corrector.is_english
        language = foreign_language(question, is_english)
        if language is None:
            return None
        same = sum(foreign_language(match.phrasing, is_english) == language for match in matches)
        return language if same <= len(matches) / 2 else None

    def _answer(self, match: Match, message: Message, matches: Sequence[Match]) -> Reply:
        """The reply that answers a message with the entry of `match`."""
        entry = self.index.entry(self.index.rows[match.id])
        reply = self.entry_reply(entry, message.raw, match.confidence)
        return replace(reply, read_as=message.read_as, matches=tuple(matches))

    def _match(self, candidate: Candidate) -> Match:
        offer = self.index.offer(candidate.entry)
        return Match(
            id=offer.id,
            question=offer.question,
            kind=self.index.kind(candidate.entry),
            score=candidate.score,
            confidence=candidate.confidence,
            in_scope=candidate.in_scope,
            phrasing=self.index.phrasings[candidate.phrasing],
            evidence=tuple(candidate.evidence.items()),
        )


def _known_first(asked: str, matches: Sequence[Match]) -> list[Match]:
    """The matches of a message, those first and sure that have a phrasing which is word for word the same."""
    same = normalise(asked)
    known = [bool(same) and normalise(match.phrasing) == same for match in matches]
    sure = [replace(match, confidence=1.0) for match in compress(matches, known)]
    return [*sure, *(match for match, is_known in zip(matches, known, strict=True) if not is_known)]
