"""A drawing as a part of a page: told in words, alone with its ids and styles, and without what runs or loads."""

from xml.etree import ElementTree

import pytest

from chatbot.text.inline_svg import inline_svg
from tests.conftest import PROJECT

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 480 299.5">'


def inlined(inside, alt="A person", name="f1"):
    return ElementTree.fromstring(inline_svg(f"{HEAD}{inside}</svg>", alt, name))  # noqa: S314


def test_it_is_an_image_with_words_as_wide_as_it_was_drawn():
    written = inline_svg(f"{HEAD}</svg>\n", 'Knee < "hip" & foot', "f1")
    assert written == (
        '<svg viewBox="0 0 480 299.5" id="f1" role="img" aria-label="Knee &lt; &quot;hip&quot; &amp; foot" width="480"'
        ' height="299.5" style="max-width:100%;height:auto" />'
    )


def test_ids_and_what_refers_to_them_get_another_beginning():
    root = inlined(
        '<defs><clipPath id="a"/><clipPath id="ab"/></defs><path clip-path="url(#a)"/><use xlink:href="#ab"/>'
        '<use href="#a"/><g fill="#a0a0a0"/>'
    )
    assert [element.get("id") for element in root.iter() if element.get("id")] == ["f1", "f1-a", "f1-ab"]
    assert [use.get("href") for use in root.iter("use")] == ["#f1-ab", "#f1-a"]
    assert root.find("path").get("clip-path") == "url(#f1-a)"
    assert root.find("g").get("fill") == "#a0a0a0"


def test_styles_hold_within_it_alone():
    root = inlined("<style>.paper{fill:#fff}</style>")
    assert root.find("style").text == "#f1{.paper{fill:#fff}}"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)"><path/></a>',
        '<image href="https://example.org/x.png"/>',
        "<foreignObject><b/></foreignObject>",
        '<set attributeName="onclick" to="alert(1)"/>',
        "<style>@import 'https://example.org'</style>",
        "<style>.a{fill:url(https://example.org)}</style>",
        "<desc>words</desc>",
        "<metadata>{}</metadata>",
        '<b xmlns="http://www.w3.org/1999/xhtml"/>',
        "<!-- note -->",
    ],
)
def test_what_does_not_draw_is_left_out(inside):
    assert len(inlined(inside)) == 0


def test_what_runs_or_loads_is_no_attribute():
    root = inlined(
        '<path onclick="alert(1)" fill="url(https://example.org)" d="M0 0"/><use href="https://example.org"/>'
    )
    assert root.find("path").attrib == {"d": "M0 0"}
    assert root.find("use").attrib == {}


@pytest.mark.parametrize(
    "svg", ["", "<svg", "<svg/>", "<html/>", f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}&a;</svg>', f"{HEAD}&a;</svg>"]
)
def test_what_is_no_svg_is_told(svg):
    with pytest.raises(ValueError, match="not an SVG"):
        inline_svg(svg, "A person", "f1")


@pytest.mark.parametrize("path", sorted((PROJECT / "corpus/figures").glob("*.svg"))[::20], ids=lambda path: path.stem)
def test_our_drawings_keep_all_that_draws(path):
    svg = path.read_text(encoding="utf-8")
    drawn = inline_svg(svg, "A person", "f1")
    for tag in ("<path", "<circle", "<rect", "<text", "<g"):
        assert drawn.count(tag) == svg.count(tag)
