"""Who is not heard: figures read from a table, groups found in the answers, small numbers kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import load
from analysis.corpus import Campaign, Corpus, Meeting, Neighbourhood, Testimony
from analysis.crossings import crossings
from analysis.listened import ENOUGH, FEW, MASKED, MORE, NOBODY, Listened, Profile, listened
from analysis.listened_csv import FiguresError, Reference, read_reference
from analysis.listened_groups import answers_of, bounds, question_of

TITLES = {
    "genre": ("Genre", {"femme": "une femme", "homme": "un homme"}),
    "age": (
        "Âge",
        {
            "15_17": "15 à 17 ans",
            "18_24": "18 à 24 ans",
            "25_59": "25 à 59 ans",
            "60": "60 et plus",
        },
    ),
}
HEAD = "indicateur;source;annee;perimetre;groupe;part;effectif\n"
THRESHOLD = 5


def table(*rows: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def corpus(answers: dict[str, int], question: str = "genre", places: int = 1) -> Corpus:
    """So many testimonies for each answer (``""``: unsaid), in one meeting a neighbourhood."""
    codes = [f"QP0{rank}" for rank in range(1, places + 1)]
    meetings = tuple(Meeting(code, code, "écoute", code, date(2026, 3, 2)) for code in codes)
    said = [answer for answer, count in answers.items() for _ in range(count)]
    people = tuple(
        Testimony(
            f"t{rank}",
            rank + 1,
            codes[rank % places],
            codes[rank % places],
            "Bonjour.",
            profile={question: answer} if answer else {},
        )
        for rank, answer in enumerate(said)
    )
    held = tuple(Neighbourhood(code, f"Quartier {code}", "2024") for code in codes)
    return Corpus(Campaign("c", "C", neighbourhoods=held), meetings, people)


def seen(whole: Corpus, *rows: str, threshold: int = THRESHOLD) -> Listened:
    found = crossings(whole, load(), threshold)
    figures = read_reference(table(*rows)) if rows else ()
    return listened(whole, found, TITLES, figures, threshold=threshold)


def only(found: Listened, question: str = "genre") -> Profile:
    (profile,) = (one for one in found.profiles if one.question == question)
    return profile


def words_of(profile: Profile) -> dict[str, str]:
    return {group.label: group.words for group in profile.groups}


def test_a_group_heard_less_than_it_lives_here_is_said_so_in_words() -> None:
    rows = ("Genre;Insee;2021;QP01;Femmes;53,5;", "Genre;Insee;2021;QP01;Hommes;46,5;")
    profile = only(seen(corpus({"femme": 32, "homme": 8}), *rows))
    assert words_of(profile) == {
        "Femmes": MORE,
        "Hommes": "bien moins présents ici que dans le quartier",
    }
    shares = {group.label: group.share for group in profile.groups}
    assert shares == {"Femmes": 80, "Hommes": 20}
    assert profile.sentence == ""


def test_a_group_that_nobody_said_to_be_of_comes_first_and_is_named() -> None:
    rows = ("Genre;Insee;2021;QP01;Femmes;53;", "Genre;Insee;2021;QP01;Hommes;47;")
    profile = only(seen(corpus({"femme": 40}), *rows))
    first = profile.groups[0]
    assert (first.label, first.nobody, first.words) == ("Hommes", True, NOBODY)
    assert profile.sentence == "Genre : personne n'a donné pour réponse « Hommes »."


@pytest.mark.parametrize("count", [10, ENOUGH - 1])
def test_no_percentage_and_no_gap_under_thirty(count: int) -> None:
    rows = ("Genre;Insee;2021;QP01;Femmes;10;", "Genre;Insee;2021;QP01;Hommes;90;")
    profile = only(seen(corpus({"femme": count}), *rows))
    assert {group.share for group in profile.groups} == {None}
    assert words_of(profile)["Femmes"] == FEW


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_a_small_number_is_never_shown(women: int, men: int, unsaid: int) -> None:
    """What is shown of a group holds at least the threshold, or nobody at all."""
    whole = corpus({"femme": women, "homme": men, "": unsaid})
    for profile in seen(whole).profiles:
        heard = [group.heard for group in profile.groups] + [profile.unsaid]
        told = [item.testimonies for item in heard if item is not None]
        assert all(number == 0 or number >= THRESHOLD for number in told)
        masked = [group.words == MASKED for group in profile.groups]
        assert masked == [group.heard is None for group in profile.groups]


def test_each_neighbourhood_has_its_own_figures_and_their_sum_is_the_campaign_s() -> None:
    rows = (
        "Genre;Insee;2021;QP01;Femmes;;600",
        "Genre;Insee;2021;QP01;Hommes;;400",
        "Genre;Insee;2021;QP02;Femmes;;500",
        "Genre;Insee;2021;QP02;Hommes;;500",
    )
    found = seen(corpus({"femme": 40, "homme": 40}, places=2), *rows)
    by_place = {profile.place: profile for profile in found.profiles}
    assert set(by_place) == {"", "QP01", "QP02"}
    shares = {
        group.label: group.reference.share for group in by_place[""].groups if group.reference
    }
    assert shares == {"Femmes": 55, "Hommes": 45}
    assert by_place["QP01"].place_label == "Quartier QP01"


def test_figures_that_stand_beside_nothing_are_told_with_the_reason() -> None:
    rows = (
        "Genre;Insee;2021;QP09;Femmes;50;",
        "Revenus;Insee;2021;QP01;Bas;50;",
        "Genre;Insee;2016;QP01;Femmes;51;",
        "Genre;Insee;2021;QP01;Femmes;52;",
    )
    found = seen(corpus({"femme": 40}), *rows)
    reasons = [reason for _, reason in found.not_compared]
    assert len(reasons) == 3
    assert any("n'est pas un quartier" in reason for reason in reasons)
    assert any("aucune réponse recueillie" in reason for reason in reasons)
    assert any("plus récent" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (("Genre;Insee;21;QP01;Femmes;50;",), "Ligne 2 : « 21 » n'est pas une année."),
        (("Genre;Insee;2021;QP01;Femmes;150;",), "Ligne 2 : « 150 » n'est pas une part"),
        (("Genre;Insee;2021;QP01;Femmes;;-3",), "Ligne 2 : « -3 » n'est pas un nombre"),
        (("Genre;Insee;2021;QP01;;50;",), "la case « groupe » est vide"),
        (("Genre;Insee;2021;QP01;Femmes;;",), "il manque la part ou l'effectif"),
        (("Genre;Insee;2021;QP01;Femmes;50",), "elle a 6 cases, il en faut 7"),
        (
            ("Genre;Insee;2021;QP01;Femmes;50;", "Genre;Insee;2021;QP01;femmes;40;"),
            "Ligne 3 : le groupe « femmes » est déjà à la ligne 2.",
        ),
        (
            ("Genre;Insee;2021;QP01;Femmes;60;", "Genre;Insee;2021;QP01;Hommes;60;"),
            "plus que l'ensemble",
        ),
        ((), "n'a aucun chiffre"),
    ],
)
def test_a_bad_line_is_named(rows: tuple[str, ...], told: str) -> None:
    with pytest.raises(FiguresError, match=told.replace("(", r"\(")):
        read_reference(table(*rows))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_encodings_delimiters_and_decimal_commas(encoding: str, delimiter: str) -> None:
    said = table("Âge;Insee;2021;qp01;60 ans et plus;21,5 %;").decode().replace(";", delimiter)
    (row,) = read_reference(said.encode(encoding))
    assert (row.indicator, row.perimeter, row.share, row.line) == ("Âge", "QP01", 21.5, 2)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_shares_worked_out_from_numbers_add_up(people: list[int]) -> None:
    rows = [f"Âge;Insee;2021;QP01;groupe {rank};;{count}" for rank, count in enumerate(people)]
    shares = [row.share for row in read_reference(table(*rows))]
    if sum(people):
        assert sum(share for share in shares if share is not None) == pytest.approx(100)
    else:
        assert set(shares) == {None}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_line(data: bytes) -> None:
    rows: tuple[Reference, ...] = ()
    told = ""
    try:
        rows = read_reference(data)
    except FiguresError as refusal:
        told = str(refusal)
    assert rows or told.startswith("Ligne ")


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("moins de 15 ans", (0, 14)),
        ("15 à 24 ans", (15, 24)),
        ("75 ans et plus", (75, 1_000)),
        ("Femmes", None),
    ],
)
def test_bounds_are_read_in_the_words(label: str, wanted: tuple[int, int] | None) -> None:
    assert bounds(label) == wanted


def test_a_group_is_found_by_name_or_by_the_answers_that_tile_it() -> None:
    age = TITLES["age"][1]

    def group(label: str, *answers: str) -> Reference:
        return Reference("Âge", "Insee", 2021, "QP01", label, 10.0, answers=answers)

    assert answers_of(group("15 à 24 ans"), age) == ("15_17", "18_24")
    assert answers_of(group("15 à 30 ans"), age) == ()
    assert answers_of(group("jeunes", "15_17", "18_24"), age) == ("15_17", "18_24")
    assert answers_of(group("jeunes", "15_17", "inconnu"), age) == ()
    assert answers_of(group("60 ans et plus"), age) == ("60",)
    assert question_of("sexe", TITLES) == "genre"
    assert question_of("tranches d’âge", TITLES) == "age"
    assert question_of("revenu", TITLES) is None


@pytest.mark.parametrize(
    "more", ["Âge;Insee;2021;{};Ensemble;;1000", "Âge;Insee;2021;{};moins de 15 ans;;500"]
)
def test_a_campaign_s_share_counts_everybody_of_its_neighbourhoods(more: str) -> None:
    """Groups that the questionnaire does not ask for still live there."""
    rows = [
        row.format(place)
        for place in ("QP01", "QP02")
        for row in (
            "Âge;Insee;2021;{};15 à 24 ans;;100",
            "Âge;Insee;2021;{};25 à 59 ans;;400",
            more,
        )
    ]
    found = seen(corpus({"18_24": 40, "25_59": 40}, question="age", places=2), *rows)
    (whole,) = (profile for profile in found.profiles if not profile.place)
    shares = {group.label: group.reference.share for group in whole.groups if group.reference}
    assert shares["15 à 24 ans"] == pytest.approx(10)
    assert shares["25 à 59 ans"] == pytest.approx(40)
