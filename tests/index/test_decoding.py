"""JSON -> dataclasses: each type that a field may have, and where a misfit is told to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pytest

from chatbot.index.decoding import Misfit, decoder


@dataclass(frozen=True)
class Inner:
    number: float
    text: str | None = None

    def __post_init__(self):
        if self.number > 9:
            raise ValueError("is more than nine")


@dataclass(frozen=True)
class Outer:
    count: int
    flag: bool
    several: tuple[Inner, ...]
    by_name: Mapping[str, tuple[int, ...]]


def outer(**changes):
    fields = {"count": 1, "flag": True, "several": [{"number": 1, "text": "a"}], "by_name": {"x": [2, 3]}}
    return {**fields, **changes}


def test_all_of_it():
    decoded = decoder(Outer)(outer())
    assert decoded == Outer(1, True, (Inner(1.0, "a"),), {"x": (2, 3)})
    assert type(decoded.several[0].number) is float  # JSON writes 1.0 as 1, or may


@pytest.mark.parametrize("empty", [outer(several=[], by_name={}), outer(several=[{"number": 1, "text": None}])])
def test_nothing_where_nothing_may_be(empty):
    assert decoder(Outer)(empty).count == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "it is None, not an object"),
        ([], "it is [], not an object"),
        ({}, "by_name is missing"),
        (outer(more=1), "more is unknown"),
        (outer(count=1.0), "count is 1.0, not a whole number"),
        (outer(count=True), "count is True, not a whole number"),
        (outer(flag=1), "flag is 1, not true or false"),
        (outer(flag=None), "flag is None, not true or false"),
        (outer(several={}), "several is {}, not a list"),
        (outer(several="abc"), "several is 'abc', not a list"),
        (outer(several=[{"number": 1, "text": ""}, 5]), "several.1 is 5, not an object"),
        (outer(several=[{"number": 1, "text": 5}]), "several.0.text is 5, not a text"),
        (outer(several=[{"number": True, "text": ""}]), "several.0.number is True, not a number"),
        (outer(several=[{"number": 1}]), "several.0.text is missing"),
        (outer(several=[{"number": 10, "text": ""}]), "several.0 is more than nine"),
        (outer(by_name=[]), "by_name is [], not an object"),
        (outer(by_name={"x": [], "y": [1, None]}), "by_name.y.1 is None, not a whole number"),
        (outer(by_name={"a\nb\x1b": 5}), r"by_name.a\nb\x1b is 5, not a list"),
        (outer(count="x" * 99), f"count is '{'x' * 39}, not a whole number"),
    ],
    ids=str,
)
def test_a_misfit_is_told_with_its_place(value, told):
    with pytest.raises(Misfit) as caught:
        decoder(Outer)(value)
    assert str(caught.value) == told


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**309])
def test_numbers_are_finite(number):
    with pytest.raises(Misfit, match="not a number"):
        decoder(float)(number)
    assert decoder(float)(10**308) == 1e308


def test_one_of_some_texts():
    assert decoder(Literal["a", "b"] | None)("b") == "b"
    for wrong in ("c", 1, ["a"], {}):
        with pytest.raises(Misfit, match="not one of a, b"):
            decoder(Literal["a", "b"])(wrong)
