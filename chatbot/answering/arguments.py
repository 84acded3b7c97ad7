"""Whether callers hand over what they are asked for: a wrong type is told by the argument's name, where it is made."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from chatbot.addresses import Address, is_address


def text_argument(value: object, name: str) -> str:
    """`value` as text. Raises `TypeError` for anything else, which names the argument."""
    if isinstance(value, str):
        return value
    decode = f"; decode it first, as in {name}.decode()" if isinstance(value, bytes | bytearray) else ""
    raise TypeError(f"{name} must be text (str), not {type(value).__name__}{decode}")


def texts_argument(values: object, name: str) -> list[str]:
    """`values` as a list of texts. Raises `TypeError` for one text alone, and for what holds something else."""
    if isinstance(values, str | bytes | bytearray) or not isinstance(values, Iterable):
        raise TypeError(f'{name} must be a list of texts, as in {name}=["…"], not {type(values).__name__}')
    return [text_argument(value, f"{name}[{place}]") for place, value in enumerate(values)]


def path_argument(value: object, name: str) -> Path | None:
    """`value` as a path; None where none is named. Raises `TypeError` for what names no path."""
    if value is None:
        return None
    if isinstance(value, str | PathLike) and str(value):
        return Path(value)
    raise TypeError(f"{name} must be a path (str or Path), not {value!r:.40}")


def index_argument(value: object, name: str) -> Path | Address | None:
    """`value` as the folder of an index or the address of a published one; None where none is named. Raises `TypeError`
    for what names neither, `StorageError` for an address that is none."""
    if isinstance(value, Address):
        return value
    if isinstance(value, str) and is_address(value):
        return Address.parse(value)
    return path_argument(value, name)


def count_argument(value: object, name: str) -> int:
    """`value` as a number of things, at least 1. Raises `TypeError` or `ValueError`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name} must be 1 or more, not {value}")
    return value
