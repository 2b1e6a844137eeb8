"""The corpus for IRaMuTeQ, read again by a small parser of our own: nothing is misread."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import Testimony
from analysis.export import iramuteq

HOSTILE = (
    "**** *age_9 faux texte\n-*theme_faux\n*etoile _rire_ l’ascenseur « en panne » ; 50 % "
    "— dit-il… [PRÉNOM 1] et [courriel masqué] œuvre\u00a0: 3 € = $x\u202e"
)


def read_again(corpus: str) -> list[tuple[dict[str, str], list[str]]]:
    """Each text as IRaMuTeQ's manual says: variables by name, then the lines of words."""
    texts: list[tuple[dict[str, str], list[str]]] = []
    for line in corpus.split("\n"):
        if line.startswith("****"):
            stars = line.split()[1:]
            assert all(re.fullmatch("[*][a-z0-9]+_[a-z0-9]+", star) for star in stars)
            pairs = [star[1:].split("_") for star in stars]
            assert len({name for name, _ in pairs}) == len(pairs)
            texts.append((dict(pairs), []))
        elif line:
            texts[-1][1].append(line)
    return texts


def told(number: int, text: str) -> Testimony:
    return Testimony(f"t{number}", number, "m", "", text)


def test_hostile_words_stay_words() -> None:
    written = iramuteq.write([told(12, HOSTILE)], {"quartier": {"t12": "Les Halles"}})
    assert written == (
        "**** *temoignage_12 *quartier_leshalles\n"
        "age 9 faux texte theme faux etoile rire l'ascenseur en panne ; 50 dit-il... "
        "prénom_1 et courriel_masqué oeuvre : 3 euros = x\n"
    )


def test_a_masked_passage_is_one_word_of_its_own() -> None:
    text = "Avec [PRÉNOM 1], l’[NOM 2]. a[LIEU 3]b [NOM 4][NOM 5]"
    assert iramuteq.plain(text) == "Avec prénom_1, l'nom_2. a lieu_3 b nom_4 nom_5"


def test_a_question_may_be_called_as_our_own_variable() -> None:
    written = iramuteq.write([told(3, "Le bus.")], {"témoignage": {}, "temoignage": {"t3": "oui"}})
    assert written.startswith("**** *temoignage_3 *temoignage2_autre *temoignage3_oui\n")


def test_what_is_not_told_is_other_and_values_never_merge() -> None:
    people = [told(number, "Le bus.") for number in range(1, 5)]
    ages = {"t1": "25-39", "t2": "25 39", "t3": "Autre"}
    found = read_again(iramuteq.write(people, {"Âge": ages, "age": {"t1": "!"}}))
    assert [one["age"] for one, _ in found] == ["2539" + "2", "2539", "autre2", "autre"]
    assert [one["age2"] for one, _ in found] == ["x", "autre", "autre", "autre"]


@given(
    st.lists(st.text(max_size=60), max_size=6),
    st.dictionaries(
        st.text(max_size=8),
        st.dictionaries(st.integers(1, 6), st.text(max_size=8), max_size=6),
        max_size=4,
    ),
)
def test_every_testimony_is_read_again_with_every_variable(
    texts: list[str], variables: dict[str, dict[int, str]]
) -> None:
    people = [told(number, text) for number, text in enumerate(texts, start=1)]
    given_names = {
        name: {f"t{key}": value for key, value in held.items()} for name, held in variables.items()
    }
    found = read_again(iramuteq.write(people, given_names))
    assert [one["temoignage"] for one, _ in found] == [str(person.number) for person in people]
    assert all(len(one) == 1 + len(variables) for one, _ in found)
    for rank, held in enumerate(given_names.values()):
        read = [list(one.values())[1 + rank] for one, _ in found]
        said = [held.get(person.id, iramuteq.OTHER) for person in people]
        assert len(set(zip(said, read, strict=True))) == len(set(said)) == len(set(read))
    for (_, lines), person in zip(found, people, strict=True):
        assert lines == ([iramuteq.plain(person.text)] if iramuteq.plain(person.text) else [])


@given(st.text())
def test_no_sign_of_the_format_is_left_in_the_words(text: str) -> None:
    words = iramuteq.plain(text)
    assert not set('*’\n\r\t"') & set(words)
    assert not any(word.startswith(("_", "-*")) or word.endswith("_") for word in words.split())
    assert words == " ".join(words.split())
