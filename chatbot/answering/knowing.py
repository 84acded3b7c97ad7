"""What a conversation knows of its person: how that grows with each message, and what is taken back."""

from collections import Counter
from collections.abc import Sequence

from chatbot.matching.conditions import Conditions, Told
from chatbot.text.cleaning import words

_TELLING = 0.1  # of the conditions, the largest share that a word may be said of and still tell one


def learnt(known: Told, told: Told) -> Told:
    """What is known once a message told more. What somebody has stays theirs where it is another's as well."""
    said = {name: when for name, when in known.said.items() if name not in told.denied}
    own = (said.keys() - known.another) | (told.said.keys() - told.another)
    said |= {name: when or said.get(name, "") for name, when in told.said.items()}
    return Told(said, frozenset(said.keys() - own))


def taken_back(known: Told, newest: Sequence[str], message: str, conditions: Conditions) -> Told:
    """What is known once a message took something back: what it names of that ("forget the hip"), or where it names
    no condition, what was told last ("no, it was my husband")."""
    named = {conditions.conditions[mention.condition].id for mention in conditions.mentions(message)}
    telling = _telling_words(conditions) & set(words(message))
    named |= {each.id for each in conditions.of(known.said) if telling & set(words(each.said))}
    gone = named or set(newest)
    said = {name: when for name, when in known.said.items() if name not in gone}
    return Told(said, known.another & said.keys())


def _telling_words(conditions: Conditions) -> set[str]:
    """The words that few conditions are said with."""
    counts = Counter(word for each in conditions.conditions for word in set(words(each.said)))
    return {word for word, count in counts.items() if count <= max(_TELLING * len(conditions.conditions), 1)}
