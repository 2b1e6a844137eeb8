"""The shapes of a picture, drawn alike in SVG for the screen and in PNG for print.

An SVG here holds no script, no style attribute (the site's security policy refuses them) and no
outside reference; its links are relative. PNG sizes are in pixels, twice those of the SVG.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from analysis.drawings_geometry import (
    Box,
    Point,
    Segment,
    dashed,
    hatched,
    number,
    outline,
    rectangle,
)
from analysis.glyphs import drawable
from analysis.lettering import INK, SCALE, WHITE, Text, one_line

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_SMOOTH = 2  # shapes are drawn larger still, then reduced: slanted lines without steps
# Each is at least 7:1 on white.
PALETTE = ("#12355b", "#5b1a4c", "#0b4f3c", "#6b2d0c", "#3d2c8d", "#333333")
GREY = "#4a4a4a"
# A group is named by its title, so that its links follow soon; an image says all it shows.
_IMAGE = 'role="img" aria-labelledby="{0}-title {0}-desc"'
_GROUP = 'role="group" aria-labelledby="{0}-title" aria-describedby="{0}-desc"'
_GROUPED = re.compile('role="group" aria-labelledby="([^"]*)-title" aria-describedby="[^"]*"')
_SCHEME = re.compile("[a-z][a-z0-9+.-]*:", re.I)
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"\s]")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def relative(href: str) -> str:
    """The address of a mark, once sure that it stays on this site; ValueError otherwise."""
    if (
        _SCHEME.match(href)
        or href.startswith("//")
        or _UNFIT.search(href)
        or href != drawable(href)
    ):
        raise ValueError(f"Une image ne mène qu'à une page de ce site, pas à « {href} ».")
    return href


def without_links(svg: str) -> str:
    """The same picture for a file kept outside the site: its marks lead nowhere, as one image."""
    closed = re.sub('<a href="[^"]*">', "<g>", svg).replace("</a>", "</g>")
    return _GROUPED.sub(lambda found: _IMAGE.format(found[1]), closed, count=1)


@dataclass(frozen=True, slots=True)
class Shape:
    """A disc (``radius``), a closed outline, or a line; ``unseen`` ones only take the pointer."""

    points: tuple[Point, ...]
    radius: float = 0
    closed: bool = True
    fill: str = ""
    stroke: str = ""
    width: float = 1.5
    dash: tuple[float, ...] = ()
    hatch: tuple[Segment, ...] = ()
    unseen: bool = False

    def svg(self) -> str:
        paint = f' fill="{self.fill or "none"}"'
        if self.stroke:
            paint += f' stroke="{self.stroke}" stroke-width="{number(self.width)}"'
            paint += f' stroke-dasharray="{" ".join(map(number, self.dash))}"' if self.dash else ""
        paint += ' opacity="0"' if self.unseen else ""
        path = ""
        if self.hatch:
            steps = "".join(f"M{_pair(one)}L{_pair(two)}" for one, two in self.hatch)
            path = f'<path d="{steps}" fill="none" stroke="{self.stroke}" stroke-width="1.5"/>'
        return f"<{self._element()}{paint}/>{path}"

    def _element(self) -> str:
        x, y = self.points[0]
        if self.radius:
            return f'circle cx="{number(x)}" cy="{number(y)}" r="{number(self.radius)}"'
        to_x, to_y = self.points[2 % len(self.points)]
        upright = self.closed and x <= to_x and y <= to_y
        if upright and self.points == rectangle((x, y, to_x, to_y)):
            sides = f'width="{number(to_x - x)}" height="{number(to_y - y)}"'
            return f'rect x="{number(x)}" y="{number(y)}" {sides}'
        joined = " ".join(map(_pair, self.points))
        return f'{"polygon" if self.closed else "polyline"} points="{joined}"'

    def draw(self, brush: ImageDraw) -> None:
        """On a surface ``SCALE * _SMOOTH`` times larger; edges are shared as SVG shares them."""
        zoom = SCALE * _SMOOTH
        places = [(x * zoom, y * zoom) for x, y in self.points]
        if self.radius:
            (x, y), reach = places[0], (self.radius + bool(self.stroke) * self.width / 2) * zoom
            edge = round(self.width * zoom)
            disc = (x - reach, y - reach, x + reach, y + reach)
            brush.ellipse(disc, self.fill or None, self.stroke or None, edge)
        elif self.fill and self._element().startswith("rect"):
            (x, y), (to_x, to_y) = places[0], places[2]
            brush.rectangle((x, y, max(x, to_x - 1), max(y, to_y - 1)), self.fill)
        elif self.fill:
            brush.polygon(places, self.fill)
        for one, two in self.hatch:
            ends = [(x * zoom, y * zoom) for x, y in (one, two)]
            brush.line(ends, self.stroke, round(1.5 * zoom))
        if self.stroke and not self.radius:
            self._edge(brush, [*places, *places[:2]] if self.closed else places, zoom)

    def _edge(self, brush: ImageDraw, places: list[Point], zoom: int) -> None:
        wide = round(self.width * zoom)
        if not self.dash:
            brush.line(places, self.stroke, wide, joint="curve")
            return
        for ends in dashed(places, [length * zoom for length in self.dash]):
            brush.line(ends, self.stroke, wide)


@dataclass(frozen=True, slots=True)
class Canvas:
    """What is drawn, in order; a text element is the opening or the end of a mark."""

    width: int
    height: int
    items: list[Shape | Text | str] = field(default_factory=list)

    @contextmanager
    def mark(self, title: str, href: str = "", room: Box | None = None) -> Iterator[None]:
        """What is drawn inside is one mark, told in full by its title, and leads to ``href``.

        ``room``: where the pointer follows the link, beyond what is drawn.
        """
        said = f"<title>{escape(one_line(title))}</title>"
        tag = "a" if href else "g"
        self.items.append(f"<a href={quoteattr(relative(href))}>{said}" if href else f"<g>{said}")
        if href and room:
            self.items.append(Shape(rectangle(room), fill=WHITE, unseen=True))
        yield
        self.items.append(f"</{tag}>")

    def rect(self, box: Box, fill: str = PALETTE[0], stroke: str = "", hatch: str = "") -> None:
        """Filled, or in white with the hatching ``hatch`` in the colour of its edge."""
        self.polygon(rectangle(box), fill, stroke, hatch)

    def polygon(
        self, points: Sequence[Point], fill: str = "", stroke: str = "", hatch: str = ""
    ) -> None:
        lines = hatched(points, hatch)
        self.items.append(Shape(tuple(points), fill=fill, stroke=stroke, hatch=lines))

    def circle(
        self, x: float, y: float, radius: float, fill: str = "", stroke: str = "", hatch: str = ""
    ) -> None:
        lines = hatched(outline("circle", x, y, radius), hatch)
        self.items.append(Shape(((x, y),), radius, fill=fill, stroke=stroke, hatch=lines))

    def line(
        self,
        points: Sequence[Point],
        stroke: str = INK,
        width: float = 1.5,
        dash: tuple[float, ...] = (),
    ) -> None:
        shape = Shape(tuple(points), closed=False, stroke=stroke, width=width, dash=dash)
        self.items.append(shape)

    def reach(self, points: Sequence[Point], width: float = 12) -> None:
        """Room for the pointer along a thin line; not drawn."""
        line = Shape(tuple(points), closed=False, stroke=WHITE, width=width, unseen=True)
        self.items.append(line)

    def text(self, text: Text) -> None:
        self.items.append(text)

    def svg(self, name: str, title: str, alt: str) -> str:
        """One image for a screen reader, or a group once some marks are links."""
        linked = any(isinstance(item, str) and item.startswith("<a ") for item in self.items)
        label, told = quoteattr(f"{name}-title"), quoteattr(f"{name}-desc")
        role = (_GROUP if linked else _IMAGE).format(escape(name, {'"': "&quot;"}))
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f"{role}>",
            f"<title id={label}>{escape(title)}</title><desc id={told}>{escape(alt)}</desc>",
            f'<rect width="{self.width}" height="{self.height}" fill="{WHITE}"/>',
        ]
        parts += [item if isinstance(item, str) else item.svg() for item in self.items]
        return "".join([*parts, "</svg>"])

    def png(self) -> bytes:
        from PIL import Image, ImageDraw  # heavy: only when a picture is drawn

        shapes = [item for item in self.items if isinstance(item, Shape) and not item.unseen]
        zoom = SCALE * _SMOOTH if shapes else SCALE
        image = Image.new("RGB", (self.width * zoom, self.height * zoom), WHITE)
        brush = ImageDraw.Draw(image)
        for shape in shapes:
            shape.draw(brush)
        if shapes:
            image = image.reduce(_SMOOTH)
            brush = ImageDraw.Draw(image)
        for item in self.items:
            if isinstance(item, Text):
                item.draw(image, brush)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=3)  # half the time, a third more bytes
        return out.getvalue()
