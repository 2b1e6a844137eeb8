"""Changes of a grid: each code goes somewhere or is retired; codings follow, and come back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook_compare as compare
from analysis.codebook import Codebook, CodebookError, load
from analysis.codebook_changes import apply, compose, from_dict, mapping, next_name, to_dict
from analysis.codebook_moves import COUNTS, MERGED, RETIRED, Coded, backward, forward
from analysis.codebook_steps import Change

BOOK = load()
PART = {"label": "Nouveau", "definition": "Nouvelle définition."}


def split(code: str, *names: str) -> Change:
    return Change("split", code=code, parts=tuple({"code": name, **PART} for name in names))


CHANGES = (
    split("LOG1", "LOG8", "LOG9"),
    Change("merge", code="CAD1", codes=("CAD2", "MOB1")),
    Change("move", code="LOG7", theme="SAN", target="SAN8"),
    Change("rename", code="EMP", target="TRV"),
    Change("rename", code="EDU1", target="EDU20"),
    Change("retire", code="ECO"),
    Change("texts", code="LIE1", texts={"label": "Entre voisins", "lemmas": ["voisin"]}),
    Change("texts", code="HOR", texts={"label": "Autre sujet"}),
    Change("add", theme="LIE", parts=({"code": "LIE30", **PART, "lemmas": ["fête"]},)),
    Change("add_theme", parts=({"code": "NUM", **PART, "include": "", "exclude": ""},)),
    Change("place", code="NUM", target="cohesion_sociale"),
    Change(
        "grouping",
        code="local",
        texts={"label": "Local"},
        parts=({"id": "urgent", "label": "Urgent", "themes": ["LOG", "NUM"]},),
    ),
)
AFTER = apply(BOOK, CHANGES)


def test_each_gesture_does_what_its_name_says() -> None:
    assert [code.code for code in AFTER.theme("LOG").codes][:2] == ["LOG8", "LOG9"]
    assert "LOG7" not in AFTER
    assert AFTER.theme_of("SAN8").code == "SAN"  # type: ignore[union-attr]
    assert AFTER.code("SAN8").label == BOOK.code("LOG7").label
    assert set(AFTER.code("CAD1").lemmas) >= set(BOOK.code("MOB1").lemmas)
    assert AFTER.theme_of("EMP1").code == "TRV"  # type: ignore[union-attr]
    assert "ECO1" not in AFTER
    assert (AFTER.code("LIE1").label, AFTER.code("LIE1").lemmas) == ("Entre voisins", ("voisin",))
    assert AFTER.code("HOR").label == "Autre sujet"
    assert AFTER.theme("NUM").pillar == "cohesion_sociale"


def test_every_theme_is_in_one_pillar_at_most_and_renamed_ones_stay_in_theirs() -> None:
    pillars = next(item for item in AFTER.groupings if item.id == "piliers_2015")
    placed = Counter(name for group in pillars.groups for name in group.themes)
    assert set(placed.values()) == {1}
    assert {name: g.id for g in pillars.groups for name in g.themes} == {
        theme.code: theme.pillar for theme in AFTER.themes if theme.pillar
    }
    assert "TRV" in placed
    assert "ECO" not in placed


def test_a_theme_in_two_groups_is_refused() -> None:
    groups = tuple({"id": name, "label": name, "themes": ["LOG"]} for name in "ab")
    twice = Change("grouping", code="local", texts={"label": "Local"}, parts=groups)
    with pytest.raises(CodebookError, match="« LOG » a déjà sa place"):
        apply(BOOK, [twice])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (split("LOG1", "LOG8"), "deux codes au moins"),
        (split("LOG1", "LOG8", "LOG2"), "« LOG2 » a déjà servi"),
        (split("LOG", "LOX", "LOY"), "est un thème"),
        (split("HOR", "LOX", "LOY"), "codes de relecture"),
        (split("XYZ", "LOX", "LOY"), "n'existe pas"),
        (Change("rename", code="LOG1", target="LOG1"), "a déjà servi"),
        (Change("rename", code="LOG1", target="log 1"), "forme inattendue"),
        (Change("merge", code="LOG1", codes=("LOG1",)), "au moins un autre code"),
        (Change("merge", code="LOG1", codes=("CAD",)), "est un thème"),
        (Change("move", code="LOG1", theme="LOG", target="LOG8"), "déjà dans le thème"),
        (Change("retire", code="INC"), "codes de relecture"),
        (Change("place", code="LOG", target="ailleurs"), "n’existe pas"),
        (Change("texts", code="LOG1", texts={"label": "  "}), "texte non vide"),
        (Change("grouping", code="piliers_2015", texts={"label": "x"}), "piliers ne changent pas"),
        (Change("explode", code="LOG1"), "n’est pas connu"),
    ],
)
def test_what_cannot_be_is_refused_in_french(change: Change, words: str) -> None:
    with pytest.raises(CodebookError, match=words):
        apply(BOOK, [change])


def test_a_name_that_has_served_never_comes_back() -> None:
    gone = [Change("retire", code="LOG1"), Change("rename", code="LOG2", target="LOG1")]
    with pytest.raises(CodebookError, match="a déjà servi"):
        apply(BOOK, gone)
    with pytest.raises(CodebookError, match="a déjà servi"):
        apply(BOOK, [Change("rename", code="LOG2", target="LOG55")], used={"LOG55"})
    assert next_name(BOOK, "LOG", {"LOG8"}) == "LOG9"


def test_changes_survive_json_and_are_told() -> None:
    assert [from_dict(to_dict(change)) for change in CHANGES[:6]] == list(CHANGES[:6])
    again = apply(BOOK, [from_dict(to_dict(change)) for change in CHANGES])
    assert again == AFTER


def test_versions_are_compared_and_numbered() -> None:
    become = mapping(BOOK, CHANGES)
    told = compare.differences(BOOK, AFTER, become)
    for words in (
        "LOG1 « État du logement » est divisé en LOG8 et LOG9.",
        "CAD2, MOB1 et CAD1 ne font plus qu’un : CAD1.",
        f"ECO1 « {BOOK.code('ECO1').label} » est retiré.",
        "NUM « Nouveau » est nouveau.",
        "Les textes de LIE1 changent : libellé et mots.",
        "SAN8 passe du thème LOG au thème SAN.",
        "Le regroupement « Local » est ajouté.",
    ):
        assert words in told, words
    assert [line for line in told if line.startswith("Les textes de CAD1")] == [
        "Les textes de CAD1 changent : mots."
    ]
    assert not any("EMP1" in line for line in told), "a renamed theme does not move its codes"
    assert compare.proposed("1.0.0", BOOK, AFTER, become) == "2.0.0"
    more = apply(BOOK, [CHANGES[8]])
    assert compare.proposed("1.0.9", BOOK, more, mapping(BOOK, [CHANGES[8]])) == "1.1.0"
    words_only = apply(BOOK, [CHANGES[6]])
    assert compare.proposed("1.0.9", BOOK, words_only, mapping(BOOK, [CHANGES[6]])) == "1.0.10"
    assert compare.differences(BOOK, BOOK, mapping(BOOK, [])) == []


NAMES = [code.code for code in BOOK.all_codes() if code.theme not in {"", code.code}]


@st.composite
def changes(draw: st.DrawFn) -> tuple[Codebook, list[Change]]:
    """A few splits, merges, renames, moves and retirements that can follow one another."""
    book, made = BOOK, []
    for number in range(draw(st.integers(1, 6))):
        codes = [c.code for c in book.all_codes() if c.theme not in {"", c.code}]
        code = draw(st.sampled_from(codes[:12]))
        theme = draw(st.sampled_from([t.code for t in book.themes]))
        fresh = [f"NEW{number}{rank}" for rank in range(3)]
        change = draw(
            st.sampled_from(
                [
                    split(code, *fresh[: draw(st.integers(2, 3))]),
                    Change("merge", code=code, codes=(draw(st.sampled_from(codes[:12])),)),
                    Change("rename", code=code, target=fresh[0]),
                    Change("move", code=code, theme=theme, target=fresh[0]),
                    Change("retire", code=code),
                ]
            )
        )
        try:
            after = apply(BOOK, [*made, change])
        except CodebookError:
            continue
        book, made = after, [*made, change]
    return book, made


codings = st.lists(
    st.tuples(
        st.sampled_from("pqr"),
        st.sampled_from(NAMES[:12]),
        st.sampled_from([COUNTS, COUNTS, "undone"]),
    ),
    max_size=25,
    unique_by=lambda item: item[:2],
).map(
    lambda items: [
        Coded(str(rank), place, code, state, {"n": str(rank)})
        for rank, (place, code, state) in enumerate(items)
    ]
)


@given(changes())
@settings(max_examples=40, deadline=None)
def test_every_old_code_leads_to_codes_that_exist_or_is_retired(
    told: tuple[Codebook, list[Change]],
) -> None:
    after, made = told
    become = mapping(BOOK, made)
    assert set(become) == {code.code for code in BOOK.all_codes()}
    assert all(name in after for names in become.values() for name in names)
    reached = {name for names in become.values() for name in names}
    assert reached == {code.code for code in after.all_codes()}
    half = len(made) // 2
    middle = apply(BOOK, made[:half])
    assert compose(mapping(BOOK, made[:half]), mapping(middle, made[half:])) == become


@given(changes(), codings)
@settings(max_examples=80, deadline=None)
def test_codings_follow_and_all_come_back(
    told: tuple[Codebook, list[Change]], before: list[Coded]
) -> None:
    after, made = told
    become = mapping(BOOK, made)
    moves = forward(before, become)
    moved = {move.after.id: move.after for move in moves}
    now = [moved.get(coded.id, coded) for coded in before]
    assert len({(c.place, c.code) for c in now}) == len(now), "a place bears a code once"
    counted = {(c.place, c.code) for c in now if c.state == COUNTS}
    assert all(code in after for _, code in counted)
    expected = {
        (c.place, become[c.code][0]) for c in before if c.state == COUNTS and become[c.code]
    }
    assert counted == expected
    back, lost = backward(now, moves, (), become)
    restored = {move.after.id: move.after for move in back}
    assert lost == []
    assert [restored.get(coded.id, coded) for coded in now] == before


def test_a_merge_keeps_one_coding_and_a_split_waits() -> None:
    become = mapping(BOOK, CHANGES)
    before = [
        Coded("1", "p", "CAD1", "undone"),
        Coded("2", "p", "CAD2", facets={"tonalite": "négative"}),
        Coded("3", "p", "MOB1"),
        Coded("4", "p", "LOG1"),
        Coded("5", "p", "ECO1"),
        Coded("6", "q", "LIE1"),
    ]
    after = {move.after.id: move for move in forward(before, become)}
    assert (after["1"].after.code, after["1"].after.state) == ("CAD1", COUNTS)
    assert after["1"].after.facets == {"tonalite": "négative"}
    assert {after["2"].after.state, after["3"].after.state} == {MERGED}
    assert (after["4"].after.code, after["4"].share) == ("LOG8", ("LOG8", "LOG9"))
    assert after["5"].after.state == RETIRED
    assert "6" not in after


def test_what_was_coded_since_follows_back_or_is_named() -> None:
    become = mapping(BOOK, CHANGES)
    before = [Coded("1", "p", "LOG1")]
    moves = forward(before, become)
    now = [
        moves[0].after,
        Coded("2", "q", "LOG9"),
        Coded("3", "p", "LOG9"),
        Coded("4", "q", "NUM"),
        Coded("5", "q", "LIE2"),
        Coded("6", "r", "LOG8"),
    ]
    back, lost = backward(now, moves, {"6"}, become)
    restored = {move.after.id: move.after for move in back}
    assert (restored["1"].code, restored["2"].code) == ("LOG1", "LOG1")
    assert restored["3"] == replace(now[2], state=MERGED), "the place has its LOG1 back already"
    assert restored["6"].state == MERGED
    assert [coded.code for coded in lost] == ["NUM"]
    assert "5" not in restored


def test_what_a_coder_took_off_since_stays_off() -> None:
    become = mapping(BOOK, CHANGES)
    moves = forward([Coded("1", "p", "LOG1")], become)
    back, _ = backward([replace(moves[0].after, state="undone")], moves, (), become)
    assert (back[0].after.code, back[0].after.state) == ("LOG1", "undone")
