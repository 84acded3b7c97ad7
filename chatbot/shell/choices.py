"""What a numbered list offers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.index.index import Index
    from chatbot.records import RelatedQuestion


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered line of the last list: what it says, and the line that choosing it stands for; none declines."""

    label: str
    line: str


def numbered(choices: Sequence[Choice]) -> dict[int, Choice]:
    """The choices by the number that a list shows them with."""
    return dict(enumerate(choices, start=1))


def offer_choices(offers: "Iterable[RelatedQuestion]") -> list[Choice]:
    """Choices that open what is offered."""
    return [Choice(one_line(offer.label), f"/open {offer.id}") for offer in offers]


def entry_choices(index: "Index", ids: Iterable[str]) -> list[Choice]:
    """Choices that open the entries of these ids, no two of which look the same."""
    from chatbot.answering.offers import told_apart

    return offer_choices(told_apart([index.offer(index.rows[entry_id]) for entry_id in ids]))
