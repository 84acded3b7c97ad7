"""Ranked matches -> what to do with them. Pure: nothing here knows an index, a text of an answer or a reply."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot import settings
from chatbot.answering.reply_parts import REPLY_KIND_OF, ReplyKind
from chatbot.records import Match, Thresholds
from chatbot.text.cleaning import normalise

# An offer beside "no answer" is at least this share as likely to be in scope as one that the bot asks about. Of 278
# held-out messages that are refused 135 are offered a right answer so (142 with 0.4); of other texts half as many get
# any.
_NEAR = 0.55


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do: show the match `shown`, or offer the `suggestions`, best first, of which there may be none.

    `several`: each of these answers something that was asked.
    """

    kind: ReplyKind
    shown: Match | None = None
    suggestions: tuple[Match, ...] = ()
    several: bool = False


def decide(matches: Sequence[Match], thresholds: Thresholds, questions: Sequence[Match] = ()) -> Decision:
    """The decision on the matches of a message without a warning sign, best first; `questions` are the first matches of
    its sentences that ask something. Where several of these are sure, and of several entries, each is offered.

    The first one is shown when it is likely enough to be right, unless it is known by a phrasing that another entry
    has as well: no number tells those apart. What was meant is asked when the message is likely enough in scope.
    """
    if not matches:
        return Decision("no-answer")
    sure = [match for match in questions if match.kind == "answer" and match.confidence >= thresholds.answer]
    asked = tuple({match.id: match for match in sure}.values())
    if len(asked) > 1:
        return Decision("clarify", suggestions=asked[: settings.MAX_SUGGESTIONS], several=True)
    first, twins = matches[0], _sharing_its_phrasing(matches)
    is_sure = first.confidence >= thresholds.answer
    if is_sure and len(twins) == 1:
        return Decision(REPLY_KIND_OF[first.kind], shown=first)
    if not is_sure and first.in_scope < thresholds.clarify:
        near = [match for match in matches if match.in_scope >= _NEAR * thresholds.clarify]
        return Decision("no-answer", suggestions=answers_among(near))
    if len(twins) > 1:
        return Decision("clarify", suggestions=twins)
    answers = answers_among(matches)
    return Decision("clarify" if answers else "no-answer", suggestions=answers)


def _sharing_its_phrasing(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The first match, and those whose nearest phrasing is word for word the same."""
    words = _words(matches[0].phrasing)
    return tuple(match for match in matches if _words(match.phrasing) == words)


def _words(phrasing: str) -> str:
    return normalise(phrasing) or phrasing


def answers_among(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Those of some matches that answer questions, as many as are offered at once."""
    return tuple(match for match in matches if match.kind == "answer")[: settings.MAX_SUGGESTIONS]
