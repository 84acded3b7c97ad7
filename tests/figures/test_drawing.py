import re
from xml.etree import ElementTree

import numpy as np
import pytest

from chatbot.figures.bodies import BODIES
from chatbot.figures.bones import Build
from chatbot.figures.camera import Camera
from chatbot.figures.colours import pale_limbs
from chatbot.figures.draw import draw_file, is_drawn, record_of, steps_of
from chatbot.figures.drawing import draw
from chatbot.figures.faults import FELT
from chatbot.figures.filling import Balls
from chatbot.figures.flesh import Flesh
from chatbot.figures.joints import REST
from chatbot.figures.raster import NOTHING, Raster, Window
from chatbot.figures.skeleton import Skeleton
from chatbot.figures.solving import solve
from chatbot.figures.surfaces import Block
from chatbot.figures.svg import picture
from tests.figures.poses import LIFT, read

WINDOW = Window(-1, -1, 1, 1, 20)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    file = tmp_path_factory.mktemp("figures") / "lift.yaml"
    file.write_text(LIFT, encoding="utf-8")
    assert draw_file(file) == []
    return file


def test_the_nearer_surface_is_seen():
    raster = Raster(Camera((0, 0)), WINDOW)  # from the right: a smaller y is nearer
    near, far = (0.0, -0.5, 0.0), (0.0, 0.5, 0.0)
    raster.add_balls(Balls(np.array([far, near]), np.array([0.5, 0.2]), np.array([7, 3])))
    assert raster.owner[20, 20] == 3
    assert raster.owner[20, 20 + 7] == 7
    assert raster.owner[0, 0] == NOTHING
    assert raster.depth[20, 20] == pytest.approx(-0.7, abs=0.01)


def test_a_box_is_seen_by_its_faces():
    raster = Raster(Camera((0, 0)), WINDOW)
    raster.add_block(Block((-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)), (1, 2, 3))
    assert set(np.unique(raster.owner)) == {NOTHING, 2}  # across y
    assert (raster.owner == 2).sum() == 20 * 20
    above = Raster(Camera((0, 75)), WINDOW)
    above.add_block(Block((-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)), (1, 2, 3))
    assert set(np.unique(above.owner)) == {NOTHING, 2, 3}


def test_a_limb_keeps_its_colour_from_step_to_step():
    stands = Skeleton(Build()).posed(REST)
    from_the_right, from_the_left, from_the_front = (Camera((degrees, 0)) for degrees in (0, 180, 90))
    assert pale_limbs([(stands, from_the_right)]) == {"arm.L", "leg.L"}
    assert pale_limbs([(stands, from_the_right), (stands, from_the_front)]) == {"arm.L", "leg.L"}
    assert pale_limbs([(stands, from_the_right), (stands, from_the_left)]) == set()  # each is before the other once


def test_a_drawing_is_an_svg_with_its_words_and_no_others(drawn):
    text = drawn.with_suffix(".svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}title").text == "Raise one knee"
    assert root.find(f"{name}desc").text == "A person stands and raises the right knee."
    assert [each.text for each in root.iter(f"{name}text")] == ["1", "2"]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|<image", text)
    assert len(text) < 40_000


def test_it_knows_the_pose_it_was_drawn_from(drawn, tmp_path):
    pose, _ = read(LIFT)
    assert is_drawn(drawn)
    steps = steps_of(pose, record_of(drawn, LIFT))
    anew = solve(pose, Flesh(BODIES["woman"]))
    for step, other in zip(steps, anew, strict=True):
        assert step.angles == pytest.approx(other.angles, abs=0.01)
    changed = tmp_path / "lift.yaml"
    changed.write_text(LIFT.replace("flex: 90", "flex: 80"), encoding="utf-8")
    assert not is_drawn(changed)
    changed.with_suffix(".svg").write_text(drawn.with_suffix(".svg").read_text(encoding="utf-8"), encoding="utf-8")
    assert not is_drawn(changed)
    changed.with_suffix(".svg").write_text('<svg><metadata>{"pose": "</metadata></svg>', encoding="utf-8")
    assert not is_drawn(changed)


def test_a_close_up_is_drawn_larger():
    def stated(text):
        pose, _ = read(text)
        steps = solve(pose, Flesh(BODIES["woman"]))
        shapes = draw(pose, steps)
        return ElementTree.fromstring(picture(pose, steps, shapes)), shapes[0].window  # noqa: S314

    _, whole = stated(LIFT)
    drawing, close = stated(LIFT.replace("view: side", "view: side\nzoom: knee.R"))
    assert (close.right - close.left, close.top - close.bottom) == pytest.approx((0.4, 0.4))
    assert whole.top - whole.bottom > 1.6
    # two panels of 0.4 m in 480 units, less two times 24 around them
    assert [float(each) for each in drawing.get("viewBox").split()] == [0, 0, 480, 30 + 24 + (480 - 48) / 2]


def test_where_it_is_felt_is_seen_from_one_side_and_hidden_from_the_other(drawn):
    assert record_of(drawn, LIFT).seen[1]["glute.R"] > 0.002
    pose, _ = read(LIFT.replace("feel: [glute.R]", "feel: [glute.L]"))
    steps = solve(pose, Flesh(BODIES["woman"]))
    assert draw(pose, steps)[1].seen["glute.L"] < 0.002


def test_what_cannot_be_read_is_not_drawn(tmp_path):
    file = tmp_path / "lift.yaml"
    file.write_text("title: x", encoding="utf-8")
    assert [fault.line for fault in draw_file(file)] == [1]
    assert not file.with_suffix(".svg").exists()


@pytest.mark.parametrize("bent", [0, 60, 90, 110])
def test_the_front_of_the_hip_stays_in_front_however_far_it_bends(bent):
    def seen(view):
        pose, _ = read(
            LIFT.replace("feel: [glute.R]", "feel: [hip-flexor.R]")
            .replace("hip.R.flex: 90", f"hip.R.flex: {bent}")
            .replace("view: side", f"view: {view}")
            .replace("props: [{is: wall, x: 1.2}]\n", "")
        )
        return draw(pose, solve(pose, Flesh(BODIES["woman"])))[1].seen["hip-flexor.R"]

    assert seen("front-right") > FELT
    assert seen("back") == 0
