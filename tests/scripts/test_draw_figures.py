import subprocess
import sys

from PIL import Image

from tests.figures.poses import LIFT


def test_a_sheet_shows_each_figure_with_its_words(tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(LIFT, encoding="utf-8")
    sheet = tmp_path / "sheet.png"
    command = [sys.executable, "scripts/draw_figures.py", "--corpus", tmp_path, "--sheet", sheet, "--processes", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("2 figures drawn in ")
    with Image.open(sheet) as picture:
        assert picture.width == 7 * (220 + 10) + 10
        pixels = picture.convert("RGB")
        first, second, none = (pixels.crop((left, 10, left + 220, pixels.height - 10)) for left in (10, 240, 470))
        assert first.getcolors(1 << 16) != none.getcolors(1 << 16)
        drawn = len(first.getcolors(1 << 16))
        assert drawn > 20
        assert len(second.getcolors(1 << 16)) > 20
        assert len(none.getcolors(1 << 16)) == 1


def test_what_is_no_pose_is_told_in_a_line(tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "one.yaml").write_bytes(b"\xff\xfe\x00")
    command = [sys.executable, "scripts/draw_figures.py", "--corpus", tmp_path, "--processes", "1"]
    unreadable = subprocess.run(command, capture_output=True, text=True)
    assert (unreadable.returncode, unreadable.stderr) == (1, "")
    assert unreadable.stdout.startswith(f"{folder / 'one.yaml'}:1: not UTF-8; save the file as UTF-8\n")
    unknown = subprocess.run([*command, "two"], capture_output=True, text=True)
    assert unknown.returncode == 2
    assert unknown.stderr.endswith(f"error: there is no pose 'two': {folder / 'two.yaml'} is not there\n")
