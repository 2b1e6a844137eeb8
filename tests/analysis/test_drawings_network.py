from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drawings_marks import look
from analysis.drawings_network import Edge, Node, network
from tests.analysis.drawing_checks import LONG, SVG, apart, checked, titles
from tests.analysis.synthesis_cases import HOSTILE

NODES = [
    Node("logement", 0.1, 0.2, 90, 0, "concordance?mot=logement&page=1"),
    Node("loyer", 0.3, 0.3, 40, 0, "concordance?mot=loyer"),
    Node("bus", 0.8, 0.7, 60, 1, "concordance?mot=bus"),
    Node(LONG, 0.9, 0.9, 10, 1),
]
EDGES = [Edge(0, 1, 0.5, "phrases?a=0&b=1"), Edge(2, 3, 0.25), Edge(0, 2, 0.1)]


def test_every_word_and_link_is_drawn_told_and_in_the_table() -> None:
    picture = network(NODES, EDGES)
    root = checked(picture)
    apart(root)
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == [
        "phrases?a=0&b=1",
        "concordance?mot=logement&page=1",
        "concordance?mot=loyer",
        "concordance?mot=bus",
    ]
    assert f"{LONG} : 10, groupe B" in titles(root)
    assert "logement – loyer : 0,5" in titles(root)
    assert picture.rows == (
        ("logement", "90", "A", "loyer (0,5), bus (0,1)"),
        ("bus", "60", "B", f"{LONG} (0,25), logement (0,1)"),
        ("loyer", "40", "A", "logement (0,5)"),
        (LONG, "10", "B", "bus (0,25)"),
    )
    told = f"4 mots, 3 liens, 2 groupes : A, logement et loyer ; B, bus et {LONG}."
    assert picture.alt == told


def test_links_are_thick_by_weight_and_dashed_between_groups() -> None:
    lines = checked(network(NODES, EDGES)).iter(f"{SVG}polyline")
    drawn = [line for line in lines if not line.get("opacity")]
    edges = [line for line in drawn if line.get("stroke") == "#8a8a8a"]
    assert [bool(line.get("stroke-dasharray")) for line in edges] == [True, False, False]
    widths = [float(line.get("stroke-width", "0")) for line in edges]
    assert widths == sorted(widths)
    assert widths[-1] == 8


def test_groups_differ_by_more_than_their_colour() -> None:
    looks = [look(rank) for rank in range(40)]
    assert len({(one.shape, one.hatch) for one in looks}) == 40
    assert len({one.letter for one in looks}) == 40
    shapes = {element.tag for element in checked(network(NODES, EDGES)).iter()}
    assert {f"{SVG}circle", f"{SVG}path"} <= shapes


def test_named_groups_and_a_single_group() -> None:
    named = network(NODES, EDGES, groups=("Se loger", "Se déplacer"))
    assert "2 groupes : A, Se loger ; B, Se déplacer." in named.alt
    alone = network([NODES[0], NODES[1]], EDGES[:1])
    assert alone.alt == "2 mots, 1 lien."
    assert "Trait épais" not in alone.svg


def test_nothing_to_link_is_said() -> None:
    picture = network([], [])
    checked(picture)
    assert "Pas assez de mots" in picture.alt
    assert picture.rows == ()


def test_words_at_the_same_place_are_moved_apart() -> None:
    picture = network([Node(f"mot{rank}", 0.5, 0.5, 5, 0) for rank in range(12)], [])
    root = checked(picture)
    discs = [
        (float(disc.get("cx", "0")), float(disc.get("cy", "0")))
        for disc in root.iter(f"{SVG}circle")
    ]
    assert len(set(discs)) == 12
    apart(root)


def test_the_names_left_out_are_counted() -> None:
    crowd = [Node(f"{LONG} {rank}", rank % 20, rank // 20, 5, 0) for rank in range(200)]
    picture = network(crowd, [])
    root = checked(picture)
    names = [text for text in root.iter(f"{SVG}text") if text.text != "A"]
    assert 0 < len(names) < 200
    assert f"{200 - len(names)} noms sans place" in picture.alt
    assert len(picture.rows) == 200


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.builds(
            Node,
            st.one_of(st.text(max_size=20), st.just(HOSTILE)),
            st.floats(-5, 5),
            st.floats(-5, 5),
            st.floats(0, 1000),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_any_words_anywhere_stay_text_inside_the_picture(nodes: list[Node]) -> None:
    edges = [Edge(0, rank, rank / 10) for rank in range(1, len(nodes))]
    first, second = network(nodes, edges), network(nodes, edges)
    checked(first)
    assert (first.svg, first.png) == (second.svg, second.png)
    assert len(first.rows) == len(nodes)
