import numpy as np
import pytest

from chatbot.figures.bodies import BODIES
from chatbot.figures.faults import faults
from chatbot.figures.flesh import Flesh
from chatbot.figures.joints import INDEX
from chatbot.figures.solving import solve
from tests.figures.poses import LIFT, read


def solved(text, body="woman"):
    pose, told = read(text)
    assert told == []
    return pose, solve(pose, Flesh(BODIES[body]))


def messages(text):
    return [fault.message for fault in faults(*solved(text))]


@pytest.mark.parametrize("body", BODIES)
def test_a_pose_is_solved_for_every_body(body):
    pose, steps = solved(LIFT, body)
    assert faults(pose, steps) == []
    posed = steps[1].figure.skeleton.posed(steps[1].angles)
    assert steps[1].figure.gap(posed, "heel.L", "floor") == pytest.approx(0, abs=0.012)
    assert steps[1].angles[INDEX["hip.R.flex"]] == pytest.approx(90, abs=15)


def test_the_same_pose_gives_the_same_angles():
    (_, one), (_, two) = solved(LIFT), solved(LIFT)
    assert all(np.array_equal(first.angles, second.angles) for first, second in zip(one, two, strict=True))


def test_an_even_pose_is_even():
    _, steps = solved(
        LIFT.replace("from: standing", "from: standing\neven: yes")
        .replace("hip.R.flex: 90, knee.R: 90", "knee: 40, hip.flex: 40")
        .replace("hip.R above 75", "hip.R above 10")
        .replace("knee.R above 75", "knee.L above 10")
        .replace("knee.R above knee.L by 0.3", "knee.R near knee.L within 0.5")
    )
    angles = steps[-1].angles
    assert angles[INDEX["knee.R"]] == angles[INDEX["knee.L"]] > 20


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("knee.R above 75", "knee.R below 10", "not so in the last step: knee.R below 10 (knee.R is 9"),
        ("by 0.3", "by 0.9", "not so in the last step: knee.R above knee.L by 0.9 (knee.R is 0."),
        (
            "{heel.L: floor, ball.L: floor}\n    arrows",
            "{heel.L: {z: 9}}\n    balance: no\n    arrows",
            "step 2: heel.L is ",
        ),
        (
            "{hip.R.flex: 90, knee.R: 90}\n    contacts: {heel.L: floor, ball.L: floor}",
            "{}\n    contacts: {heel.L: floor, ball.L: floor, heel.R: floor, ball.R: floor}",
            "step 2: the step looks like the one before",
        ),
        ("x: 1.2", "x: 0.05", "step 1: "),
        (
            "{heel.L: floor, ball.L: floor}\n    arrows",
            "{heel.L: {on: floor, x: 0}, ball.L: floor, sacrum: {x: 0.5, z: 0.7}}\n    arrows",
            "step 2: the weight lies",
        ),
    ],
)
def test_each_fault_is_told(written, instead, told):
    assert written in LIFT
    assert any(message.startswith(told) for message in messages(LIFT.replace(written, instead, 1))), messages(
        LIFT.replace(written, instead, 1)
    )
