"""Finding entries by words: those that have the words first, then those near in meaning."""

from collections.abc import Collection

from chatbot.answering.responder import Responder
from chatbot.index.index import Index
from chatbot.records import Match
from chatbot.text.cleaning import words

_NEAR_IN_MEANING = 200
# Of what all words weigh that occur at all, rare ones more, an entry is to have so much.
_LEAST_SHARE = 0.5


def search(responder: Responder, text: str, topics: Collection[str] | None, k: int) -> list[Match]:
    """The `k` answers that fit some words best: by how much of them their phrasings have, then by meaning.

    Raises `QuestionError` when there are no words.
    """
    index = responder.index
    near = [match for match in responder.matches(text, _NEAR_IN_MEANING, topics) if match.kind == "answer"]
    place = {match.id: number for number, match in enumerate(near)}
    shares = _shares(index, index.corrector.correct(text).text, index.answers if topics is None else topics)
    with_words = sorted(shares, key=lambda row: (-shares[row], place.get(index.ids[row], len(near))))
    found = [near[place[index.ids[row]]] if index.ids[row] in place else _unranked(index, row) for row in with_words]
    return [*found, *(match for match in near if index.rows[match.id] not in shares)][:k]


def _shares(index: Index, text: str, topics: Collection[str]) -> dict[int, float]:
    """What share of the words the phrasings of an answer have, by its row; those that have enough of them."""
    answers = {row for topic in topics for row in index.answers[topic]}
    owners = {word: answers.intersection(_entries_with(index, word)) for word in words(text)}
    weights = {word: index.lexical.weight(word) for word, rows in owners.items() if rows}
    whole = sum(weights.values())
    shares = {
        row: sum(weight for word, weight in weights.items() if row in owners[word]) / whole
        for row in set().union(*owners.values())
    }
    return {row: share for row, share in shares.items() if share >= _LEAST_SHARE}


def _entries_with(index: Index, word: str) -> set[int]:
    """The rows of the entries of which a phrasing has a word, be it in the singular or the plural."""
    found: set[int] = set()
    for form in {word, f"{word}s", word.removesuffix("s")}:
        for row in index.lexical.texts_with(form):
            if row >= len(index.phrasings):  # the text of an answer, say
                continue
            owner = int(index.phrasing_entry[row])
            # Another word may lie in the same bucket. One phrasing of an entry is enough.
            if owner not in found and form in words(index.phrasings[row]):
                found.add(owner)
    return found


def _unranked(index: Index, row: int) -> Match:
    """The match of an entry that is not near in meaning."""
    offer = index.offer(row)
    return Match(offer.id, offer.question, "answer", 0.0, 0.0, 0.0, offer.question)
