from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_plane import COLUMN, ROW, Point, plane
from tests.analysis.drawing_checks import LONG, SVG, apart, checked, titles
from tests.analysis.synthesis_cases import HOSTILE

POINTS = [
    Point("bus", 0.5, 0.25, ROW, 30, "concordance?mot=bus"),
    Point(LONG, -0.5, 0.1, ROW, 10),
    Point("Quartier Nord", 0.4, -0.25, COLUMN, 1, "extraits?lieu=nord"),
    Point("Quartier Sud", -0.6, -0.1, COLUMN, 1),
]
anywhere = st.builds(
    Point,
    st.one_of(st.text(max_size=20), st.sampled_from([HOSTILE, LONG, "jardin"])),
    st.floats(-3, 3),
    st.floats(-3, 3),
    st.sampled_from([ROW, COLUMN]),
    st.floats(0, 500),
)


def test_points_are_in_their_place_named_and_in_the_table() -> None:
    picture = plane(POINTS, (0.412, 0.2), (1, 2))
    root = checked(picture)
    apart(root)
    assert picture.head == ("Nom", "Sorte", "Axe 1", "Axe 2")
    assert picture.rows[0] == ("bus", "mot", "0,5", "0,25")
    assert picture.rows[2] == ("Quartier Nord", "groupe", "0,4", "−0,25")
    assert f"{LONG} (mot)" in titles(root)
    assert "Axe 1 (41,2 % de l'inertie) à l'horizontale" in picture.alt
    assert "2 mots et 2 groupes (« Quartier Nord » et « Quartier Sud »)" in picture.alt
    assert "sans place" not in picture.alt
    said = "".join(root.itertext())
    assert "Axe 2 (20 % de l'inertie) →" in said
    links = [link.get("href") for link in root.iter(f"{SVG}a")]
    assert links == ["concordance?mot=bus", "extraits?lieu=nord"]


def test_right_is_positive_and_up_is_positive_with_one_unit() -> None:
    root = checked(plane([Point("a", 1, 0), Point("b", 0, 1), Point("c", -1, -1)]))
    spots = [
        (float(disc.get("cx", "0")), float(disc.get("cy", "0")))
        for disc in root.iter(f"{SVG}circle")
    ][1:]  # the first one is in the legend
    (a_x, a_y), (b_x, b_y), (c_x, c_y) = spots
    assert a_x > b_x > c_x
    assert b_y < a_y < c_y
    assert abs((a_x - b_x) - (a_y - b_y)) < 0.3


def test_rows_are_white_discs_and_columns_filled_squares() -> None:
    root = checked(plane(POINTS))
    discs, squares = list(root.iter(f"{SVG}circle")), list(root.iter(f"{SVG}rect"))
    assert len(discs) == 3
    assert all(disc.get("fill") == "#ffffff" and disc.get("stroke") for disc in discs)
    assert len([square for square in squares if square.get("fill") == "#1a1a1a"]) == 3


def test_no_point_and_points_at_the_origin() -> None:
    assert "Pas assez" in plane([]).alt
    picture = plane([Point("seul", 0, 0)])
    checked(picture)
    assert picture.rows == (("seul", "mot", "0", "0"),)


def test_group_names_come_before_word_names() -> None:
    crowd = [Point(f"mot{rank}", 0.01 * rank, 0, ROW, 100) for rank in range(200)]
    picture = plane([*crowd, Point("Nord", 1, 0, COLUMN, 0)])
    root = checked(picture)
    names = {text.text for text in root.iter(f"{SVG}text")}
    assert "Nord" in names
    left = 200 - len([name for name in names if (name or "").startswith("mot")]) + 1  # « mots »
    assert left > 0
    assert f"{left} noms sans place" in picture.alt
    assert len(picture.rows) == 201


@settings(max_examples=25, deadline=None)
@given(st.lists(anywhere, min_size=1, max_size=40))
def test_any_points_stay_inside_with_names_apart(points: list[Point]) -> None:
    picture = plane(points, (0.3, 0.2))
    root = checked(picture)
    apart(root)
    assert len(picture.rows) == len(points)
    assert len(titles(root)) == len(points)
    assert plane(points, (0.3, 0.2)).png == picture.png
