"""A figure as what each kind of terminal draws it from."""

import re
from base64 import b64decode

import pytest

from chatbot.terminal.pictures import painted
from tests.conftest import PROJECT

SVG = (PROJECT / "tests/data/shell-corpus/figures/lift.svg").read_text(encoding="utf-8")  # 480 × 1054
WIDE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><rect width="4" height="1" fill="#08f"/></svg>'


@pytest.fixture(autouse=True)
def _no_real_terminal(monkeypatch):
    for variable in ("TERM_PROGRAM", "KITTY_WINDOW_ID", "COLORTERM", "LC_TERMINAL", "TMUX", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)


def without_paint(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_blocks_of_colour(monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    picture = painted(SVG, "blocks", 40, 10)
    assert {len(line) for line in without_paint(picture.text).splitlines()} == {40}
    assert "\x1b[38;2;" in picture.text or "\x1b[48;2;" in picture.text
    # 40 columns of 10 pixels are 400; 400 × 1054 / 480 = 878, in rows of 20.
    assert picture.rows == picture.text.count("\n") == 44


def test_a_picture_is_no_wider_than_sixty_columns():
    assert max(map(len, without_paint(painted(WIDE, "blocks", 200, 10).text).splitlines())) == 60
    assert max(map(len, painted(SVG, "dots", 200, 10).text.splitlines())) <= 60


def test_an_image_is_no_higher_than_the_rows_it_gets():
    # 60 columns of 10 pixels by 600 / 4 = 150 pixels are 7.5 rows of 20; in five rows, 60 × 5 / 7.5 columns.
    assert "c=40,r=5," in painted(WIDE, "kitty", 80, 5).text
    assert painted(WIDE, "kitty", 80, 5).rows == 5
    assert "c=60,r=8," in painted(WIDE, "kitty", 80, 20).text


def test_kitty_gets_the_picture_in_chunks():
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", painted(SVG, "kitty", 50, 100).text)
    assert parts[0][0] == "a=T,f=100,q=2,c=50,r=55,m=1"
    assert [settings for settings, _ in parts[1:]] == ["m=1"] * (len(parts) - 2) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)
    assert b64decode("".join(data for _, data in parts)).startswith(b"\x89PNG")


def test_iterm_gets_the_picture_as_a_file():
    match = re.fullmatch(
        r"\x1b\]1337;File=inline=1;size=(\d+);width=50;height=55:([^\a]*)\a\n", painted(SVG, "iterm", 50, 100).text
    )
    assert match
    data = b64decode(match[2])
    assert (len(data), data[:4]) == (int(match[1]), b"\x89PNG")


def test_a_terminal_with_sixels_gets_sixels():
    picture = painted(SVG, "sixels", 50, 100)
    # Raster attributes: 1:1 pixels, 500 wide; of 55 rows of 20, as many as sixels fill.
    assert re.match(r'\x1bP[\d;]*q"1;1;500;1098', picture.text)
    assert picture.rows == 56
    assert picture.text.endswith("\x1b\\\n")


@pytest.mark.parametrize("kind", ["kitty", "sixels", "blocks", "dots"])
def test_what_is_no_svg_is_told(kind):
    with pytest.raises(ValueError, match="SVG"):
        painted("nothing", kind, 40, 20)
