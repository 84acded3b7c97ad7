"""Draw the figures of a corpus from its pose files: `corpus/figures/*.yaml` -> `corpus/figures/*.svg`.

    python scripts/draw_figures.py                     # those whose pose changed
    python scripts/draw_figures.py cat-cow --png /tmp  # these, and as PNG to look at
    python scripts/draw_figures.py --sheet docs/figures.png  # and all on one picture; needs the extra `pictures`, too

A figure with faults is drawn all the same, and the faults are told with file and line; the exit code is 1 then.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot import settings
from chatbot.corpus.file_states import DRAWING, FIGURES, POSE
from chatbot.figures.draw import draw_file, is_drawn


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("figures", nargs="*", help="ids; without any, all whose drawing is out of date")
    parser.add_argument("--corpus", type=Path, default=settings.packaged_corpus_path())
    parser.add_argument("--all", action="store_true", help="draw also what is up to date")
    parser.add_argument("--png", type=Path, help="a folder for pictures 480 pixels wide, without words")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="all figures with their ids and titles, as one PNG")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    folder = options.corpus / FIGURES
    for name in options.figures:
        if not (folder / f"{name}{POSE}").is_file():
            parser.error(f"there is no pose {name!r}: {folder / f'{name}{POSE}'} is not there")
    files = [folder / f"{name}{POSE}" for name in options.figures] or sorted(folder.glob(f"*{POSE}"))
    files = [file for file in files if options.figures or options.all or not is_drawn(file)]
    started, faulty = time.perf_counter(), 0
    with ProcessPoolExecutor(options.processes) as pool:
        for file, problems in zip(files, pool.map(draw_file, files), strict=True):
            faulty += bool(problems)
            for problem in problems:
                print(f"{file}:{problem.line}: {problem.message}")
            if options.png:
                save_png(file, options.png)
    if options.sheet:
        from scripts.figures.sheet import save_sheet

        save_sheet(sorted(folder.glob(f"*{DRAWING}")), options.sheet)
    print(f"{len(files)} figures drawn in {time.perf_counter() - started:.1f} s, {faulty} with faults")
    return 1 if faulty else 0


def save_png(file: Path, folder: Path) -> None:
    import resvg_py

    svg = file.with_suffix(DRAWING)
    if svg.exists():
        picture = resvg_py.svg_to_bytes(svg_string=svg.read_text(encoding="utf-8"), width=480)
        (folder / f"{file.stem}.png").write_bytes(bytes(picture))


if __name__ == "__main__":
    sys.exit(main())
