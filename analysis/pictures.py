"""Pictures with a text alternative: the word cloud and the bars, in SVG for the screen and PNG.

Every picture is drawn on a `canvas.Canvas`; the others are in the ``drawings_`` modules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.canvas import PALETTE, Canvas
from analysis.glyphs import drawable
from analysis.lettering import Text, height_of, shorten, width_of, wrapped
from analysis.wording import count, listing, plural

if TYPE_CHECKING:
    from analysis.lexicon import WordCount

OUTSIDE_THRESHOLD = 11
HIDDEN = f"moins de {OUTSIDE_THRESHOLD}"
MASKED = "masqué"
CLOUD, BARS = "nuage", "themes"
FEWEST_WORDS = 3
MOST_WORDS = 60
_SHARED_BY = 2  # a word that a single testimony says could point at somebody
_CLOUD = (900, 500)
_GRAIN = 2  # pixels: places are looked for in squares of that side, four times faster
_LARGEST, _SMALLEST = 108, 15


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
    address: Callable[[WordCount], str] | None = None,
) -> Picture:
    """The most frequent shared words, larger when said more often; the same words, same cloud.

    ``masked``: as `word_rows` takes it. ``address`` gives the page that each word opens.
    """
    rows = tuple(word_rows(words, masked=masked))
    shown: dict[str, WordCount] = {}
    for word in words:
        if word.testimonies >= _SHARED_BY and len(shown) < MOST_WORDS and _shape(word):
            shown.setdefault(_shape(word), word)
    if len(shown) < FEWEST_WORDS:
        alt = (
            "Pas assez de mots pour un nuage : il en faut au moins "
            f"{FEWEST_WORDS} qui reviennent dans {_SHARED_BY} témoignages."
        )
        return notice(name, title, alt)
    first = listing([f"« {word} »" for word in list(shown)[:10]], most=10)
    alt = f"Nuage de {count(len(shown), 'mot')}. Les plus fréquents sont {first}."
    head = ("Mot", "Nombre de fois", "Témoignages")
    canvas = Canvas(*_CLOUD)
    for text in _cloud({word: found.count for word, found in shown.items()}):
        if address is None:
            canvas.text(text)
            continue
        with canvas.mark(text.text, address(shown[text.text]), text.box()):
            canvas.text(text)
    return drawn(name, title, canvas, alt, head, rows)


class _Middle:
    """Takes the middle one of all the free places: nothing is left to chance."""

    def randint(self, low: int, high: int) -> int:
        return (low + high) // 2


def _cloud(sizes: dict[str, int]) -> list[Text]:
    """The largest letters with which every word finds a place."""
    for largest in range(_LARGEST, _SMALLEST, -6):
        texts = _place(sizes, largest)
        if len(texts) == len(sizes):
            break
    return texts


def _place(sizes: dict[str, int], largest: int) -> list[Text]:
    """Whole line boxes side by side; letter height grows as the square root of the count.

    Only the place finder of the wordcloud package serves: its own drawing lets letters overlap
    with a font that has tall accents.
    """
    import numpy as np
    from wordcloud.wordcloud import IntegralOccupancyMap  # heavy: only when a cloud is drawn

    width, height = (side // _GRAIN for side in _CLOUD)
    taken = np.zeros((height, width), dtype=np.uint8)
    places = IntegralOccupancyMap(height, width, None)
    most = max(sizes.values())
    texts = []
    for rank, (word, number) in enumerate(sizes.items()):
        size = max(_SMALLEST, round(largest * (number / most) ** 0.5))
        across, down = width_of(word, size), height_of(size)
        tall, wide = -(-down // _GRAIN), -(-(across + 8) // _GRAIN)
        spot = places.sample_position(tall, wide, _Middle())
        if spot is None:
            break
        top, left = int(spot[0]) + 1, int(spot[1]) + 1  # the spot is just outside the free box
        taken[top : top + tall, left : left + wide] = 1
        places.update(taken, top, left)
        colour = PALETTE[rank % len(PALETTE)]
        texts.append(Text(left * _GRAIN + 4, top * _GRAIN, word, size, colour, across))
    return texts


def bars(
    counted: Sequence[tuple[str, int]],
    total: int,
    unit: str = "témoignage",
    hrefs: Sequence[str] = (),
) -> Picture:
    """Horizontal bars by theme, in the given order; ``total`` is the campaign's number of units.

    ``hrefs`` are the pages that the bars open, in the same order.
    """
    title = f"Nombre de {unit}s par thème"
    if not counted:
        return notice(BARS, title, "Aucun thème n'a encore été codé.")
    most = max(1, *(number for _, number in counted))
    canvas = Canvas(900, 16 + 34 * len(counted))
    for rank, (label, number) in enumerate(counted):
        top, length = 10 + 34 * rank, round(420 * number / most)
        href = hrefs[rank] if hrefs else ""
        room = (0, top - 4, canvas.width, top + 30)
        with canvas.mark(f"{label} : {count(number, unit)}", href, room):
            canvas.text(Text(410, top + 4, shorten(label, 15, 400), 15, anchor="end"))
            canvas.rect((420, top, 420 + max(1, length), top + 26))
            canvas.text(Text(428 + length, top + 4, str(number), 15))
    said = listing([f"{label} : {number}" for label, number in counted], most=len(counted))
    alt = f"Sur {total} {plural(total, unit)} : {said}."
    rows = tuple((label, str(number)) for label, number in counted)
    return drawn(BARS, title, canvas, alt, ("Thème", f"{unit.capitalize()}s"), rows)


def notice(name: str, title: str, text: str) -> Picture:
    """A picture that can only say why there is nothing to show, in one or two lines."""
    canvas = Canvas(900, 80)
    for rank, line in enumerate(wrapped(text, 18, 868, most=2)):
        canvas.text(Text(16, 16 + 26 * rank, line, 18))
    return drawn(name, title, canvas, text)


def drawn(
    name: str,
    title: str,
    canvas: Canvas,
    alt: str,
    head: tuple[str, ...] = (),
    rows: tuple[tuple[str, ...], ...] = (),
) -> Picture:
    """The picture of a canvas, in both formats."""
    title, alt = drawable(title), drawable(alt)
    return Picture(name, title, canvas.svg(name, title, alt), canvas.png(), alt, head, rows)
