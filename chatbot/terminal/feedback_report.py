"""Feedback -> a report for the corpus's editors: what was bad, grouped by meaning, with what to do about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatbot.checking.duplicates import Phrasings
from chatbot.corpus.yaml_nodes import list_item
from chatbot.terminal.feedback import Feedback
from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.answering.reply import Reply
    from chatbot.arrays import Vectors
    from chatbot.bot import Chatbot

# Questions whose vectors have at least this cosine are listed together. It orders a report and decides nothing else.
_ALIKE = 0.6
_NOTHING_TO_PASTE = "Nothing to paste:"


def report(bot: "Chatbot", given: Sequence[Feedback]) -> str:
    """The feedback for an editor: what was bad, grouped by meaning and ready to mend; then what was good."""
    bad = [feedback for feedback in given if feedback.verdict == "bad"]
    good = [feedback for feedback in given if feedback.verdict == "good"]
    return "\n".join([*_bad(bot, bad), "", *_good(good)]) + "\n"


def _bad(bot: "Chatbot", bad: Sequence[Feedback]) -> Iterator[str]:
    if not bad:
        yield "Bad or unanswered: 0 questions in 0 groups"
        return
    vectors = bot.index.encoder.encode([feedback.query for feedback in bad])
    groups = _groups(vectors)
    yield f"Bad or unanswered: {_counted(len(bad), 'question')} in {_counted(len(groups), 'group')}"
    advisor = _Advisor(bot)
    for rows in groups:
        yield ""
        yield from _group(advisor, [bad[row] for row in rows], vectors[rows])


def _group(advisor: "_Advisor", group: Sequence[Feedback], vectors: "Vectors") -> Iterator[str]:
    yield f"{_counted(len(group), 'question')} like {one_line(group[0].query)!r}"
    times = Counter(one_line(feedback.query) for feedback in group)
    advice: dict[str, dict[str, None]] = {}
    for feedback, vector in zip(group, vectors, strict=True):
        heading, line = advisor.advice(feedback, vector)
        several = times[one_line(feedback.query)]
        advice.setdefault(heading, {})[line + (f"  # {several} times" if several > 1 else "")] = None
    for heading, lines in advice.items():
        yield f"  {heading}"
        indent = "    " if heading == _NOTHING_TO_PASTE else "  "
        yield from (f"{indent}{line}" for line in lines)
    for outcome, several in Counter(map(_outcome, group)).items():
        yield f"  {several} × {outcome}"
    yield from (f"  wanted: {one_line(feedback.missing)}" for feedback in group if feedback.missing)


class _Advisor:
    """What an editor can do about a reply that was bad, as the corpus is now."""

    def __init__(self, bot: "Chatbot") -> None:
        self._bot = bot
        self._phrasings = Phrasings(bot.index)

    def advice(self, feedback: Feedback, vector: "Vectors") -> tuple[str, str]:
        """A heading, and the line below it: an item to paste into the field that the heading names, or a reason."""
        query = one_line(feedback.query)
        reply = self._bot.ask(query)
        if feedback.kind == "urgent":
            return self._after_alarm(query, vector, reply)
        if reply.id is not None and reply.id != feedback.id:
            return _NOTHING_TO_PASTE, f"{query!r} is answered with {reply.id} by now"
        if reply.id is not None:
            return _NOTHING_TO_PASTE, f"{query!r} is answered with {reply.id}: mend that, or write the entry it lacks"
        if not reply.suggestions:
            return _NOTHING_TO_PASTE, f"{query!r} is near to no entry: write one"
        nearest = reply.suggestions[0]
        if objection := self._phrasings.objection(query, vector, nearest.id):
            return _NOTHING_TO_PASTE, f"in {nearest.id}, {objection}"
        return f"For the alternate_questions of {nearest.id}, if it asks {nearest.question!r}:", list_item(query)

    def _after_alarm(self, query: str, vector: "Vectors", reply: "Reply") -> tuple[str, str]:
        """A false alarm is mended by a look-alike, unless the question is as good as one of the sign's phrasings."""
        if reply.kind != "urgent":
            return _NOTHING_TO_PASTE, f"{query!r} raises no alarm any more"
        if objection := self._phrasings.look_alike_objection(query, vector):
            return _NOTHING_TO_PASTE, f"the alarm may be right: {objection}"
        return f"For the look_alikes of {reply.id}, if that was a false alarm:", list_item(query)


def _outcome(feedback: Feedback) -> str:
    entry = one_line(str(feedback.id))
    outcomes = {"no-answer": "had no answer", "clarify": "was asked back", "urgent": f"raised the alarm of {entry}"}
    return outcomes.get(feedback.kind, f"was answered with {entry}")


def _good(good: Sequence[Feedback]) -> Iterator[str]:
    yield f"Good: {_counted(len(good), 'reply', 'replies')}"
    for outcome, several in Counter(map(_outcome, good)).most_common():
        yield f"  {several} × {outcome}"


def _groups(vectors: "Vectors") -> list[list[int]]:
    """Rows of vectors grouped by meaning, large groups first: each joins the founder that it is most like."""
    similarity = vectors @ vectors.T
    founders: dict[int, list[int]] = {}
    for row in range(len(vectors)):
        alike = [founder for founder in founders if similarity[row, founder] >= _ALIKE]
        home = max(alike, key=lambda founder: similarity[row, founder], default=row)
        founders.setdefault(home, []).append(row)
    return sorted(founders.values(), key=len, reverse=True)


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
