"""The drawn movements of a corpus, read from `figures/*.svg`: what each is called, what it shows, and the picture."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from chatbot.corpus.cross_references import Finding
from chatbot.corpus.fields import ParsedEntry
from chatbot.corpus.file_states import FIGURES, POSE
from chatbot.corpus.validation import Report, suggestion
from chatbot.records import Entry, Figure
from chatbot.text.cleaning import one_line

_METADATA = re.compile(r"<metadata>(.*?)</metadata>")
_HEIGHT = 2  # of the numbers of a step, that of the pelvis above the floor
_TITLE, _ALT = (re.compile(rf"<{tag}>(.*?)</{tag}>", re.DOTALL) for tag in ("title", "desc"))
DRAW = "draw it from its pose: python scripts/draw_figures.py"  # and its id


class Drawing(NamedTuple):
    """A figure and its picture, an SVG; `height` is that of the pelvis above the floor where it begins, in metres, None
    where the drawing does not carry it."""

    figure: Figure
    svg: str
    height: float | None = None


def read_drawing(name: str, svg: str | None, report: Report) -> Drawing | None:
    """The drawing in the text of a file, by its `name` from the corpus's folder on; None when it cannot be shown, which
    is reported."""
    if svg is None:
        return None
    title, alt = (_words(pattern, svg) for pattern in (_TITLE, _ALT))
    if not svg.lstrip().startswith("<svg") or not title or not alt:
        report(1, f"no drawing with a title and a description; {DRAW} {PurePosixPath(name).stem}", "error")
        return None
    return Drawing(Figure(PurePosixPath(name).stem, title, alt), svg, _height(svg))


def height_of(entry: Entry, drawings: Mapping[str, Drawing]) -> float | None:
    """How high the pelvis is where the first figure of an entry begins; None where nothing tells."""
    first = drawings.get(entry.figures[0]) if entry.figures else None
    return first.height if first else None


def _height(svg: str) -> float | None:
    """How high the pelvis is in the first step, in metres; None where a drawing does not carry it."""
    found = _METADATA.search(svg)
    try:
        return round(float(json.loads(found[1])["angles"][0][_HEIGHT]), 2) if found else None
    except (ValueError, LookupError, TypeError):
        return None


def _words(pattern: re.Pattern[str], svg: str) -> str:
    found = pattern.search(svg)
    return one_line(unescape(found[1])) if found else ""


def figure_findings(
    entries: Mapping[str, tuple[Entry, ParsedEntry]], drawings: Mapping[str, Drawing], root: Path
) -> Iterator[Finding]:
    """Figures that entries name and nobody drew, for a corpus in the folder `root`."""
    poses = {pose.stem for pose in (root / FIGURES).glob(f"*{POSE}")}
    for entry, parsed in entries.values():
        written = parsed.values["figures"].value if "figures" in parsed.values else ()
        for name, line in written if isinstance(written, tuple) else ():
            figure = name.strip()
            if figure not in entry.figures or figure in drawings:
                continue
            if figure in poses:
                message = f"the figure {figure!r} has no drawing; {DRAW} {figure}"
            else:
                hint = suggestion(name, {*drawings, *poses}) or "; draw it, or take it out"
                message = f"there is no figure {name!r}{hint}"
            yield parsed.file, line, message, "error"
