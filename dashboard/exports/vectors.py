"""A drawing made fit for where it is put: into HTML, or into a PDF by a library that draws part of SVG."""

from re import sub
from xml.etree import ElementTree

from dashboard.exports.lettering import FAMILY, legible
from dashboard.exports.pictures import SVG
from dashboard.exports.words import legal

DRAWN = frozenset(
    {"svg", "g", "path", "rect", "line", "circle", "ellipse", "polygon", "polyline", "text", "tspan", "title"}
)
"""What the PDF library draws as browsers do."""
SHAPES = DRAWN - {"svg", "g", "text", "tspan", "title"}
LINKS = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})
DEFAULT_SIZE = "11"
UNREAD = frozenset({"aria-hidden", "aria-label", "aria-roledescription", "class", "role"})
"""What nobody reads in a drawing that has words of its own, and no script."""
PLACES = frozenset({"d", "transform", "x1", "x2", "y1", "y2"})
"""What says where something is, in pixels: hundredths of them are enough."""
REFERENCES = ("clip-path", "mask", "filter", "fill", "stroke")


def inline(drawing: str, prefix: str, alt: str) -> str:
    """The drawing as part of an HTML page: without references to anything outside it.

    `prefix` keeps its names apart from those of other drawings; `alt` is what it says.
    """
    root = ElementTree.fromstring(drawing)
    for element in root.iter():
        for link in LINKS & element.attrib.keys():
            if not element.attrib[link].startswith("#"):
                del element.attrib[link]
        if "id" in element.attrib:
            element.attrib["id"] = f"{prefix}-{element.attrib['id']}"
        for name in REFERENCES:
            if name in element.attrib:
                element.attrib[name] = sub(r"url\(#", f"url(#{prefix}-", element.attrib[name])
        for name in UNREAD & element.attrib.keys():
            del element.attrib[name]
        for name in PLACES & element.attrib.keys():
            element.attrib[name] = sub(
                r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", element.attrib[name]
            )
    root.attrib |= {"role": "img", "aria-label": legal(alt)}
    text = ElementTree.tostring(root, encoding="unicode")
    return sub(r"^<svg[^>]*", lambda found: sub(r' xmlns(:\w+)?="[^"]*"', "", found[0]), text)


def printable(drawing: str) -> bytes | None:
    """The drawing as the PDF library reads it, None where it holds what that library does not draw.

    Bars with round corners get square ones: Vega cuts the corners off with a clip, which it does not draw.
    """
    root = ElementTree.fromstring(drawing)
    corners = {f"url(#{clip.get('id')})" for clip in root.iter(f"{{{SVG}}}clipPath") if is_corner(clip)}
    for parent in [*root.iter()]:
        if parent.get("clip-path") in corners:
            del parent.attrib["clip-path"]
        for child in [*parent]:
            if is_unseen(child):
                parent.remove(child)
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{SVG}}}")
        if name not in DRAWN or any(element.get(each, "").startswith("url(") for each in REFERENCES):
            return None
        if name == "line":
            for coordinate in ("x1", "y1", "x2", "y2"):
                element.attrib.setdefault(coordinate, "0")
        if name in SHAPES:
            element.attrib.setdefault("stroke", "none")
        if name in ("text", "tspan"):
            size = element.get("font-size", DEFAULT_SIZE).removesuffix("px")
            element.attrib |= {"font-family": FAMILY, "font-size": size}
            element.text = legible(element.text or "")
    return bytes(ElementTree.tostring(root))


def is_corner(clip: ElementTree.Element) -> bool:
    """Whether a clip only rounds the corners of a bar: it has curves, where that of a plot is a rectangle."""
    return all(set("AaCc") & set(path.get("d", "")) for path in clip)


def is_unseen(element: ElementTree.Element) -> bool:
    """Whether nothing is seen of an element."""
    return (
        element.get("display") == "none"
        or element.tag == f"{{{SVG}}}defs"
        or element.get("opacity") == "0"
        or (element.tag == f"{{{SVG}}}path" and not element.get("d"))
    )
