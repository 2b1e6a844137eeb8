from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from analysis.canvas import Canvas, relative, without_links
from analysis.drawings_geometry import (
    OUTLINES,
    Box,
    crosses,
    dashed,
    hatched,
    number,
    outline,
    rectangle,
    touch,
    within,
)
from analysis.lettering import SCALE, Text, decimal, height_of, shorten, width_of, wrapped
from tests.analysis.drawing_checks import LONG, SVG
from tests.analysis.synthesis_cases import HOSTILE

lengths = st.floats(1, 200)


def inked(canvas: Canvas, place: tuple[float, float]) -> bool:
    """Whether the PNG is dark at a place given in SVG pixels."""
    with Image.open(io.BytesIO(canvas.png())) as image:
        point = image.convert("L").getpixel((round(place[0] * SCALE), round(place[1] * SCALE)))
    assert isinstance(point, int)
    return point < 128


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example/",
        "mailto:x",
        "a b",
        "\u202ea",
    ],
)
def test_an_address_that_leaves_the_site_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="page de ce site"):
        relative(href)
    with pytest.raises(ValueError, match="page de ce site"), Canvas(9, 9).mark("titre", href):
        pass


@pytest.mark.parametrize("href", ["concordance?mot=logement&page=2", "/a/b:c", "?mot=a:b", "#x"])
def test_an_address_of_the_site_is_kept_and_escaped(href: str) -> None:
    canvas = Canvas(100, 100)
    with canvas.mark("titre", href):
        canvas.circle(50, 50, 10)
    link = etree.fromstring(canvas.svg("x", "t", "d")).find(f"{SVG}a")
    assert link is not None
    assert link.get("href") == href


def test_links_make_a_group_and_the_kept_file_has_none() -> None:
    canvas = Canvas(200, 80)
    with canvas.mark("a & b", "c?x=1&y=2", (0, 0, 50, 50)):
        canvas.text(Text(10, 10, '<a href="x">', 15))
    svg = canvas.svg("nom", "titre", "texte")
    root = etree.fromstring(svg)
    assert root.get("role") == "group"
    assert root.get("aria-labelledby") == "nom-title"
    kept = etree.fromstring(without_links(svg))
    assert kept.get("role") == "img"
    assert kept.get("aria-labelledby") == "nom-title nom-desc"
    assert kept.find(f".//{SVG}a") is None
    assert kept.findtext(f"{SVG}g/{SVG}title") == "a & b"
    assert kept.findtext(f".//{SVG}text") == '<a href="x">'
    plain = Canvas(10, 10).svg("nom", "titre", "texte")
    assert without_links(plain) == plain


def test_the_same_shapes_are_in_both_formats() -> None:
    canvas = Canvas(300, 200)
    canvas.rect((10, 10, 60, 40))
    canvas.circle(150, 50, 20, "#12355b")
    canvas.polygon(((200, 20), (240, 20), (220, 60)), "#12355b")
    canvas.line(((10, 150), (110, 150)), width=6, dash=(20, 20))
    canvas.rect((200, 100, 280, 180), "#ffffff", "#12355b")
    for place in ((35, 25), (150, 50), (220, 30), (20, 150), (60, 150), (200, 140)):
        assert inked(canvas, place)
    for place in ((100, 25), (150, 80), (205, 55), (40, 150), (240, 140)):
        assert not inked(canvas, place)
    tags = [etree.QName(item).localname for item in etree.fromstring(canvas.svg("n", "t", "d"))]
    assert tags == ["title", "desc", "rect", "rect", "circle", "polygon", "polyline", "rect"]


def test_what_takes_the_pointer_is_not_drawn() -> None:
    canvas = Canvas(100, 100)
    with canvas.mark("titre", "x", (0, 0, 100, 100)):
        canvas.reach(((0, 50), (100, 50)))
    empty = Canvas(100, 100)
    assert canvas.png() == empty.png()


