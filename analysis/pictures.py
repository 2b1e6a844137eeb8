"""Pictures with a text alternative: the word cloud and the bars, in SVG for the screen and PNG.

An SVG here holds no script, no style attribute (the site's security policy refuses them) and no
outside reference. PNG sizes are in pixels, twice those of the SVG, for print.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from analysis.glyphs import FONT, drawable
from analysis.wording import count, listing, plural

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

    from analysis.lexicon import WordCount

OUTSIDE_THRESHOLD = 11
HIDDEN = f"moins de {OUTSIDE_THRESHOLD}"
MASKED = "masqué"
CLOUD, BARS = "nuage", "themes"
FEWEST_WORDS = 3
MOST_WORDS = 60
_SHARED_BY = 2  # a word that a single testimony says could point at somebody
_CLOUD = (900, 500)
_LARGEST, _SMALLEST = 108, 13
_SCALE = 2
# Each is at least 7:1 on white.
PALETTE = ("#12355b", "#5b1a4c", "#0b4f3c", "#6b2d0c", "#3d2c8d", "#333333")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, what it says in words (``alt``) and as a table (``head`` and ``rows``)."""

    name: str
    title: str
    svg: str
    png: bytes
    alt: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """``x`` is the left edge and ``top`` the ascender line; ``width`` 0 leaves it free."""

    x: int
    top: int
    text: str
    size: int
    colour: str = "#1a1a1a"
    width: int = 0


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The shapes of a picture, drawn alike in SVG and PNG; all lengths in SVG pixels."""

    width: int
    height: int
    texts: list[_Text] = field(default_factory=list)
    bars: list[tuple[int, int, int, int]] = field(default_factory=list)

    def svg(self, name: str, title: str, alt: str) -> str:
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'role="img" aria-labelledby={quoteattr(f"{name}-title {name}-desc")}>',
            f"<title id={quoteattr(f'{name}-title')}>{escape(title)}</title>",
            f"<desc id={quoteattr(f'{name}-desc')}>{escape(alt)}</desc>",
            f'<rect width="{self.width}" height="{self.height}" fill="#ffffff"/>',
        ]
        for x, y, width, height in self.bars:
            box = f'x="{x}" y="{y}" width="{width}" height="{height}"'
            parts.append(f'<rect {box} fill="{PALETTE[0]}"/>')
        for text in self.texts:
            stretch = f' textLength="{text.width}"' if text.width else ""
            parts.append(
                f'<text x="{text.x}" y="{text.top + _font(text.size).getmetrics()[0]}" '
                f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="{text.size}" '
                f'fill="{text.colour}"{stretch}>{escape(text.text)}</text>'
            )
        return "".join([*parts, "</svg>"])

    def png(self) -> bytes:
        from PIL import Image, ImageDraw  # heavy: only when a picture is drawn

        image = Image.new("RGB", (self.width * _SCALE, self.height * _SCALE), "white")
        draw = ImageDraw.Draw(image)
        for x, y, width, height in self.bars:
            corners = (x, y, x + width - 1, y + height - 1)
            draw.rectangle([corner * _SCALE for corner in corners], fill=PALETTE[0])
        for text in self.texts:
            place = (text.x * _SCALE, text.top * _SCALE)
            draw.text(place, text.text, fill=text.colour, font=_font(text.size * _SCALE))
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
        return out.getvalue()


def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # heavy: only when a picture is drawn

    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


def _width(text: str, size: int) -> int:
    return round(_font(size).getlength(text))


def _shorten(text: str, size: int, room: int) -> str:
    """The text in one line, cut with « … » where it would leave its room (in pixels)."""
    text = " ".join(drawable(text).split())
    if _width(text, size) <= room:
        return text
    while text and _width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def word_rows(
    words: Sequence[WordCount], most: int = MOST_WORDS, masked: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """Word, times said, testimonies: shared words only, small counts hidden as outside tables do.

    ``words`` come most frequent first; a word keeps its most usual form. The counts of the lemmas
    ``masked`` are hidden whatever they are: they would give a smaller one away.
    """
    rows: list[tuple[str, str, str]] = []
    for word in words:
        if word.testimonies < _SHARED_BY or len(rows) >= most:
            continue
        small = HIDDEN if word.testimonies < OUTSIDE_THRESHOLD else ""
        hides = small or (MASKED if word.lemma in masked else "")
        numbers = (hides, hides) if hides else (str(word.count), str(word.testimonies))
        rows.append((_shape(word), *numbers))
    return rows


def _shape(word: WordCount) -> str:
    return " ".join(drawable(word.forms[0] if word.forms else word.lemma).split())


def word_cloud(
    words: Sequence[WordCount],
    name: str = CLOUD,
    title: str = "Nuage des mots",
    masked: Collection[str] = (),
) -> Picture:
    """The most frequent shared words, larger when said more often; the same words, same cloud.

    ``masked``: as `word_rows` takes it.
    """
    rows = tuple(word_rows(words, masked=masked))
    sizes: dict[str, int] = {}
    for word in words:
        if word.testimonies >= _SHARED_BY and len(sizes) < MOST_WORDS and _shape(word):
            sizes.setdefault(_shape(word), word.count)
    if len(sizes) < FEWEST_WORDS:
        alt = (
            "Pas assez de mots pour un nuage : il en faut au moins "
            f"{FEWEST_WORDS} qui reviennent dans {_SHARED_BY} témoignages."
        )
        return _picture(name, title, _notice(alt), alt)
    first = listing([f"« {word} »" for word in list(sizes)[:10]], most=10)
    alt = f"Nuage de {count(len(sizes), 'mot')}. Les plus fréquents sont {first}."
    head = ("Mot", "Nombre de fois", "Témoignages")
    return _picture(name, title, _cloud(sizes), alt, head, rows)


class _Middle:
    """Takes the middle one of all the free places: nothing is left to chance."""

    def randint(self, low: int, high: int) -> int:
        return (low + high) // 2


def _cloud(sizes: dict[str, int]) -> _Canvas:
    """The largest letters with which every word finds a place."""
    for largest in range(_LARGEST, _SMALLEST, -6):
        texts = _place(sizes, largest)
        if len(texts) == len(sizes):
            break
    return _Canvas(*_CLOUD, texts)


def _place(sizes: dict[str, int], largest: int) -> list[_Text]:
    """Whole line boxes side by side; letter height grows as the square root of the count.

    Only the place finder of the wordcloud package serves: its own drawing lets letters overlap
    with a font that has tall accents.
    """
    import numpy as np
    from wordcloud.wordcloud import IntegralOccupancyMap  # heavy: only when a cloud is drawn

    width, height = _CLOUD
    taken = np.zeros((height, width), dtype=np.uint8)
    places = IntegralOccupancyMap(height, width, None)
    most = max(sizes.values())
    texts = []
    for rank, (word, number) in enumerate(sizes.items()):
        size = max(_SMALLEST, round(largest * (number / most) ** 0.5))
        across, down = _width(word, size), sum(_font(size).getmetrics())
        spot = places.sample_position(down, across + 8, _Middle())
        if spot is None:
            break
        top, left = int(spot[0]) + 1, int(spot[1]) + 1  # the spot is just outside the free box
        taken[top : top + down, left : left + across + 8] = 1
        places.update(taken, top, left)
        colour = PALETTE[rank % len(PALETTE)]
        texts.append(_Text(left + 4, top, word, size, colour, across))
    return texts


def _notice(text: str) -> _Canvas:
    canvas = _Canvas(900, 80)
    canvas.texts.append(_Text(16, 28, _shorten(text, 18, 868), 18))
    return canvas


def bars(counted: Sequence[tuple[str, int]], total: int, unit: str = "témoignage") -> Picture:
    """Horizontal bars by theme, in the given order; ``total`` is the campaign's number of units."""
    title = f"Nombre de {unit}s par thème"
    if not counted:
        alt = "Aucun thème n'a encore été codé."
        return _picture(BARS, title, _notice(alt), alt)
    most = max(1, *(number for _, number in counted))
    canvas = _Canvas(900, 16 + 34 * len(counted))
    for rank, (label, number) in enumerate(counted):
        top, length = 10 + 34 * rank, round(420 * number / most)
        name = _shorten(label, 15, 400)
        canvas.texts.append(_Text(410 - _width(name, 15), top + 4, name, 15))
        canvas.bars.append((420, top, max(1, length), 26))
        canvas.texts.append(_Text(428 + length, top + 4, str(number), 15))
    said = listing([f"{label} : {number}" for label, number in counted], most=len(counted))
    alt = f"Sur {total} {plural(total, unit)} : {said}."
    rows = tuple((label, str(number)) for label, number in counted)
    return _picture(BARS, title, canvas, alt, ("Thème", f"{unit.capitalize()}s"), rows)


def _picture(
    name: str,
    title: str,
    canvas: _Canvas,
    alt: str,
    head: tuple[str, ...] = (),
    rows: tuple[tuple[str, ...], ...] = (),
) -> Picture:
    alt = drawable(alt)
    return Picture(name, title, canvas.svg(name, title, alt), canvas.png(), alt, head, rows)
