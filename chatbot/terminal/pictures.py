"""A drawn figure in a terminal: as pixels where it can (kitty, iTerm2, sixel), else as blocks of colour."""

import io
import os
from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chatbot.errors import MissingExtra

if TYPE_CHECKING:
    import chafa

_WIDEST = 60  # cells
_PIXELS_A_CELL = 8
_TALL = 2.0  # times as high as wide is a cell
_CELL = (10, 20)  # pixels of a cell, where the terminal draws pixels
_AT_ONCE = 4096  # characters that kitty takes in one sequence
_MISSING = "pictures in a terminal need more packages: pip install 'flexibility-chatbot[pictures]'"


def can_show() -> bool:
    """Whether this terminal has colour, without which a picture of blocks cannot be told from noise."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown") and not os.environ.get("NO_COLOR")


def painted(svg: str, columns: int) -> str:
    """The picture of an SVG as what this terminal draws, at most `columns` cells wide, and 60.

    The terminal is known by its environment and not asked: one that does not reply would keep the user waiting. Raises
    `MissingExtra` where the packages for it are not there.
    """
    try:
        import chafa
        import resvg_py
    except ImportError as error:
        raise MissingExtra(_MISSING) from error
    width = min(columns, _WIDEST)
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width * _PIXELS_A_CELL))
    info = chafa.TermDb().detect()
    if _knows(chafa, info, "BEGIN_KITTY_IMMEDIATE_IMAGE_V1"):
        return "".join(_kitty(png, width))
    if _knows(chafa, info, "BEGIN_ITERM2_IMAGE"):
        return f"\x1b]1337;File=inline=1;width={width}:{b64encode(png).decode('ascii')}\a\n"
    return _drawn(chafa, info, png, width)


def _kitty(png: bytes, width: int) -> Iterator[str]:
    """A PNG in the graphics protocol of kitty, in chunks."""
    data = b64encode(png).decode("ascii")
    for start in range(0, len(data), _AT_ONCE):
        head = f"a=T,f=100,c={width}," if start == 0 else ""
        yield f"\x1b_G{head}m={int(start + _AT_ONCE < len(data))};{data[start : start + _AT_ONCE]}\x1b\\"
    yield "\n"


def _drawn(chafa: Any, info: "chafa.TermInfo", png: bytes, width: int) -> str:
    """A PNG as sixels, or as blocks of colour."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        pixels = image.convert("RGBA")
    config = chafa.CanvasConfig()
    config.width, config.height = width, max(1, round(width * pixels.height / pixels.width / _TALL))
    config.cell_width, config.cell_height = _CELL
    sixels = "SIXELS" if _knows(chafa, info, "BEGIN_SIXELS") else "SYMBOLS"
    config.pixel_mode = getattr(chafa.PixelMode, f"CHAFA_PIXEL_MODE_{sixels}")
    config.canvas_mode = _colours(chafa, info)
    symbols = chafa.SymbolMap()
    for tag in ("SPACE", "SOLID", "HALF", "QUAD"):
        symbols.add_by_tags(getattr(chafa.SymbolTags, f"CHAFA_SYMBOL_TAG_{tag}"))
    config.set_symbol_map(symbols)
    canvas = chafa.Canvas(config)
    data = list(pixels.tobytes())
    canvas.draw_all_pixels(chafa.PixelType.CHAFA_PIXEL_RGBA8_UNASSOCIATED, data, *pixels.size, 4 * pixels.width)
    shown: bytes = canvas.print(term_info=info, fallback=True)
    return f"{shown.decode('utf-8')}\n"


def _colours(chafa: Any, info: "chafa.TermInfo") -> Any:
    modes = (
        ("SET_COLOR_FGBG_DIRECT", "TRUECOLOR"),
        ("SET_COLOR_FGBG_256", "INDEXED_240"),
        ("SET_COLOR_FGBG_16", "INDEXED_16"),
    )
    known = (mode for sequence, mode in modes if _knows(chafa, info, sequence))
    return getattr(chafa.CanvasMode, f"CHAFA_CANVAS_MODE_{next(known, 'INDEXED_16')}")


def _knows(chafa: Any, info: "chafa.TermInfo", sequence: str) -> bool:
    return bool(info.have_seq(getattr(chafa.TermSeq, f"CHAFA_TERM_SEQ_{sequence}")))
