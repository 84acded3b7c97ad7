"""A drawing as a part of an HTML page: told in words to who does not see it, and clashing with nothing there."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
# What draws, and nothing that runs or loads something.
_DRAWS = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "style",
    "defs", "use", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "stop",
}  # fmt: skip
_LOADS = re.compile(r"@import|expression\(|(?:url\(|src\()\s*(?!['\"]?#)", re.IGNORECASE)
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
_REFERENCE = r"#{}(?![\w-])"


def inline_svg(svg: str, alt: str, name: str) -> str:
    """An SVG to stand in HTML, whose ids and styles hold within it alone: `name` is an id that nothing else has.

    What runs, and what would be loaded from elsewhere, is left out. Raises `ValueError` for what is no SVG.
    """
    try:
        if "<!" in re.sub("<!--.*?-->", "", svg, flags=re.DOTALL):
            raise ValueError("it declares a document type")
        root = ElementTree.fromstring(svg)  # noqa: S314 -- entities need a declaration
    except (ElementTree.ParseError, ValueError) as error:
        raise ValueError(f"not an SVG: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"not an SVG: it begins with {root.tag!r:.60}")
    _cleaned(root)
    _renamed(root, name)
    root.attrib.update({"id": name, "role": "img", "aria-label": alt, **_size(root)})
    root.tail = None
    return ElementTree.tostring(root, encoding="unicode")


def _cleaned(element: ElementTree.Element) -> None:
    """Take out of an element what does not draw."""
    for child in list(element):
        tag = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else ""
        if tag in _DRAWS and not (tag == "style" and _LOADS.search(child.text or "")):
            _cleaned(child)
        else:
            element.remove(child)
    element.tag = element.tag.removeprefix(_SVG)
    for attribute, value in list(element.attrib.items()):
        elsewhere = attribute in _LINKS and not value.startswith("#")
        if elsewhere or attribute.lower().startswith("on") or _LOADS.search(value):
            del element.attrib[attribute]
    for link in _LINKS[1:]:
        if link in element.attrib:
            element.set(_LINKS[0], element.attrib.pop(link))


def _renamed(root: ElementTree.Element, name: str) -> None:
    """Give ids another beginning, and have styles hold below `name` alone."""
    elements: list[ElementTree.Element] = list(root.iter())
    ids = [element.get("id", "") for element in elements if element.get("id")]

    def renamed(text: str) -> str:
        for known in ids:
            text = re.sub(_REFERENCE.format(re.escape(known)), f"#{name}-{known}", text)
        return text

    for element in elements:
        for attribute, value in element.items():
            if attribute == "id":
                element.set("id", f"{name}-{value}")
            elif attribute in _LINKS or "url(" in value:
                element.set(attribute, renamed(value))
        if element.tag == "style":
            element.text = f"#{name}{{{renamed(element.text or '')}}}"


def _size(root: ElementTree.Element) -> dict[str, str]:
    """As wide as it was drawn, and no wider than the page."""
    measures = dict(zip(("width", "height"), list(_numbers(root.get("viewBox", "")))[2:4], strict=False))
    return {**measures, "style": "max-width:100%;height:auto"}


def _numbers(text: str) -> Iterator[str]:
    return (number[0] for number in re.finditer(r"-?\d+(?:\.\d+)?", text))
