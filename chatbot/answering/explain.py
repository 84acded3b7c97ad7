"""Why the bot replied as it did, in words: the first matches, their evidence and the thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot import settings
from chatbot.records import Match, Thresholds
from chatbot.text.cleaning import one_line

_SHOWN = 3
_SEVERAL = "You asked more than one thing, and I am sure enough of an answer to each."
# What people read for the evidence of a match; what is not named here tells them nothing.
EVIDENCE = {
    "score": "score",
    "margin": "ahead of the next by",
    "nearest_phrasing": "like its nearest phrasing",
    "centroid_similarity": "like the entry as a whole",
    "oos_similarity": "like out-of-scope questions",
    "coverage": "of a kind that is covered",
    "words_in_common": "words in common",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read: as one about an entry, as other words, what it names that the answer does not, and
    whether it asks more than one thing."""

    about: str | None = None
    read_as: str | None = None
    not_said: Sequence[str] = ()
    several: bool = False


def explain(
    kind: str,
    confidence: float,
    matches: Sequence[Match],
    thresholds: Thresholds | None,
    reading: Reading = Reading(),
) -> str:
    """The reasons for a reply, from its fields, as plain text; long lines are for the reader to wrap."""
    if not matches:
        return _unmatched(kind, reading)
    decision = _SEVERAL if reading.several else _decision(kind, confidence)
    decided = " ".join([*_read(reading), decision, *_doubt(reading)])
    return "\n".join([decided, *_details(kind, matches, thresholds)])


def _unmatched(kind: str, reading: Reading) -> str:
    if kind == "urgent" and reading.about:
        return "You described this sign before. It comes first until you tell me that someone has looked at it."
    return "Nothing was matched." if kind == "no-answer" else "You opened this entry yourself, so nothing was matched."


def _read(reading: Reading) -> Iterator[str]:
    if reading.about:
        yield f'I read it as a question about "{one_line(reading.about)}".'
    if reading.read_as:
        yield f'I read it as "{one_line(reading.read_as)}".'


def _doubt(reading: Reading) -> Iterator[str]:
    if reading.not_said:
        named = ", ".join(f'"{each}"' for each in reading.not_said[:_SHOWN])
        yield f"I would be surer, but the answer never says {named}."


def _decision(kind: str, confidence: float) -> str:
    if kind == "urgent":
        return f"I am {_percent(confidence)} sure that this is a sign that needs care, which comes before all else."
    outcomes = {
        "clarify": ": not enough to answer, enough to ask what was meant",
        "no-answer": ": too little to answer",
    }
    return f"I am {_percent(confidence)} sure that the first match is right{outcomes.get(kind, '')}."


def _details(kind: str, matches: Sequence[Match], thresholds: Thresholds | None) -> Iterator[str]:
    first = matches[0]
    if kind != "urgent":
        yield f"I am {_percent(first.in_scope)} sure that the corpus covers this."
        if thresholds:
            yield (
                f"I answer when I am at least {_percent(thresholds.answer)} sure of a match. Otherwise I ask what"
                f" was meant when I am at least {_percent(thresholds.clarify)} sure that the corpus covers it, else"
                " I say that I have no answer."
            )
    yield from ("", "The first matches:")
    for match in matches[:_SHOWN]:
        yield from _match(match)
    if kind != "urgent":
        yield ""
        yield (
            "If another entry should have answered, add your words to its alternate questions and"
            f" {settings.REBUILD}. The first match is the entry `{first.id}`."
        )


def _match(match: Match) -> Iterator[str]:
    yield f"  {_percent(match.confidence):>6}  {one_line(match.question)}"
    yield f'          nearest phrasing: "{one_line(match.phrasing)}"'
    evidence = dict(match.evidence)
    told = [f"{words} {evidence[name]:.2f}" for name, words in EVIDENCE.items() if name in evidence]
    if told:
        yield f"          {' · '.join(told)}"


def _percent(probability: float) -> str:
    """To a tenth, which is left out where it is 0."""
    return f"{round(100 * probability, 1):g} %"
