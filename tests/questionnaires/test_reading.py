"""Reading ease: syllables by rule, sentences, the index, and the report of a questionnaire."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.reading import LONGEST, Reading, read_ease, report, sentences, syllables
from tests.questionnaires.questionnaire_strategies import questionnaires

ONE = (
    "chat les très vie rue que chaque quelque langue guide trois nuit oui bien yeux style feuille "
    "joie beau bruit soient août est qu’ M"
)
TWO = (
    "quartier musée famille client créer voyage maïs pays royaume Noël accueil avaient théâtre "
    "cahier l’école quelqu’un souvent idée chaos grand-mère payer ÉCOLE D’ACCORD"
)
THREE = (
    "ouvrier réunion société oublier politique aujourd’hui lycéen c’est-à-dire oasis paysage 119"
)
FOUR = "association appartement aéroport égalité propriétaire activité tranquillité"
COUNTED = [
    (word, count)
    for count, words in enumerate((ONE, TWO, THREE, FOUR), 1)
    for word in words.split()
]

french_words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzàâéèêëîïôùûüç", min_size=1, max_size=15)
short_texts = st.lists(french_words, min_size=1, max_size=8).map(" ".join)


@pytest.mark.parametrize(("word", "count"), COUNTED)
def test_syllables_of_known_words(word: str, count: int) -> None:
    assert syllables(word) == count


@given(french_words)
def test_a_word_has_from_one_to_its_letters(word: str) -> None:
    assert 1 <= syllables(word) <= len(word)
    assert syllables(word.upper()) == syllables(word)


@given(french_words, french_words)
def test_the_parts_of_a_compound_word_add_up(one: str, two: str) -> None:
    assume(re.search("[aeéiou]", one) and re.search("[aeéiou]", two))
    assert syllables(f"{one}-{two}") == syllables(one) + syllables(two)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" … ! ", []),
        ("Un mot", ["Un mot"]),
        ("Ici ? Oui. Là…", ["Ici ?", "Oui.", "Là…"]),
        ("C’est 3.5 ans.", ["C’est 3.5 ans."]),
        ("Il dit : « Non. » Puis il part.", ["Il dit : « Non. »", "Puis il part."]),
        ("Il part (vite.) Puis revient.", ["Il part (vite.)", "Puis revient."]),
        ("Un titre\nUne ligne", ["Un titre", "Une ligne"]),
        ("كيف الحال؟ جيد.", ["كيف الحال؟", "جيد."]),
    ],
)
def test_sentences_end_where_a_reader_breathes(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.lists(short_texts, min_size=1, max_size=6), st.sampled_from([". ", " ? ", "… ", ".\n"]))
def test_sentences_come_back_as_they_were_written(written: list[str], end: str) -> None:
    assert sentences(end.join(written) + end) == [f"{text}{end.rstrip()}" for text in written]


def test_ease_is_the_published_formula() -> None:
    assert read_ease("Le chat dort.") == pytest.approx(207 - 1.015 * 3 - 73.6)
    two = "Le chat dort. La souris danse dans la maison."
    assert read_ease(two) == pytest.approx(207 - 1.015 * 9 / 2 - 73.6 * 11 / 9)
    assert read_ease("Ici, {date_fin_conservation}.") == read_ease("Ici, mot.")


def test_ease_needs_a_word() -> None:
    with pytest.raises(ValueError, match="without a word"):
        read_ease("… ?")


@given(short_texts)
def test_saying_it_twice_changes_no_ease_and_joining_lowers_it(text: str) -> None:
    twice = read_ease(f"{text}. {text}.")
    assert twice == pytest.approx(read_ease(f"{text}."))
    assert read_ease(f"{text}, {text}.") < twice


def small(label: str, choice: str) -> Questionnaire:
    question = Question(
        "gout",
        "select_one",
        {"fr": label, "ar": "كيف الحال؟"},
        hint={"fr": "Une aide."},
        choices=(Choice("a", {"fr": choice}), Choice("b", {"fr": "Non"})),
    )
    section = Section("debut", {"fr": "Un début"}, (question,))
    return Questionnaire("essai", "1", {"fr": "Essai"}, {}, "individuel", {}, {}, (section,))


def test_a_report_counts_and_says_where() -> None:
    long = " ".join(["mot"] * (LONGEST + 1))
    reading = report(small("Habitez-vous {quartier} ? Une association.", long))
    assert (reading.sentences, reading.words, reading.average) == (3, 6, 2.0)
    assert reading.longest == (long, LONGEST + 1, "gout/a")
    assert reading.too_long == (("gout/a", long, LONGEST + 1),)
    assert reading.hard == (("gout", "association"),)
    said = "Habitez-vous {quartier} ? Une association. Une aide."
    assert reading.ease == pytest.approx(read_ease(said))
    assert str(reading) == (
        f"Lecture difficile : indice {reading.ease:.0f} sur 100 environ. "
        "3 phrases, 2,0 mots par phrase en moyenne. La plus longue a 21 mots (gout/a). "
        "Phrases de plus de 20 mots : 1. Mots longs à revoir : 1."
    )


@pytest.mark.parametrize(
    ("ease", "level"),
    [(80.0, "facile"), (79.9, "ordinaire"), (59.9, "difficile"), (29.9, "très difficile")],
)
def test_the_level_follows_the_index(ease: float, level: str) -> None:
    assert str(Reading(1, 1, 1.0, ("Oui.", 1, "a"), ease, (), ())).startswith(f"Lecture {level} :")


def test_the_index_is_for_french_only() -> None:
    arabic = report(small("Oui.", "Oui"), "ar")
    assert (arabic.sentences, arabic.words, arabic.ease, arabic.hard) == (1, 2, None, ())
    assert "indice" not in str(arabic)
    assert str(report(small("Oui.", "Oui"), "en")) == "Aucune phrase à lire dans cette langue."


@given(questionnaires())
def test_any_questionnaire_can_be_measured(questionnaire: Questionnaire) -> None:
    reading = report(questionnaire)
    assert reading.longest[1] >= reading.average
    assert (reading.ease is None) == (reading.words == 0)
    assert all(words > LONGEST for _, _, words in reading.too_long)
    assert len(set(reading.hard)) == len(reading.hard)


@pytest.mark.parametrize("name", library.names())
def test_the_library_reads_easily(name: str) -> None:
    reading = report(library.load(name))
    assert reading.too_long == ()
    assert reading.ease is not None
    assert reading.ease >= 75, str(reading)
    assert len(reading.hard) <= 30, reading.hard
