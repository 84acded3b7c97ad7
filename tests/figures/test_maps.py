"""Figures that only show where something is: nobody may take them for a movement to do."""

import pytest

from chatbot import settings
from chatbot.figures.pose_reader import read_pose

MAPS = sorted((settings.packaged_corpus_path() / "figures").glob("where-*.yaml"))


@pytest.mark.parametrize("file", MAPS, ids=[file.stem for file in MAPS])
def test_a_map_of_the_body_shows_a_place_and_no_movement(file):
    told = []
    pose = read_pose(file.stem, file.read_text(encoding="utf-8"), lambda *problem: told.append(problem))
    assert told == []
    (step,) = pose.steps
    assert step.feel
    assert not step.arrows
    assert (pose.pace, pose.props, pose.body) == ("", (), "neutral")
    assert {contact.on for contact in step.contacts} == {"floor"}
    assert pose.alt.endswith("shaded.") or "is shaded, " in pose.alt or "are shaded, " in pose.alt


def test_there_are_maps():
    assert len(MAPS) >= 15
