"""Lines of a pose file that set angles, and the positions to begin from."""

from collections.abc import Iterator
from functools import cache
from importlib import resources

from chatbot.corpus.yaml_mending import read
from chatbot.corpus.yaml_nodes import Mapping as Fields
from chatbot.corpus.yaml_nodes import Node
from chatbot.figures.joints import INDEX, NAMES, SIDES, limits, sided
from chatbot.figures.pose_values import WrongNode, fields_of, items_of, meant, number_of, text_of


@cache
def positions() -> dict[str, dict[str, float]]:
    """The positions to begin from, as angles by name."""
    text = (resources.files(__package__) / "positions.yaml").read_text(encoding="utf-8")
    root, _ = read(text)
    assert isinstance(root, Fields)  # noqa: S101 - a file of ours
    return {name: joints_of(node, True) for name, node in root.items.items()}


def joint_starts(node: Node | None) -> Iterator[str]:
    """Joints by name, or by the beginning of their names."""
    for item in items_of(node):
        if not any(name.startswith(text_of(item)) for name in NAMES):
            raise WrongNode(item, f"{text_of(item)!r} is no joint{meant(text_of(item), NAMES)}")
        yield text_of(item)


def joints_of(node: Node | None, trained: bool) -> dict[str, float]:
    """The angles that the lines of `joints` set, by name; `trained` bodies reach further."""
    least, most = limits(trained)
    angles: dict[str, float] = {}
    for written, value in fields_of(node, "joints are lines of `joint: degrees`"):
        for name, number in _angles(written, value):
            low, high = least[INDEX[name]], most[INDEX[name]]
            if not low <= number <= high:
                raise WrongNode(value, f"{name} goes from {low:.0f} to {high:.0f}, not to {number:g}")
            angles[name] = number
    return angles


def _angles(written: str, value: Node) -> Iterator[tuple[str, float]]:
    """The angles that a line of `joints` sets: one by its name, or all of a joint, in order; of both sides, where none
    is named."""
    groups = _joint_groups()
    if written not in groups:
        raise WrongNode(value, f"{written!r} is no joint{meant(written, groups)}")
    numbers = [number_of(item) for item in items_of(value)]
    if not numbers:
        raise WrongNode(value, f"{written} has no angle; write its degrees, or take it out")
    for names in groups[written]:
        if len(numbers) > len(names):
            raise WrongNode(value, f"{written} has {len(names)} angles, not {len(numbers)}")
        yield from zip(names, numbers, strict=False)


@cache
def _joint_groups() -> dict[str, tuple[tuple[str, ...], ...]]:
    """What a line of `joints` may name, with the angles that it sets, of each side."""
    groups: dict[str, tuple[tuple[str, ...], ...]] = {name: ((name,),) for name in NAMES}
    for name in NAMES:
        joint, _, angle = name.rpartition(".")
        if angle not in SIDES and joint:
            groups[joint] = ((*(groups[joint][0] if joint in groups else ()), name),)
    for name in NAMES:
        for plain in {name.replace(".L", ""), name.replace(".L", "").partition(".")[0]} if ".L" in name else ():
            groups[plain] = tuple(groups[sided(plain, side)][0] for side in SIDES)
    return groups
