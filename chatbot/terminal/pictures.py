"""A drawn figure in a terminal: as pixels where it can (kitty, iTerm2, sixel), else as blocks of colour or dots."""

import sys
from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from chatbot.errors import MissingExtra
from chatbot.terminal.dots import dotted
from chatbot.terminal.graphics import IMAGES, Graphics
from chatbot.terminal.pixels import MISSING, pixels_of, png_of, size_of

if TYPE_CHECKING:
    import chafa

_WIDEST = 60  # cells
_CELL = (10, 20)  # pixels of a cell where the terminal does not tell
_AT_ONCE = 4096  # characters that kitty takes in one sequence


class Painted(NamedTuple):
    """What a terminal draws a picture from, and how many rows that takes."""

    text: str
    rows: int


def painted(svg: str, graphics: Graphics, columns: int, rows: int) -> Painted:
    """The picture of an SVG for a terminal with `graphics`, at most `columns` cells wide, and 60.

    An image is no higher than `rows`, too; one of characters may be, as smaller it would tell nothing. Raises
    `MissingExtra` where the packages for it are not there, and `ValueError` for what is no SVG.
    """
    widest = min(columns, _WIDEST)
    if graphics == "dots":
        text = dotted(svg, widest)
        return Painted(text, text.count("\n"))
    cell = _cell() if graphics in IMAGES else _CELL
    png = png_of(svg, widest * cell[0])
    width, height = size_of(png)
    cells = _cells(width / cell[0], height / cell[1], rows if graphics in IMAGES else None)
    if graphics == "kitty":
        return Painted("".join(_kitty(png, *cells)), cells[1])
    if graphics == "iterm":
        return Painted(_iterm(png, *cells), cells[1])
    # Some terminals leave the cursor below sixels, others in their last row.
    return Painted(_drawn(png, graphics, cells, cell), cells[1] + (graphics == "sixels"))


def _cells(across: float, down: float, rows: int | None) -> tuple[int, int]:
    """Columns and rows of a picture that is `across` by `down` cells, made smaller where that is more than `rows`."""
    share = 1.0 if rows is None else min(1.0, max(rows, 1) / down)
    return max(1, round(across * share)), max(1, round(down * share))


def _cell() -> tuple[int, int]:
    """Width and height of a cell of this terminal in pixels."""
    try:
        import fcntl
        import struct
        import termios

        size = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, bytes(8))
    except (ImportError, OSError, ValueError):
        return _CELL
    rows, columns, width, height = struct.unpack("HHHH", size)
    return (width // columns, height // rows) if width >= columns > 0 and height >= rows > 0 else _CELL


def _kitty(png: bytes, columns: int, rows: int) -> Iterator[str]:
    """A PNG in the graphics protocol of kitty, in chunks; it is not to reply, for a prompt would read that."""
    data = b64encode(png).decode("ascii")
    for start in range(0, len(data), _AT_ONCE):
        head = f"a=T,f=100,q=2,c={columns},r={rows}," if start == 0 else ""
        yield f"\x1b_G{head}m={int(start + _AT_ONCE < len(data))};{data[start : start + _AT_ONCE]}\x1b\\"
    yield "\n"


def _iterm(png: bytes, columns: int, rows: int) -> str:
    """A PNG in iTerm2's protocol."""
    size = f"size={len(png)};width={columns};height={rows}"
    return f"\x1b]1337;File=inline=1;{size}:{b64encode(png).decode('ascii')}\a\n"


def _drawn(png: bytes, graphics: Graphics, cells: tuple[int, int], cell: tuple[int, int]) -> str:
    """A PNG as sixels, or as blocks of colour."""
    try:
        import chafa
    except ImportError as error:
        raise MissingExtra(MISSING) from error
    pixels, info = pixels_of(png), chafa.TermDb().detect()
    config = chafa.CanvasConfig()
    config.width, config.height = cells
    config.cell_width, config.cell_height = cell
    mode = "SIXELS" if graphics == "sixels" else "SYMBOLS"
    config.pixel_mode = getattr(chafa.PixelMode, f"CHAFA_PIXEL_MODE_{mode}")
    config.canvas_mode = _colours(chafa, info, graphics)
    symbols = chafa.SymbolMap()
    for tag in ("SPACE", "SOLID", "HALF", "QUAD"):
        symbols.add_by_tags(getattr(chafa.SymbolTags, f"CHAFA_SYMBOL_TAG_{tag}"))
    config.set_symbol_map(symbols)
    canvas = chafa.Canvas(config)
    height, width, _ = pixels.shape
    data = list(pixels.tobytes())
    canvas.draw_all_pixels(chafa.PixelType.CHAFA_PIXEL_RGB8, data, width, height, 3 * width)
    shown: bytes = canvas.print(term_info=info, fallback=True)
    return f"{shown.decode('utf-8')}\n"


def _colours(chafa: Any, info: "chafa.TermInfo", graphics: Graphics) -> Any:
    modes = (
        ("SET_COLOR_FGBG_DIRECT", "TRUECOLOR"),
        ("SET_COLOR_FGBG_256", "INDEXED_240"),
        ("SET_COLOR_FGBG_16", "INDEXED_16"),
    )
    known = (mode for sequence, mode in modes if graphics == "sixels" or _knows(chafa, info, sequence))
    return getattr(chafa.CanvasMode, f"CHAFA_CANVAS_MODE_{next(known, 'INDEXED_16')}")


def _knows(chafa: Any, info: "chafa.TermInfo", sequence: str) -> bool:
    return bool(info.have_seq(getattr(chafa.TermSeq, f"CHAFA_TERM_SEQ_{sequence}")))
