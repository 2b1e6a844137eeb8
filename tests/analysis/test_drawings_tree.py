from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_tree import Branch, Leaf, dendrogram
from tests.analysis.drawing_checks import LONG, SVG, apart, checked, titles
from tests.analysis.synthesis_cases import HOSTILE

LEFT = Branch(0.5, Leaf("Classe 1", 80, ("logement", "loyer"), "classe?n=1"), Leaf("Classe 2", 40))
TREE = Branch(1.0, LEFT, Leaf("Classe 3", 20, ("bus", LONG)))
leaves = st.builds(
    Leaf,
    st.one_of(st.text(max_size=30), st.just(HOSTILE)),
    st.integers(0, 5000),
    st.lists(st.one_of(st.just(LONG), st.text(max_size=15)), max_size=12).map(tuple),
)
trees = st.recursive(
    leaves,
    lambda inside: st.builds(Branch, st.floats(0, 10), inside, inside),
    max_leaves=9,
)


def leaves_of(tree: Branch | Leaf) -> int:
    return 1 if isinstance(tree, Leaf) else leaves_of(tree.left) + leaves_of(tree.right)


def test_classes_have_their_bar_number_words_and_page() -> None:
    picture = dendrogram(TREE, unclassified=10)
    root = checked(picture)
    apart(root)
    assert picture.head == ("Classe", "Segments", "Mots")
    assert picture.rows == (
        ("Classe 1", "80", "logement, loyer"),
        ("Classe 2", "40", ""),
        ("Classe 3", "20", f"bus, {LONG}"),
        ("Non classés", "10", ""),
    )
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["classe?n=1"]
    assert titles(root)[0] == "Classe 1 : 80 segments. logement, loyer"
    assert picture.alt.startswith("150 segments, 3 classes : Classe 1, 80, logement et loyer ; ")
    assert picture.alt.endswith("10 segments hors des classes.")
    assert "%" not in picture.svg + picture.alt


def test_bars_are_in_proportion_and_tell_classes_apart() -> None:
    root = checked(dendrogram(TREE))
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.get("stroke")]
    assert [float(bar.get("width", "0")) for bar in bars] == [360, 180, 90]
    assert len({path.get("d") for path in root.iter(f"{SVG}path")}) == 2
    assert [bar.get("fill") for bar in bars] == ["#12355b", "#ffffff", "#ffffff"]


def test_shares_are_only_written_when_asked() -> None:
    picture = dendrogram(TREE, unclassified=60, shares=True)
    assert [row[2] for row in picture.rows] == ["40 %", "20 %", "10 %", "30 %"]
    assert picture.head == ("Classe", "Segments", "Part", "Mots")
    assert "80 segments – 40 %" in "".join(checked(picture).itertext())


def test_a_branch_is_left_of_those_it_holds_whatever_their_heights() -> None:
    odd = Branch(0.1, Branch(5.0, Leaf("a", 1), Leaf("b", 1)), Leaf("c", 1))
    lines = [
        line.get("points", "").split() for line in checked(dendrogram(odd)).iter(f"{SVG}polyline")
    ]
    upright = [float(line[0]) for line in lines if line[0] == line[2]]
    inner, outer = upright
    assert outer == 16
    assert inner > outer
    flat = [(float(line[0]), float(line[2])) for line in lines if line[0] != line[2]]
    assert all(start < end for start, end in flat)


def test_no_tree_says_why() -> None:
    picture = dendrogram(None, why="Moins de 200 extraits : pas de classes.")
    checked(picture)
    assert picture.alt == "Moins de 200 extraits : pas de classes."
    assert "Moins de 200" in picture.svg


@settings(max_examples=25, deadline=None)
@given(trees, st.integers(0, 100))
def test_any_tree_stays_inside_and_has_a_row_per_class(tree: Branch | Leaf, rest: int) -> None:
    picture = dendrogram(tree, rest, shares=True)
    root = checked(picture)
    apart(root)
    assert len(picture.rows) == leaves_of(tree) + bool(rest) == len(titles(root))
    assert dendrogram(tree, rest, shares=True).svg == picture.svg
