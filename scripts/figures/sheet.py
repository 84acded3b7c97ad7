"""All figures of a corpus on one picture, with their ids and titles: a contact sheet."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import resvg_py
from PIL import Image, ImageDraw, ImageFont

from chatbot.corpus.drawings import Drawing, read_drawing

_COLUMNS = 7
_WIDTH, _TALLEST = 220, 210  # pixels of a figure at most
_GAP, _LINE = 10, 15
_SMALL = ImageFont.load_default(12)
_COLOURS = 128  # of the palette; fewer make skins alike


def save_sheet(drawings: Sequence[Path], file: Path) -> None:
    """Writes the drawings in their order as a PNG."""
    cells = [_cell(drawing) for drawing in _read(drawings)]
    rows = [cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)]
    heights = [max(cell.height for cell in row) for row in rows]
    sheet = Image.new("RGB", (_COLUMNS * (_WIDTH + _GAP) + _GAP, sum(heights) + _GAP * (len(rows) + 1)), "#f4f3f0")
    down = _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            sheet.paste(cell, (_GAP + column * (_WIDTH + _GAP), down))
        down += height + _GAP
    sheet.quantize(_COLOURS).save(file, optimize=True)


def _read(drawings: Sequence[Path]) -> Iterator[Drawing]:
    for file in drawings:
        if drawing := read_drawing(file.name, file.read_text(encoding="utf-8"), lambda *_: None):
            yield drawing


def _cell(drawing: Drawing) -> Image.Image:
    picture = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=drawing.svg, width=2 * _WIDTH))))
    picture.thumbnail((_WIDTH, _TALLEST), Image.Resampling.LANCZOS)
    lines = [drawing.figure.id, *_wrapped(drawing.figure.title)]
    cell = Image.new("RGB", (_WIDTH, picture.height + _LINE * len(lines) + 8), "#fff")
    cell.paste(picture, ((_WIDTH - picture.width) // 2, 0), picture.convert("RGBA"))
    pen = ImageDraw.Draw(cell)
    for number, line in enumerate(lines):
        pen.text((6, picture.height + 2 + number * _LINE), line, "#6a3a1a" if number == 0 else "#222", _SMALL)
    return cell


def _wrapped(title: str) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if _SMALL.getlength(longer) <= _WIDTH - 12:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
