"""What every picture must hold: safe SVG, texts inside it, dark enough, a PNG of twice its size."""

from __future__ import annotations

import io
from itertools import combinations

from lxml import etree
from PIL import Image

from analysis.drawings_geometry import Box, touch, within
from analysis.lettering import SCALE, font, height_of, width_of
from analysis.pictures import Picture

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "g", "a", "title", "desc", "rect", "circle", "polygon", "polyline", "path", "text"}
LONG = "accompagnement socio-professionnel intercommunal"
SMALLEST = 15


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def checked(picture: Picture) -> etree._Element:
    """The parsed SVG of a picture that keeps every promise."""
    root = etree.fromstring(picture.svg.encode())
    linked = bool(root.findall(f".//{SVG}a"))
    assert root.get("role") == ("group" if linked else "img")
    assert root.findtext(f"{SVG}title") == picture.title
    assert root.findtext(f"{SVG}desc") == picture.alt
    assert {etree.QName(item).localname for item in root.iter()} <= TAGS
    names = {str(name) for item in root.iter() for name in item.attrib}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on") or ":" in name]
    assert all(item.tag == f"{SVG}a" for item in root.iter() if item.get("href"))
    assert all(link.findtext(f"{SVG}title") for link in root.iter(f"{SVG}a"))
    assert all(len(row) == len(picture.head) for row in picture.rows)
    wide, high = (int(side) for side in root.get("viewBox", "").split()[2:])
    for text in root.iter(f"{SVG}text"):
        assert int(text.get("font-size", "0")) >= SMALLEST
        assert within(box_of(text), (0, 0, wide, high)), text.text
        if text.get("fill") != "#ffffff":  # a letter on the fill of its mark
            assert 1.05 / (luminance(text.get("fill", "")) + 0.05) >= 7
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.size == (wide * SCALE, high * SCALE)
    return root


def box_of(text: etree._Element) -> Box:
    """The room of a text of an SVG, from the metrics of the bundled font."""
    size, said = int(text.get("font-size", "0")), text.text or ""
    rise = font(size).getmetrics()[0]
    x, y = float(text.get("x", "0")), float(text.get("y", "0")) - rise
    wide, high = float(text.get("textLength") or width_of(said, size)), height_of(size)
    if text.get("transform"):
        middle, left = y + rise, x - rise
        return left, middle - wide / 2, left + high, middle + wide / 2
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
    return left, y, left + wide, y + high


def apart(root: etree._Element) -> None:
    """No text over another one, beyond the rounding of a tenth of a pixel."""
    boxes = [box_of(text) for text in root.iter(f"{SVG}text")]
    shrunk = [(left + 1, top + 1, right - 1, bottom - 1) for left, top, right, bottom in boxes]
    for one, other in combinations(shrunk, 2):
        assert not touch(one, other)


def titles(root: etree._Element) -> list[str]:
    """What the marks say of themselves, the picture's own title left out."""
    return [item.text or "" for item in root.iter(f"{SVG}title")][1:]
