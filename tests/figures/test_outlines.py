import numpy as np
import pytest

from chatbot.figures.camera import Camera
from chatbot.figures.filling import Balls
from chatbot.figures.outlines import edges, rings
from chatbot.figures.raster import Raster, Window


def test_a_ring_lies_around_its_area_wherever_that_is():
    mask = np.zeros((60, 90), dtype=bool)
    mask[20:40, 50:81] = True
    (ring,) = rings(mask)
    assert ring.min(axis=0) == pytest.approx([49.5, 19.5], abs=0.05)
    assert ring.max(axis=0) == pytest.approx([80.5, 39.5], abs=0.05)


def test_an_area_at_the_rim_is_closed_and_a_hole_has_its_own_ring():
    mask = np.zeros((40, 40), dtype=bool)
    mask[:30, :30] = True
    mask[10:20, 10:20] = False
    outer, inner = sorted(rings(mask), key=len, reverse=True)
    assert (outer[0] == outer[-1]).all()
    assert outer.min(axis=0) == pytest.approx([-0.5, -0.5], abs=0.05)
    assert inner.mean(axis=0) == pytest.approx([14.5, 14.5], abs=0.3)
    assert list(rings(np.zeros((5, 5), dtype=bool))) == []


def test_a_line_is_drawn_where_the_other_lies_far_enough_behind():
    raster = Raster(Camera((0, 0)), Window(-1, -1, 1, 1, 50))
    near, far = (0.0, -0.5, 0.0), (0.0, 0.5, 0.0)
    raster.add_balls(Balls(np.array([near, far]), np.array([0.3, 0.8]), np.array([0, 1])))
    # At its rim the near ball is at -0.5 and the far one, whose middle is at 0.5, at 0.5 - (0.64 - 0.09) ** 0.5
    behind = 0.5 - 0.55**0.5 + 0.5
    (line,) = edges(raster, 0, lambda owner, other: behind - 0.2)
    assert line.max(axis=0) == pytest.approx([49.5 + 15, 49.5 + 15], abs=0.6)
    assert list(edges(raster, 0, lambda owner, other: behind + 0.2)) == []
