from itertools import pairwise

import numpy as np
import pytest

from chatbot.figures.bodies import BODIES

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ.sum(axis=1)


def lab(colour):
    """A colour of CSS as CIE L*a*b* of 1976, by daylight."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    light = np.where(parts > 0.04045, ((parts + 0.055) / 1.055) ** 2.4, parts / 12.92)
    share = _TO_XYZ @ light / _WHITE
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_distances_of_colours_are_those_of_the_standard():
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.05)
    assert lab("#ff0000") == pytest.approx([53.2, 80.1, 67.2], abs=0.1)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_lies_side_by_side_is_told_apart(body):
    distances = {
        f"{one} {two}": round(float(np.linalg.norm(lab(getattr(body, one)) - lab(getattr(body, two)))))
        for one, two in (*pairwise(("hair_colour", "skin", "shirt", "trousers", "skin")),)
    }
    assert {pair: far for pair, far in distances.items() if far < 25} == {}
