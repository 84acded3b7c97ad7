"""The parts of the body that point somewhere, and the angles that are sums of others, by the names that poses use."""

from collections.abc import Mapping

import numpy as np

from chatbot.figures.joints import INDEX, NAMES, SIDES, Array
from chatbot.figures.skeleton import Posed


def _parts() -> dict[str, tuple[str, tuple[float, float, float]]]:
    parts: dict[str, tuple[str, tuple[float, float, float]]] = {
        "trunk": ("thorax1", (0, 0, 1)),
        "chest-front": ("thorax2", (1, 0, 0)),
        "pelvis-front": ("pelvis", (1, 0, 0)),
        "pelvis-up": ("pelvis", (0, 0, 1)),
        "face": ("head", (1, 0, 0)),
        "head": ("head", (0, 0, 1)),
    }
    for side in SIDES:
        inward = -1 if side == "L" else 1
        parts |= {
            f"{bone}.{side}": (f"{bone}.{side}", (0, 0, -1))
            for bone in ("thigh", "shin", "upper-arm", "forearm", "hand", "thumb")
        }
        parts |= {
            f"foot.{side}": (f"foot.{side}", (1, 0, 0)),
            f"sole.{side}": (f"foot.{side}", (0, 0, -1)),
            f"kneecap.{side}": (f"shin.{side}", (1, 0, 0)),
            f"palm.{side}": (f"hand.{side}", (0, inward, 0)),
            f"elbow-tip.{side}": (f"upper-arm.{side}", (-1, 0, 0)),
            f"fingers.{side}": (f"middle1.{side}", (0, 0, -1)),
        }
    return parts


PARTS = _parts()  # each with its bone and its direction there
SUMS: dict[str, tuple[str, ...]] = {
    "bend": ("lumbar.bend", "thorax.bend"),
    "side-bend": ("lumbar.side", "thorax.side"),
    "twist": ("lumbar.twist", "thorax.twist"),
}
ANGLES = (
    *NAMES,
    *(f"hip.{side}" for side in SIDES),
    *(f"shoulder.{side}" for side in SIDES),
    *SUMS,
    "lean",
    "lean-left",
)


def named_angles(angles: Array, posed: Posed) -> Mapping[str, float]:
    """Every angle that statements may name, in degrees. `lean` and `lean-left` are those of the trunk from upright."""
    found = {name: float(angles[place]) for name, place in INDEX.items()}
    for joint in ("hip", "shoulder"):
        found |= {f"{joint}.{side}": found[f"{joint}.{side}.flex"] for side in SIDES}
    found |= {name: sum(found[part] for part in parts) for name, parts in SUMS.items()}
    ahead, left, up = posed.axis("thorax1", (0, 0, 1)).tolist()
    found["lean"] = float(np.degrees(np.arctan2(ahead, up)))
    found["lean-left"] = float(np.degrees(np.arctan2(left, up)))
    return found
