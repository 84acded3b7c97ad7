"""From a pose file to its drawing beside it: an SVG that carries what it was drawn from."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.corpus.file_states import DRAWING
from chatbot.figures.bodies import body_of
from chatbot.figures.drawing import draw
from chatbot.figures.faults import Fault, faults, unseen
from chatbot.figures.flesh import Flesh
from chatbot.figures.geometry import Mannequin
from chatbot.figures.pose import Pose
from chatbot.figures.pose_reader import read_pose
from chatbot.figures.solving import Solved, solve
from chatbot.figures.svg import picture

DRAWING_VERSION = 1  # raise it when the same pose is drawn in another way
_METADATA = re.compile(r"<metadata>(.*?)</metadata>")


def draw_file(file: Path) -> list[Fault]:
    """Draws a pose file, and says what is wrong with it. What cannot be read is not drawn."""
    text, found = file.read_text(encoding="utf-8"), list[Fault]()
    pose = read_pose(file.stem, text, lambda line, message, _: found.append(Fault(line, message)))
    if pose is None:
        return found
    solved = solve(pose, Flesh(body_of(pose.id, pose.body)))
    found += faults(pose, solved)
    shapes = [draw(pose, step) for step in solved]
    seen = [shape.felt_share for shape in shapes]
    found += unseen(pose, seen)
    drawing = picture(pose, solved, shapes)
    angles = [[round(float(angle), 2) for angle in step.angles] for step in solved]
    record = json.dumps({"pose": digest(text), "angles": angles, "seen": seen}, separators=(",", ":"))
    file.with_suffix(DRAWING).write_text(
        drawing.replace("</desc>", f"</desc><metadata>{record}</metadata>", 1), encoding="utf-8"
    )
    return found


def digest(text: str) -> str:
    """What a drawing is known by: its pose, and the way it is drawn."""
    return hashlib.sha256(f"{DRAWING_VERSION}\n{text}".encode()).hexdigest()[:16]


def is_drawn(file: Path) -> bool:
    """Whether the drawing beside a pose file is of that pose."""
    record = _record(file.with_suffix(DRAWING))
    return record is not None and record["pose"] == digest(file.read_text(encoding="utf-8"))


def drawn_steps(pose: Pose, file: Path) -> list[Solved] | None:
    """The steps of a pose as its drawing shows them; None where there is none of this pose."""
    record = _record(file.with_suffix(DRAWING))
    if record is None or len(record["angles"]) != len(pose.steps):
        return None
    flesh = Flesh(body_of(pose.id, pose.body))
    return [
        Solved(step, Mannequin(pose, number, flesh), np.array(angles))
        for number, (step, angles) in enumerate(zip(pose.steps, record["angles"], strict=True), 1)
    ]


def seen_of(file: Path) -> list[dict[str, float]]:
    """What the drawing beside a pose file shows of the places where each step is felt, in square metres."""
    record = _record(file.with_suffix(DRAWING))
    return record["seen"] if record else []


def _record(drawing: Path) -> dict[str, Any] | None:
    try:
        found = _METADATA.search(drawing.read_text(encoding="utf-8"))
    except OSError:
        return None
    record: dict[str, Any] | None = json.loads(found[1]) if found else None
    return record
