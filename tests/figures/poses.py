"""A small pose to draw, and how to read one."""

from chatbot.figures.pose_reader import read_pose

LIFT = """\
title: Raise one knee
alt: A person stands and raises the right knee.
view: side
from: standing
body: woman
feel: [glute.R]
props: [{is: wall, x: 1.2}]
steps:
  - joints: {}
    contacts: {heel.L: floor, ball.L: floor, heel.R: floor, ball.R: floor}
    feel: []
  - joints: {hip.R.flex: 90, knee.R: 90}
    contacts: {heel.L: floor, ball.L: floor}
    arrows: [{at: knee.R, offset: [0.1, 0], by: [0, 0.2]}]
must:
  - hip.R above 75
  - knee.R above 75
  - knee.R above knee.L by 0.3
"""


def read(text):
    """The pose in a text, and what was said of it: lines and messages."""
    told = []
    return read_pose("lift", text, lambda line, message, severity: told.append((line, message, severity))), told
