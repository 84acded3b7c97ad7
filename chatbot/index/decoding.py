"""JSON -> frozen dataclasses, by the types of their fields: what is of another type, missing or unknown is refused.

A field may be a text, a `Literal` of some, true or false, a whole number, a finite number, another dataclass, a
`tuple[T, ...]`, a `Mapping[str, T]` or a `T | None`. What a dataclass refuses with a `ValueError` when it is made is
told likewise.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import cache, partial
from itertools import count, repeat
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

Decoder = Callable[[Any], Any]

_NAMES = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


class Misfit(ValueError):
    """A value that does not fit: the names on the way to it, from the outermost one on, and what is wrong there."""

    def __init__(self, what: str, place: tuple[str, ...] = ()) -> None:
        super().__init__(f"{repr('.'.join(place))[1:-1] or 'it'} {what}")
        self.what = what
        self.place = place


@cache
def decoder(kind: Any) -> Decoder:
    """What makes a value of the type `kind` of what `json.loads` gives. It raises `Misfit`."""
    if is_dataclass(kind):
        return _record(kind, {name: decoder(hint) for name, hint in get_type_hints(kind).items()})
    if get_origin(kind) is Literal:
        return partial(_one_of, get_args(kind))
    inner = [decoder(each) for each in get_args(kind) if each not in (Ellipsis, NoneType)]
    if NoneType in get_args(kind):
        return lambda value: None if value is None else inner[0](value)
    if get_origin(kind) is tuple:
        return lambda value: tuple(_decoded(map(str, count()), repeat(inner[0]), _checked(list, value)))
    if get_origin(kind) is Mapping:
        return lambda value: dict(
            zip(_checked(dict, value), _decoded(value, repeat(inner[1]), value.values()), strict=True)
        )
    return _number if kind is float else partial(_checked, kind)


def _record(kind: Any, decoders: Mapping[str, Decoder]) -> Decoder:
    def decode(value: Any) -> Any:
        if odd := decoders.keys() ^ _checked(dict, value).keys():
            name = min(odd, key=str)
            raise Misfit("is unknown" if name in value else "is missing", (str(name),))
        members = _decoded(decoders, decoders.values(), map(value.get, decoders))
        try:
            return kind(*members)
        except ValueError as error:
            raise Misfit(str(error)) from error

    return decode


def _decoded(names: Iterable[str], decoders: Iterable[Decoder], values: Iterable[Any]) -> list[Any]:
    """As many values as there are, each by its decoder; a misfit gets the name of its value."""
    decoded = []
    for name, decode, value in zip(names, decoders, values, strict=False):
        try:
            decoded.append(decode(value))
        except Misfit as error:
            raise Misfit(error.what, (name, *error.place)) from error
    return decoded


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not abs(value) <= sys.float_info.max:
        raise Misfit(f"is {value!r:.40}, not {_NAMES[float]}")
    return float(value)


def _one_of(choices: tuple[str, ...], value: Any) -> str:
    if type(value) is not str or value not in choices:
        raise Misfit(f"is {value!r:.40}, not one of {', '.join(choices)}")
    return value


def _checked(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise Misfit(f"is {value!r:.40}, not {_NAMES[kind]}")
    return value
