"""YAML of a pose file -> values; what is none is a `WrongNode` with its line and what to do."""

from collections.abc import Collection, Iterator
from math import isfinite, nan

from chatbot.corpus.validation import suggestion
from chatbot.corpus.yaml_nodes import Mapping as Fields
from chatbot.corpus.yaml_nodes import Node, Scalar, Sequence
from chatbot.figures.statements import WAYS


class WrongNode(Exception):
    """What was written at a node cannot be used; it says why, and what to do."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.line = node.line


def check_fields(node: Fields, known: Collection[str], what: str) -> None:
    """Raises `WrongNode` for a field that is not known."""
    for name, value in node.items.items():
        if name not in known:
            raise WrongNode(value, f"{name!r} is not a field of a {what}{suggestion(name, known)}")


def items_of(node: Node | None) -> tuple[Node, ...]:
    """The items of a list, or the one thing that stands in its place."""
    if node is None or (isinstance(node, Scalar) and not node.value):
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def fields_of(node: Node | None, how: str) -> Iterator[tuple[str, Node]]:
    """The fields of a node by name; none where it is empty."""
    if node is None or (isinstance(node, Scalar) and not node.value):
        return
    if not isinstance(node, Fields):
        raise WrongNode(node, how)
    yield from node.items.items()


def text_of(node: Node) -> str:
    """The text of a node on one line."""
    if not isinstance(node, Scalar):
        raise WrongNode(node, "a list or fields in braces stand where one value belongs; write one word or number")
    if not node.value.strip():
        raise WrongNode(node, "a field is empty; write its value, or take the field out")
    return " ".join(node.value.split())


def number_of(node: Node) -> float:
    """The number of a node."""
    try:
        number = float(text_of(node))
    except ValueError:
        number = nan
    if not isfinite(number):
        raise WrongNode(node, f"{text_of(node)!r} is no number; write one in digits, such as 90 or -0.5")
    return number


def numbers_of(node: Node, count: int) -> tuple[float, ...]:
    """So many numbers of a node."""
    numbers = tuple(number_of(item) for item in items_of(node))
    if len(numbers) != count:
        raise WrongNode(
            node, f"{count} numbers are needed here, not {len(numbers)}" if count > 1 else "one number is needed here"
        )
    return numbers


def flag_of(node: Fields, field: str, *, default: bool = False) -> bool:
    """Whether a field says `yes` rather than `no`."""
    return choice_of(node, field, ("yes", "no")) == "yes" if field in node.items else default


def choice_of(node: Fields, field: str, known: Collection[str]) -> str | None:
    """What a field says, one of the known; None where it is left out."""
    if field not in node.items:
        return None
    word = text_of(node.items[field])
    if word not in known:
        raise WrongNode(
            node.items[field],
            f"{field!r} is one of {', '.join(filter(None, known))}, and not {word!r}{suggestion(word, known)}",
        )
    return word


def meant(word: str, known: Collection[str]) -> str:
    """'; did you mean …?' when a known word is close to `word`, else all that are known."""
    return suggestion(word, known) or f"; there are {', '.join(known)}"


def names_of(node: Node | None, known: Collection[str], what: str) -> Iterator[str]:
    """The known names in a list."""
    for item in items_of(node):
        if (name := text_of(item)) not in known:
            several = f"; write several in brackets: [{name}]" if "," in name else meant(name, known)
            raise WrongNode(item, f"{name!r} is no {what}{several}")
        yield name


def direction_of(node: Node) -> tuple[float, float, float]:
    """A unit direction: a word of `WAYS`, or three numbers."""
    if isinstance(node, Scalar) and node.value in WAYS:
        return WAYS[node.value]
    x, y, z = numbers_of(node, 3)
    length = (x * x + y * y + z * z) ** 0.5
    if not length:
        raise WrongNode(node, f"a direction is one of {', '.join(WAYS)}, or three numbers, e.g. [1, 0, -0.5]")
    return x / length, y / length, z / length
