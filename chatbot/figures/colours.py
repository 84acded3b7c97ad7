"""The colours of what is seen: skin, cloth above its hems, hair, the face, and limbs that lie behind, paler."""

from collections.abc import Iterable, Iterator

import numpy as np

from chatbot.figures.bodies import Body
from chatbot.figures.camera import Camera
from chatbot.figures.joints import SIDES
from chatbot.figures.outlines import Mask
from chatbot.figures.raster import NOTHING, Raster
from chatbot.figures.scene import Scene
from chatbot.figures.skeleton import Posed

ARM = ("shoulder", "upper-arm", "forearm", "hand", "thumb", "finger0", "finger1", "finger2", "finger3")
LEG = ("thigh", "shin", "foot", "toes")
_FAR = 0.1  # metres that a limb lies behind its other, to be shown paler
_EYES = "#22242c"


def pale_limbs(steps: Iterable[tuple[Posed, Camera]]) -> frozenset[str]:
    """The limbs of a movement, by `arm.L`, that lie behind their others in a step and before them in none: a limb
    keeps its colour from step to step."""
    behind: dict[str, list[float]] = {}
    for posed, camera in steps:
        for limb, bones in (("arm", ("upper-arm", "forearm", "hand")), ("leg", ("thigh", "shin", "foot"))):
            away = {
                side: np.mean([posed.at(f"{bone}.{side}", (0, 0, -0.1)) @ camera.ahead for bone in bones])
                for side in SIDES
            }
            from_the_side = abs(camera.ahead[1]) > 0.6
            for side, other in (SIDES, SIDES[::-1]):
                behind.setdefault(f"{limb}.{side}", []).append(
                    float(away[side] - away[other]) if from_the_side else 0.0
                )
    return frozenset(limb for limb, by in behind.items() if max(by) > _FAR and min(by) > -_FAR)


def coloured(raster: Raster, scene: Scene, body: Body, pale: frozenset[str]) -> Iterator[tuple[str, Mask]]:
    """The pixels of each colour; the limbs of `pale` are paler."""
    found: dict[str, int] = {}
    paint = np.full(raster.owner.shape, -1, dtype=np.int16)

    def add(colour: str, mask: Mask) -> None:
        paint[mask] = found.setdefault(colour, len(found))

    for place in np.unique(raster.owner[raster.owner != NOTHING]).tolist():
        mask = raster.owner == place
        if place in scene.colours:
            add(scene.colours[place], mask)
            continue
        name = scene.pieces[place].name
        for colour, part in _piece_colours(raster, scene.posed, name, mask, body):
            add(_paler(colour) if _limb(name) in pale else colour, part)
    for colour, mask in _face(raster, scene):
        add(colour, mask)
    for colour, number in found.items():
        yield colour, paint == number


def _limb(name: str) -> str:
    part, _, side = name.partition(".")
    return f"arm.{side}" if part in ARM[1:] else f"leg.{side}" if part in LEG else ""


def _paler(colour: str) -> str:
    """A colour half way to white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * 0.45):02x}" for part in parts)


def _piece_colours(raster: Raster, posed: Posed, name: str, mask: Mask, body: Body) -> Iterator[tuple[str, Mask]]:
    part, _, side = name.partition(".")
    if part in ("hair", "bun"):
        yield body.hair_colour, mask
    elif part in ("trunk", "shoulder"):
        yield body.shirt, mask
    elif part == "pelvis":
        yield body.trousers, mask
    elif part == "upper-arm":
        yield from _dressed(
            raster, posed, (f"upper-arm.{side}", -0.55 * posed.skeleton.build.upper_arm), mask, (body.shirt, body.skin)
        )
    elif part == "thigh" and body.trouser_length < 1:
        yield from _dressed(
            raster, posed, (name, -body.trouser_length * posed.skeleton.build.thigh), mask, (body.trousers, body.skin)
        )
    elif part == "shin" and body.trouser_length > 1:
        yield from _dressed(
            raster,
            posed,
            (name, -(body.trouser_length - 1) * posed.skeleton.build.shin),
            mask,
            (body.trousers, body.skin),
        )
    else:
        yield body.trousers if part == "thigh" else body.skin, mask


def _dressed(
    raster: Raster, posed: Posed, hem: tuple[str, float], mask: Mask, colours: tuple[str, str]
) -> Iterator[tuple[str, Mask]]:
    """Cloth above a hem of a bone, skin below it."""
    bone, height = hem
    along = posed.axis(bone, (0, 0, 1))
    above = (raster.places(mask) - posed.at(bone, (0, 0, height))) @ along > 0
    for colour, part in zip(colours, (above, ~above), strict=True):
        shown = np.zeros_like(mask)
        shown[mask] = part
        yield colour, shown


def _face(raster: Raster, scene: Scene) -> Iterator[tuple[str, Mask]]:
    """Eyes and mouth: places on the head, where it is seen."""
    names = [piece.name for piece in scene.pieces]
    mask = (raster.owner == names.index("head")) | (raster.owner == names.index("chin"))
    if not mask.any():
        return
    places = raster.places(mask)
    spots = [(scene.posed.at("head", (0.09, out * 0.036, 0.098)), 0.0125) for out in (1, -1)]
    spots += [(scene.posed.at("jaw", (0.083, out, 0.005)), 0.009) for out in (-0.014, -0.007, 0, 0.007, 0.014)]
    near = np.any([np.linalg.norm(places - centre, axis=1) < radius for centre, radius in spots], axis=0)
    shown = np.zeros_like(mask)
    shown[mask] = near
    if shown.any():
        yield _EYES, shown
