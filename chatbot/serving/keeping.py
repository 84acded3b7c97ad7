"""What a page keeps of a movement, all of it: to show, to count down and to print it, the page asks nobody again."""

from typing import Any

from chatbot.index.index import Index
from chatbot.page.html import picture, without_styles
from chatbot.practice.kept import Kept
from chatbot.practice.movements import Movement, movements
from chatbot.practice.order import order_of
from chatbot.practice.sheet import card
from chatbot.practice.stages import stages
from chatbot.practice.words import amount
from chatbot.text.cleaning import one_line
from chatbot.text.reading import plain_text


def to_keep(index: Index, entry_id: str, figures: str) -> dict[str, Any] | None:
    """The movement of an entry as plain data; `card` is a fragment of HTML with every word escaped, whose pictures lie
    below the address `figures`. None for an entry that teaches none."""
    (movement,) = movements(index, [Kept(entry_id, "")])
    if not isinstance(movement, Movement):
        return None
    return {
        "id": movement.id,
        "title": one_line(movement.title),
        "amount": amount(movement),
        "byHand": movement.dose is None,
        "card": without_styles(card(movement, lambda figure: picture(figure, figures))),
        "avoid": list(map(one_line, movement.avoid_if)),
        "stop": one_line(plain_text(movement.stop.text)) if movement.stop else "",
        "order": list(map(int, order_of(movement))),
        "stages": [
            {"kind": stage.kind, "words": stage.words, "seconds": stage.seconds, "byHand": stage.by_hand}
            for stage in stages([movement])
        ],
    }
