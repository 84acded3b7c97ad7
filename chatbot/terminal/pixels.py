"""An SVG as pixels."""

import io
from typing import TYPE_CHECKING

import numpy as np

from chatbot.errors import MissingExtra

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = "pictures in a terminal need more packages: pip install 'flexibility-chatbot[pictures]'"


def png_of(svg: str, width: int) -> bytes:
    """The picture of an SVG as a PNG, `width` pixels wide. Raises `MissingExtra`, and `ValueError` for no SVG."""
    try:
        import resvg_py
    except ImportError as error:
        raise MissingExtra(MISSING) from error
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width))
    except ValueError as error:
        raise ValueError(f"the drawing is no SVG: {error}") from error


def pixels_of(png: bytes) -> "NDArray[np.uint8]":
    """The pixels of a PNG on white paper, height × width × 3: red, green, blue. Raises `MissingExtra`."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtra(MISSING) from error
    with Image.open(io.BytesIO(png)) as image:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
    return np.asarray(paper.convert("RGB"))


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its header."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
