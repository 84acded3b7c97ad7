import numpy as np
import pytest

from chatbot.figures.bones import Build
from chatbot.figures.joints import INDEX, JOINTS, NAMES, REST, angles_of, limits
from chatbot.figures.skeleton import Skeleton

SKELETON = Skeleton(Build())
STRAIGHT = angles_of({name: 0.0 for name in NAMES if name != "pelvis.z"}, REST)


def posed(**angles):
    return SKELETON.posed(angles_of({name.replace("_", "."): value for name, value in angles.items()}, STRAIGHT))


def test_a_straight_leg_reaches_from_the_hip_to_the_ankle():
    foot = posed().at("foot.R", (0, 0, 0))
    assert foot == pytest.approx([0, -0.088, 0.91 - 0.42 - 0.41])


@pytest.mark.parametrize(
    ("angles", "knee"),
    [
        ({"hip_R_flex": 90}, [0.42, -0.088, 0.91]),  # ahead
        ({"hip_R_abduct": 90}, [0, -0.088 - 0.42, 0.91]),  # to the right
        ({"hip_L_abduct": 90}, [0, 0.088 + 0.42, 0.91]),  # to the left
        ({"pelvis_pitch": -90}, [0.42, -0.088, 0.91]),  # on the back, the legs lie ahead
        ({"pelvis_turn": 90, "hip_R_flex": 90}, [0.088, 0.42, 0.91]),  # turned to the left
    ],
)
def test_a_hip_turns_the_thigh(angles, knee):
    side = "L" if "hip_L_abduct" in angles else "R"
    assert posed(**angles).at(f"shin.{side}", (0, 0, 0)) == pytest.approx(knee)


def test_a_knee_bends_backwards_and_an_elbow_forwards():
    bent = posed(knee_R=90, elbow_R=90)
    assert bent.at("foot.R", (0, 0, 0))[0] == pytest.approx(-0.41)
    assert bent.at("hand.R", (0, 0, 0))[0] == pytest.approx(0.25 - 0.01)  # the shoulder lies a little behind the hip


def test_a_palm_bends_inwards_on_both_sides():
    for side, inward in (("L", -1), ("R", 1)):
        bent = SKELETON.posed(angles_of({f"wrist.{side}": 90.0}, STRAIGHT))
        assert bent.axis(f"hand.{side}", (0, 0, -1)) == pytest.approx([0, inward, 0])


def test_bones_keep_their_lengths_in_any_pose():
    source = np.random.default_rng(7)
    least, most = limits(trained=True)
    for _ in range(20):
        any_pose = SKELETON.posed(source.uniform(least, most))
        for one, two, length in (("thigh.R", "shin.R", 0.42), ("elbow.L", "hand.L", 0.25), ("shin.L", "foot.L", 0.41)):
            ends = [any_pose.at(bone, (0, 0, 0)) for bone in (one, two)]
            assert np.linalg.norm(ends[0] - ends[1]) == pytest.approx(length)


def test_what_is_said_to_move_moves_so():
    source = np.random.default_rng(11)
    angles = source.uniform(-20, 20, len(NAMES))
    bones = source.integers(0, len(SKELETON.bones), 40)
    local = source.normal(size=(40, 3)) / 10

    def places(values):
        found = SKELETON.posed(values)
        return (found.rotations[bones] @ local[:, :, None])[..., 0] + found.origins[bones]

    motion = SKELETON.motion(SKELETON.posed(angles), places(angles), bones)
    for angle, step in enumerate(np.eye(len(NAMES)) * 1e-5):
        measured = (places(angles + step) - places(angles - step)) / 2e-5
        assert motion[:, :, angle] == pytest.approx(measured, abs=1e-7)


def test_trained_people_reach_further_and_everyone_rests_within_the_limits():
    (least, most), (_, trained) = limits(False), limits(True)
    assert trained[INDEX["hip.R.flex"]] > most[INDEX["hip.R.flex"]]
    assert all(least[INDEX[name]] <= joint.rest <= most[INDEX[name]] for name, joint in JOINTS.items())
