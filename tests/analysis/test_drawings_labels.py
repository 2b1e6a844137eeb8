from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_geometry import Box, crosses, touch, within
from analysis.drawings_labels import Placed, Wanted, placed
from tests.analysis.drawing_checks import LONG

FIELD: Box = (0, 0, 800, 600)
points = st.builds(
    Wanted,
    text=st.sampled_from(["bus", "logement", "rendez-vous", LONG, "<script>", "👍🏽 oui"]),
    x=st.floats(20, 780),
    y=st.floats(20, 580),
    radius=st.floats(3, 20),
    weight=st.floats(0, 100),
)


def mark(one: Wanted) -> Box:
    return one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius


def smaller(box: Box) -> Box:
    return box[0] + 0.01, box[1] + 0.01, box[2] - 0.01, box[3] - 0.01


@settings(max_examples=60, deadline=None)
@given(st.lists(points, max_size=40))
def test_names_never_overlap_nor_hide_a_mark(wanted: list[Wanted]) -> None:
    found = placed(wanted, FIELD)
    assert len(found) == len(wanted)
    names = [(rank, one) for rank, one in enumerate(found) if one]
    for _, one in names:
        box = one.text.box()
        assert within(smaller(box), FIELD)
        assert not any(touch(smaller(box), mark(other)) for other in wanted)
    for (_, one), (_, other) in combinations(names, 2):
        assert not touch(smaller(one.text.box()), smaller(other.text.box()))
    for _, one in names:
        for _, other in names:
            if one.leader and one is not other:
                assert not crosses(one.leader, smaller(other.text.box()))
    assert placed(wanted, FIELD) == found


def test_a_lone_name_stands_beside_its_mark_without_a_line() -> None:
    (one,) = placed([Wanted("bus", 100, 100, 10, 1)], FIELD)
    assert one is not None
    assert one.leader is None
    assert one.text.x == 114


def test_obstacles_are_avoided_and_the_heaviest_is_placed_first() -> None:
    wall: Box = (110, 0, 800, 600)
    (one,) = placed([Wanted("bus", 100, 100, 5, 1)], FIELD, [wall])
    assert one is not None
    assert one.text.box()[2] <= 110
    narrow: Box = (0, 0, 120, 30)
    light, heavy = placed(
        [Wanted("quartier", 60, 15, 4, 1), Wanted("logement", 60, 15, 4, 2)], narrow
    )
    assert light is None
    assert heavy is None or heavy.text.text.startswith("log")


def test_a_name_too_long_for_its_room_is_cut() -> None:
    (one,) = placed([Wanted(LONG, 400, 300, 5, 1)], FIELD, room=150)
    assert isinstance(one, Placed)
    assert one.text.text.endswith("…")