def test_a_turned_text_is_read_upwards_in_its_box() -> None:
    canvas = Canvas(60, 300)
    text = Text(20, 150, "mmmmmmmm", 15, turned=True)
    canvas.text(text)
    left, top, right, bottom = text.box()
    with Image.open(io.BytesIO(canvas.png())) as image:
        dark = image.convert("L").point(lambda level: 255 if level < 128 else 0).getbbox()
    assert dark is not None
    assert within(tuple(edge / SCALE for edge in dark), (left, top - 1, right, bottom + 1))  # type: ignore[arg-type]
    assert dark[3] - dark[1] > 2 * (dark[2] - dark[0])


def test_a_value_that_is_no_number_is_refused() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="pas un nombre"):
            number(value)
    assert [number(value) for value in (2.0, 2.04, -0.01, 3.25)] == ["2", "2", "0", "3.2"]


@given(st.text(max_size=60), st.integers(20, 400))
def test_a_shortened_text_keeps_its_room(text: str, room: int) -> None:
    said = shorten(text, 15, room)
    assert width_of(said, 15) <= room
    assert "\n" not in said
    for line in wrapped(text, 15, room, most=2):
        assert width_of(line, 15) <= room
    assert len(wrapped(text, 15, room, most=2)) <= 2


def test_a_long_name_ends_with_an_ellipsis_and_a_short_one_does_not() -> None:
    assert shorten(LONG, 15, 200).endswith("…")
    assert shorten("bus", 15, 200) == "bus"
    assert "".join(wrapped(LONG, 15, 300, most=2)).replace(" ", "") == LONG.replace(" ", "")
    assert wrapped(HOSTILE, 15, 300, most=2)[-1].endswith("…")


def test_numbers_are_written_in_french() -> None:
    said = [decimal(value) for value in (0, 12, 1234, -0.25, 0.5, 1e6, -0.001)]
    assert said == ["0", "12", "1\u202f234", "−0,25", "0,5", "1\u202f000\u202f000", "0"]
    assert decimal(2.349, 1) == "2,3"


@given(st.sampled_from(OUTLINES), st.sampled_from("/-|x+\\"), lengths, lengths, st.floats(4, 60))
def test_hatching_stays_inside_its_outline(
    kind: str, style: str, x: float, y: float, radius: float
) -> None:
    corners = outline(kind, x, y, radius)
    xs, ys = [at for at, _ in corners], [at for _, at in corners]
    bounds = min(xs) - 1e-6, min(ys) - 1e-6, max(xs) + 1e-6, max(ys) + 1e-6
    lines = hatched(corners, style)
    assert lines
    assert all(within((a, b, a, b), bounds) for line in lines for a, b in line)
    assert len(set(lines)) == len(lines)


@given(st.lists(st.tuples(lengths, lengths), min_size=2, max_size=5, unique=True))
def test_dashes_cover_their_share_of_a_line(points: list[tuple[float, float]]) -> None:
    def long(lines: list[tuple[tuple[float, float], tuple[float, float]]]) -> float:
        return sum(((a - c) ** 2 + (b - d) ** 2) ** 0.5 for (a, b), (c, d) in lines)

    whole = long(list(pairwise(points)))
    drawn = long(list(dashed(points, (6, 4))))
    rounds, rest = divmod(whole, 10)
    assert drawn == pytest.approx(6 * rounds + min(rest, 6), abs=1e-6)


@given(st.tuples(lengths, lengths), st.tuples(lengths, lengths))
def test_a_line_through_a_box_is_seen(one: tuple[float, float], two: tuple[float, float]) -> None:
    box: Box = (50, 50, 120, 90)
    steps = [rank / 400 for rank in range(401)]
    through = any(
        box[0] < one[0] + (two[0] - one[0]) * part < box[2]
        and box[1] < one[1] + (two[1] - one[1]) * part < box[3]
        for part in steps
    )
    if through:
        assert crosses((one, two), box)
    if crosses((one, two), box):
        assert touch((*map(min, one, two), *map(max, one, two)), (49, 49, 121, 91))  # type: ignore[arg-type]
    assert rectangle(box)[2] == (120, 90)
    assert height_of(15) > 15
