"""Letters on a picture: the bundled font, its measures, a line of text in SVG and in PNG.

Lengths are SVG pixels; the PNG is ``SCALE`` times larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from analysis.drawings_geometry import Box, number
from analysis.glyphs import FONT, drawable

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SCALE = 2
INK, WHITE = "#1a1a1a", "#ffffff"
_HALO = 2
_THIN = "\u202f"


@lru_cache(maxsize=64)
def font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # heavy: only when a picture is drawn

    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, size: int) -> int:
    return round(font(size).getlength(text))


def height_of(size: int) -> int:
    """The height of a line, from its ascender line to its descender line."""
    return sum(font(size).getmetrics())


def decimal(value: float, digits: int = 2) -> str:
    """A number as French writes it: « 1 234 », « −0,25 »; no zero at the end of a decimal."""
    written = f"{value:,.{digits}f}".replace(",", _THIN)
    whole, _, part = written.partition(".")
    part = part.rstrip("0")
    said = f"{whole},{part}" if part else whole
    return "0" if said == "-0" else said.replace("-", "−")


def one_line(text: str) -> str:
    return " ".join(drawable(text).split())


def shorten(text: str, size: int, room: float) -> str:
    """The text in one line, cut with « … » where it would leave its room (in pixels)."""
    text = one_line(text)
    if width_of(text, size) <= room:
        return text
    text = text[: int(room)]  # no letter is thinner than a pixel
    while text and width_of(f"{text.rstrip()}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, size: int, room: float, most: int) -> list[str]:
    """The text in at most ``most`` lines, the last one cut with « … » where there is more."""
    words, lines = one_line(text).split(), [""]
    while words:
        longer = f"{lines[-1]} {words[0]}".strip()
        if width_of(longer, size) <= room:
            lines[-1] = longer
            words.pop(0)
        elif len(lines) == most or not lines[-1]:
            lines[-1] = shorten(" ".join([lines[-1], *words]), size, room)
            break
        else:
            lines.append("")
    return lines


@dataclass(frozen=True, slots=True)
class Text:
    """``x`` is the edge or the middle that ``anchor`` says, ``top`` the ascender line.

    ``width`` 0 leaves the width free. ``turned`` reads upwards: ``x`` is then the ascender line
    and ``top`` the middle of the text.
    """

    x: float
    top: float
    text: str
    size: int
    colour: str = INK
    width: int = 0
    anchor: str = "start"
    halo: bool = False
    turned: bool = False

    def box(self) -> Box:
        """The place of the line, whatever its letters."""
        wide, high = width_of(self.text, self.size), height_of(self.size)
        if self.turned:
            return self.x, self.top - wide / 2, self.x + high, self.top + wide / 2
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": float(wide)}[self.anchor]
        return left, self.top, left + wide, self.top + high

    def svg(self) -> str:
        rise = font(self.size).getmetrics()[0]
        x, y = (self.x + rise, self.top) if self.turned else (self.x, self.top + rise)
        more = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        more += f' textLength="{self.width}"' if self.width else ""
        more += f' transform="rotate(-90 {number(x)} {number(y)})"' if self.turned else ""
        if self.halo:
            more += f' stroke="{WHITE}" stroke-width="{2 * _HALO}" paint-order="stroke"'
            more += ' stroke-linejoin="round"'
        return (
            f'<text x="{number(x)}" y="{number(y)}" '
            f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="{self.size}" '
            f'fill="{self.colour}"{more}>{escape(self.text)}</text>'
        )

    def draw(self, image: Image, brush: ImageDraw) -> None:
        left, top = (round(edge * SCALE) for edge in self.box()[:2])
        letters = font(self.size * SCALE)
        if self.turned:
            image.paste(self.colour, (left, top), self._upwards(letters))
            return
        halo = _HALO * SCALE if self.halo else 0
        place = (left, top)
        brush.text(place, self.text, self.colour, letters, stroke_width=halo, stroke_fill=WHITE)

    def _upwards(self, letters: FreeTypeFont) -> Image:
        """The letters alone, in white on black, read upwards."""
        from PIL import Image, ImageDraw  # heavy: only when a picture is drawn

        wide, high = round(letters.getlength(self.text)), sum(letters.getmetrics())
        mask = Image.new("L", (wide, high), 0)
        ImageDraw.Draw(mask).text((0, 0), self.text, 255, letters)
        return mask.transpose(Image.Transpose.ROTATE_90)
