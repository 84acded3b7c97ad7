"""From a pose file to its drawing beside it: an SVG that carries what it was drawn from."""

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

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

DRAWING_VERSION = 3  # raise it when the same pose is drawn in another way
_METADATA = re.compile(r"<metadata>(.*?)</metadata>")


class Record(NamedTuple):
    """What a drawing carries: the digest of its pose, the angles of each step, and the square metres that are seen of
    each place where the step is felt."""

    pose: str
    angles: list[list[float]]
    seen: list[dict[str, float]]


def draw_file(file: Path) -> list[Fault]:
    """Draws a pose file, and says what is wrong with it. What cannot be read is not drawn."""
    found = list[Fault]()
    text = _text_of(file)
    if text is None:
        return [Fault(1, "not UTF-8; save the file as UTF-8")]
    pose = read_pose(file.stem, text, lambda line, message, _: found.append(Fault(line, message)))
    if pose is None:
        return found
    solved = solve(pose, Flesh(body_of(pose.id, pose.body)))
    found += faults(pose, solved)
    shapes = draw(pose, solved)
    seen = [shape.seen for shape in shapes]
    found += unseen(pose, seen)
    drawing = picture(pose, solved, shapes)
    angles = [[round(float(angle), 4) for angle in step.angles] for step in solved]
    record = json.dumps(Record(digest(text), angles, seen)._asdict(), separators=(",", ":"))
    file.with_suffix(DRAWING).write_text(
        drawing.replace("</desc>", f"</desc><metadata>{record}</metadata>", 1), encoding="utf-8"
    )
    return found


def digest(text: str) -> str:
    """What a drawing is known by: its pose, and the way it is drawn."""
    return hashlib.sha256(f"{DRAWING_VERSION}\n{text}".encode()).hexdigest()[:16]


def record_of(file: Path, text: str) -> Record | None:
    """What the drawing beside a pose file carries; None where it is not of the pose in `text`, or there is none."""
    try:
        found = _METADATA.search(file.with_suffix(DRAWING).read_text(encoding="utf-8"))
        record = Record(**json.loads(found[1])) if found else None
    except (OSError, ValueError, TypeError):
        return None
    return record if record and record.pose == digest(text) else None


def is_drawn(file: Path) -> bool:
    """Whether the drawing beside a pose file is of that pose."""
    text = _text_of(file)
    return text is not None and record_of(file, text) is not None


def _text_of(file: Path) -> str | None:
    """None where it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def steps_of(pose: Pose, record: Record) -> list[Solved]:
    """The steps of a pose as its drawing shows them."""
    flesh = Flesh(body_of(pose.id, pose.body))
    return [
        Solved(step, Mannequin(pose, number, flesh), np.array(angles))
        for number, (step, angles) in enumerate(zip(pose.steps, record.angles, strict=True), 1)
    ]
