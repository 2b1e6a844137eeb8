from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_bars import HIDDEN, Series, Signed, grouped_bars, signed_bars
from tests.analysis.drawing_checks import LONG, SVG, apart, checked, titles
from tests.analysis.synthesis_cases import HOSTILE

labels = st.one_of(st.text(max_size=20), st.sampled_from([HOSTILE, LONG]))
WAVES = [
    Series("Printemps", (40.0, None), ("extraits?v=1", "extraits?v=2")),
    Series("Automne", (20.0, 0.0)),
]


def test_signed_bars_go_each_to_its_side() -> None:
    picture = signed_bars([Signed("bus", 4, "c?mot=bus"), Signed(LONG, 2.25), Signed("fête", -2)])
    root = checked(picture)
    apart(root)
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.get("fill") and not bar.get("opacity")]
    bus, long, feast = bars[1:]
    zero = float(bus.get("x", "0"))
    assert float(long.get("x", "0")) == zero
    assert float(feast.get("x", "0")) + float(feast.get("width", "0")) == pytest.approx(
        zero, abs=0.2
    )
    widths = [float(bar.get("width", "0")) for bar in (bus, long, feast)]
    assert widths[0] == pytest.approx(2 * widths[2], abs=0.2)
    assert feast.get("fill") == "#ffffff"
    assert len(list(root.iter(f"{SVG}path"))) == 1
    assert picture.rows == (("bus", "4"), (LONG, "2,25"), ("fête", "−2"))
    assert titles(root) == ["bus : 4", f"{LONG} : 2,2", "fête : −2"]
    assert picture.alt == (
        f"3 barres. En tête, plus dit ici : « bus » et « {LONG} » ; moins dit ici : « fête »."
    )


def test_one_side_alone_is_the_only_one_named() -> None:
    assert "← moins dit" not in signed_bars([Signed("a", 1)]).svg
    assert "plus dit ici →" not in signed_bars([Signed("a", -1)]).svg
    assert "Aucun mot" in signed_bars([]).alt
    assert signed_bars([Signed("a", 0)]).alt == "1 barre. En tête, aucun écart."


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="pas un nombre"):
        signed_bars([Signed("a", float("nan"))])


def test_grouped_bars_tell_series_apart_and_hide_what_is_hidden() -> None:
    picture = grouped_bars(["Logement", LONG], WAVES)
    root = checked(picture)
    apart(root)
    assert picture.head == ("Thème", "Printemps", "Automne")
    assert picture.rows == (("Logement", "40", "20"), (LONG, HIDDEN, "0"))
    bars = [bar for bar in root.iter(f"{SVG}rect") if float(bar.get("height", "0")) == 22]
    assert [float(bar.get("width", "0")) for bar in bars] == [430, 215]
    assert [bar.get("fill") for bar in bars] == ["#12355b", "#ffffff"]
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["extraits?v=1"]
    letters = [text.text for text in root.iter(f"{SVG}text") if text.text in {"A", "B"}]
    assert letters == ["A", "B", "A", "B", "A", "B"]
    assert "Logement, Printemps : 40 témoignages" in titles(root)
    assert f"{LONG}, Printemps : {HIDDEN}" in titles(root)
    assert picture.alt.startswith("Nombre de témoignages. Logement, Printemps 40, Automne 20 ; ")


def test_series_of_another_length_are_refused_and_nothing_is_said() -> None:
    with pytest.raises(ValueError, match="une valeur à chaque"):
        grouped_bars(["a", "b"], [Series("x", (1.0,))])
    assert "Rien à comparer" in grouped_bars([], []).alt


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(Signed, labels, st.floats(-400, 400)), min_size=1, max_size=15))
def test_any_signed_values_stay_inside(values: list[Signed]) -> None:
    picture = signed_bars(values, (LONG, HOSTILE))
    root = checked(picture)
    apart(root)
    assert len(picture.rows) == len(values) == len(titles(root))
    assert signed_bars(values, (LONG, HOSTILE)).png == picture.png


@settings(max_examples=25, deadline=None)
@given(
    st.lists(labels, min_size=1, max_size=5),
    st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=15, max_size=15),
    st.integers(1, 3),
)
def test_any_series_stay_inside(names: list[str], values: list[float | None], waves: int) -> None:
    series = [
        Series(f"{LONG} {wave}", tuple(values[wave * 5 : wave * 5 + len(names)]))
        for wave in range(waves)
    ]
    picture = grouped_bars(names, series, hidden=HOSTILE)
    root = checked(picture)
    apart(root)
    assert len(picture.rows) == len(names)
    assert len(titles(root)) == len(names) * (1 + waves)
