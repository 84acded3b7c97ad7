"""Why the bot replied as it did, in words: the first matches, their evidence and the thresholds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatbot.records import Match
from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.answering.reply import Reply

_SHOWN = 3


def explain(reply: "Reply") -> str:
    """The reasons for `reply` as plain text; long lines are for the reader to wrap."""
    return "\n".join(_lines(reply))


def _lines(reply: "Reply") -> Iterator[str]:
    if not reply.matches:
        yield "You opened this entry yourself, so nothing was matched." if reply.id else "Nothing was matched."
        return
    yield _decision(reply)
    thresholds = reply.thresholds
    if "answer" in thresholds and "clarify" in thresholds:
        covered = reply.matches[0].evidence.get("covered")
        if covered is not None:
            yield f"That I have an answer to it at all has a probability of {_percent(covered)}."
        yield (
            f"I answer when a match is right with {_percent(thresholds['answer'])} or more. Otherwise I ask what was"
            f" meant when I have an answer with {_percent(thresholds['clarify'])} or more, else I say that I have none."
        )
    yield ""
    yield "The first matches:"
    for match in reply.matches[:_SHOWN]:
        yield from _match(match)
    if reply.kind != "urgent":
        yield ""
        yield (
            "If another entry should have answered, add your words to the alternate questions of that entry; for the"
            f" first match that is `{reply.matches[0].entry.id}`. Then run `flexbot build`."
        )


def _decision(reply: "Reply") -> str:
    sure = f"The best match is right with a probability of {_percent(reply.confidence)}"
    if reply.about:
        sure = f'I read it as a question about "{one_line(reply.about)}". {sure}'
    outcomes = {
        "clarify": "not enough to answer, enough to ask what was meant",
        "no-answer": "too little to answer",
        "urgent": "and it is a sign that needs care, which comes before any stretch",
    }
    outcome = outcomes.get(reply.kind, f"so I am {reply.certainty}")
    return f"{sure}: {outcome}."


def _match(match: Match) -> Iterator[str]:
    yield f"  {_percent(match.confidence):>6}  {one_line(match.entry.question)}"
    yield f'          nearest phrasing: "{one_line(match.phrasing)}"'
    evidence = " · ".join(f"{name} {value:.2f}" for name, value in match.evidence.items() if name != "covered")
    if evidence:
        yield f"          {evidence}"


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f} %"
