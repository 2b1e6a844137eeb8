from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_curve import Step, curve
from tests.analysis.drawing_checks import LONG, SVG, apart, checked, titles
from tests.analysis.synthesis_cases import HOSTILE

STEPS = [
    Step("Marché du 3 mars", 4, 3.5, "rencontre?n=1"),
    Step("Atelier", 6, 5.25),
    Step(LONG, 6, 6.0),
]


def test_meetings_are_points_with_what_is_new() -> None:
    picture = curve(STEPS)
    root = checked(picture)
    apart(root)
    assert picture.rows == (
        ("1", "Marché du 3 mars", "4", "4", "3,5"),
        ("2", "Atelier", "6", "2", "5,2"),
        ("3", LONG, "6", "0", "6"),
    )
    assert picture.alt == (
        "Thèmes entendus au moins une fois : 6 après 3 rencontres. "
        "Les derniers nouveaux viennent à la rencontre 2."
    )
    assert titles(root) == ["1, Marché du 3 mars : 4", "2, Atelier : 6", f"3, {LONG} : 6"]
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["rencontre?n=1"]


def test_observed_is_full_and_expected_dashed() -> None:
    root = checked(curve(STEPS))
    wide = [line for line in root.iter(f"{SVG}polyline") if line.get("stroke-width") != "1"]
    curves = [line for line in wide if len(line.get("points", "").split()) == 6]
    assert [bool(line.get("stroke-dasharray")) for line in curves] == [True, False]
    heights = [float(place) for place in curves[1].get("points", "").split()[1::2]]
    assert heights[0] > heights[1] == heights[2]


def test_without_expected_values_their_column_and_line_are_left_out() -> None:
    picture = curve([Step("a", 1), Step("b", 2)])
    assert picture.head == ("Rang", "Rencontre", "En tout", "Nouveaux")
    assert "Attendu" not in picture.svg
    assert "stroke-dasharray" not in picture.svg


def test_no_meeting_and_one_meeting_and_nothing_heard() -> None:
    assert "Aucune rencontre" in curve([]).alt
    one = curve([Step("seule", 3)])
    checked(one)
    assert one.rows == (("1", "seule", "3", "3"),)
    nothing = curve([Step("a", 0, 0.0), Step("b", 0, 0.0)])
    checked(nothing)
    assert nothing.alt.endswith("0 après 2 rencontres.")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.one_of(st.text(max_size=20), st.just(HOSTILE))),
        min_size=1,
        max_size=120,
    )
)
def test_any_number_of_meetings_stays_readable(said: list[tuple[int, str]]) -> None:
    steps, total = [], 0
    for number, label in said:
        total += number
        steps.append(Step(label, total, total * 0.9))
    picture = curve(steps, across=HOSTILE, upwards=LONG * 5)
    root = checked(picture)
    apart(root)
    assert len(picture.rows) == len(steps) == len(titles(root))
    assert sum(int(row[3]) for row in picture.rows) == total
    again = curve(steps, across=HOSTILE, upwards=LONG * 5)
    assert (again.svg, again.png) == (picture.svg, picture.png)
