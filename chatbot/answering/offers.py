"""What a reply offers to go on with or to choose from, and how offers that read alike are told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot import settings
from chatbot.index.index import Index
from chatbot.records import Entry, RelatedQuestion
from chatbot.text.cleaning import normalise


def related_offers(index: Index, entry: Entry) -> tuple[RelatedQuestion, ...]:
    """What to go on with after `entry`: its own list first, then the nearest others by meaning; answers only, never
    itself. With a warning sign there is nothing, and small talk offers only what it lists itself."""
    if entry.kind == "urgent":
        return ()
    own = index.rows[entry.id]
    answers = (row for row in _near(index, entry, own) if row != own and index.kind(row) == "answer")
    rows = list(dict.fromkeys(answers))[: settings.MAX_RELATED]
    return told_apart([index.offer(row) for row in (own, *rows)])[1:]


def _near(index: Index, entry: Entry, row: int) -> Iterator[int]:
    yield from (index.rows[related] for related in entry.related)
    if entry.kind not in ("small-talk", "all-clear"):
        yield from index.nearest_entries(row)


def told_apart(offers: Sequence[RelatedQuestion]) -> tuple[RelatedQuestion, ...]:
    """The offers, with a hint for those whose questions read alike: the topic, else the first words of the answer."""
    hints = distinguishing_hints(
        [offer.question for offer in offers],
        [offer.topic.replace("-", " ") for offer in offers],
        [offer.preview for offer in offers],
        [offer.id for offer in offers],
    )
    return tuple(replace(offer, hint=hint) for offer, hint in zip(offers, hints, strict=True))


def distinguishing_hints(texts: Sequence[str], *hints: Sequence[str]) -> list[str]:
    """What to show behind each text to tell it apart; nothing behind those that read like no other.

    Each of `hints` is as long as `texts`. Those that read alike all get theirs from the first of `hints` in which
    these differ, from the last when they differ in none.
    """
    chosen = [""] * len(texts)
    for places in _alike(texts):
        if len(places) > 1:
            differing = (each for each in hints if len(_alike([each[place] for place in places])) == len(places))
            telling = next(differing, hints[-1])
            for place in places:
                chosen[place] = telling[place]
    return chosen


def _alike(texts: Sequence[str]) -> list[list[int]]:
    """The places of the texts, those together that differ only in case and punctuation."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(normalise(text) or text, []).append(place)
    return list(groups.values())
