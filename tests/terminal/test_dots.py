"""A figure in the dots of Braille: lines as they are, where it is felt as every other dot, areas empty."""

import pytest

from chatbot.terminal.dots import dotted
from tests.conftest import PROJECT


def svg(*shapes, width=80, height=80):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{"".join(shapes)}</svg>'


def area(x, y, width, height, colour):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


PAPER = area(0, 0, 80, 80, "#fff")


def test_each_dot_stands_where_its_line_does():
    # Four columns of two dots are 80 units wide: a dot is 10 by 10 units. Down the second column of dots, two cells of
    # the dots 4, 5, 6 and 8; below each other, and the third row of dots of the last cell: 3 and 6.
    down = area(10, 0, 10, 80, "#20222b")
    across = area(60, 20, 20, 10, "#20222b")
    assert dotted(svg(PAPER, down, across), 4) == "\u28b8  \u2824\n\u28b8\n"


def test_an_area_is_empty_and_the_edge_of_a_thing_is_not():
    cloth, thing = area(0, 0, 80, 40, "#3d4a63"), area(0, 30, 80, 10, "#8b8478")
    # The fourth row of dots: 7 and 8.
    assert dotted(svg(PAPER, cloth, thing), 4) == "\u28c0\u28c0\u28c0\u28c0\n"


def test_where_it_is_felt_is_every_other_dot():
    felt = '<rect width="80" height="80" fill="#e8412a" fill-opacity=".42"/>'
    # In each row the left dot, then the right one: 1, 5, 3 and 8.
    assert dotted(svg(PAPER, area(0, 0, 80, 80, "#e8b48e"), felt), 4) == "\u2895\u2895\u2895\u2895\n" * 2
    assert dotted(svg(PAPER, area(0, 0, 80, 80, "#e8b48e")), 4).strip() == ""


def test_what_has_no_paper_stands_on_white_and_empty_rows_at_the_ends_go():
    line = area(0, 60, 80, 10, "#20222b")
    assert dotted(svg(line, height=120), 4) == "\u2824\u2824\u2824\u2824\n"


@pytest.mark.parametrize("columns", [40, 60])
def test_a_person_is_drawn_in_lines_and_not_as_a_silhouette(columns):
    picture = (PROJECT / "tests/data/shell-corpus/figures/lift.svg").read_text(encoding="utf-8")
    cells = dotted(picture, columns).replace("\n", "")
    dots = sum((ord(cell) - 0x2800).bit_count() for cell in cells if cell != " ")
    lines = dotted(picture, columns).splitlines()
    assert max(map(len, lines)) <= columns
    # Of the picture's dots a person who stands takes up about a quarter.
    assert 0.02 < dots / (len(lines) * columns * 8) < 0.15
